"""Where turns are computed: what the environment may ask for, and what is refused in a sentence."""

import ssl
import stat

import pytest

from lib import cli
from lib.runs.places import Thread, choice, connecting, place_from_environment
from lib.runs.places.trust import NAMES
from lib.runs.places.worker import about_me, differences


@pytest.fixture
def folder(tmp_path):
    """A folder with certificates, made by the command."""
    assert cli.main(["certificates", str(tmp_path / "certificates")]) == 0
    return tmp_path / "certificates"


def test_nothing_asked_for_is_the_thread():
    place = place_from_environment(3)
    assert isinstance(place, Thread)
    assert (place.slots, place.workers, place.machines, place.note) == (3, 3, 1, None)


@pytest.mark.parametrize(
    "address", ["somewhere", "tls://", "tls://host", "http://host:80", "tls://host:port", "ssh://x:1"]
)
def test_an_address_that_is_none_is_refused(monkeypatch, address):
    monkeypatch.setenv(choice.WHERE, address)
    with pytest.raises(ValueError, match="GLASSHOUSE_CLUSTER is"):
        place_from_environment(1)


@pytest.mark.parametrize("host", ["10.0.0.7", "class.example", "0.0.0.0", "[2001:db8::1]", "127.0.0.1.example"])
def test_plain_connections_to_other_machines_have_to_be_asked_for_twice(monkeypatch, host):
    with pytest.raises(ValueError, match="can run code"):
        connecting.security_for(f"tcp://{host}:8786")
    monkeypatch.setenv(connecting.PLAIN, "yes")
    with pytest.raises(ValueError, match="can run code"):
        connecting.security_for(f"tcp://{host}:8786")
    monkeypatch.setenv(connecting.PLAIN, connecting.PLAIN_WORDS)
    assert connecting.security_for(f"tcp://{host}:8786") is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_connections_to_this_machine_are_fine(host):
    assert connecting.security_for(f"tcp://{host}:8786") is None


def test_encrypted_connections_need_certificates(monkeypatch, folder, tmp_path):
    for text in ("", str(tmp_path)):
        monkeypatch.setenv(connecting.CERTIFICATES, text)
        with pytest.raises(ValueError, match="needs certificates"):
            connecting.security_for("tls://10.0.0.7:8786")
    monkeypatch.setenv(connecting.CERTIFICATES, str(folder))
    security = connecting.security_for("tls://10.0.0.7:8786")
    assert security.require_encryption
    context = security.get_connection_args("client")["ssl_context"]
    assert context.verify_mode == ssl.CERT_REQUIRED


def test_certificates_are_made_once_and_the_key_is_its_owners(folder, capsys):
    assert all((folder / name).is_file() for name in NAMES)
    assert stat.S_IMODE((folder / NAMES[2]).stat().st_mode) == 0o600
    before = (folder / NAMES[0]).read_bytes()
    assert cli.main(["certificates", str(folder)]) == 2
    assert "there already" in capsys.readouterr().err
    assert (folder / NAMES[0]).read_bytes() == before


def test_other_versions_are_named():
    mine = about_me()["versions"]
    assert differences(mine, dict(mine)) == ""
    assert differences(mine, mine | {"torch": "1.0"}) == f"torch 1.0 and not {mine['torch']}"
    assert differences(mine, {}).startswith("Glasshouse none and not ")
