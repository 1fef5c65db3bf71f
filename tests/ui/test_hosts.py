"""Which names the server answers to, and how many files it may open."""

import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lib.ui.serve import descriptors, hosts

ROOT = Path(__file__).parents[2]
LOOPBACK = ["localhost", "localhost:8501", "LOCALHOST", "127.0.0.1:8501", "127.1.2.3", "[::1]:8501", "localhost.:80"]
ELSEWHERE = ["192.168.1.7:8501", "10.0.0.4", "[fe80::1]:8501"]
STRANGE = [
    *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8501", "evillocalhost"),
    *("", " ", "localhost@evil.example", "localhost/..", "localhost:port", "a b", "localhost\n", "[::1", "::1", "ä.de"),
    *("localhost,evil.example", "x" * 300, "[evil.example]", "0x7f000001", "http://localhost"),
]


def own_names() -> list[str]:
    short = socket.gethostname().partition(".")[0]
    return [socket.gethostname(), f"{short}.local:8501", short.upper()]


@pytest.mark.parametrize("bound_to", ["127.0.0.1", "localhost", "::1"])
def test_a_server_for_this_machine_is_called_by_loopback_names(bound_to: str) -> None:
    assert all(hosts.is_known(name, bound_to) for name in LOOPBACK)
    assert not any(hosts.is_known(name, bound_to) for name in [*ELSEWHERE, *STRANGE])


@pytest.mark.parametrize("bound_to", ["0.0.0.0", "192.168.1.7", None, ""])
def test_a_classroom_is_also_called_by_addresses_and_the_machine_s_name(bound_to: str | None) -> None:
    assert all(hosts.is_known(name, bound_to) for name in [*LOOPBACK, *ELSEWHERE, *own_names()])
    assert not any(hosts.is_known(name, bound_to) for name in STRANGE)


def test_other_names_can_be_added() -> None:
    added = " glass.school.example, *.lab.example ,"
    for name in ("glass.school.example", "GLASS.school.example:443", "a.lab.example", "a.b.lab.example"):
        assert hosts.is_known(name, "127.0.0.1", added)
    for name in ("lab.example", "evillab.example", "x.glass.school.example", ""):
        assert not hosts.is_known(name, "127.0.0.1", added)
    assert hosts.is_known("anything.example", "127.0.0.1", "*")
    assert not hosts.is_known(None, None, "*")


def limited(soft: int, hard: int, code: str) -> "subprocess.CompletedProcess[str]":
    """Run `code` in a process that may open so many files."""
    begin = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
    return subprocess.run([sys.executable, "-c", begin + code], cwd=ROOT, capture_output=True, text=True, check=True)


RAISE = "from lib.ui.serve import descriptors as d; most = d.raise_limit(); d.say_if_few(most); print(most)"


def test_the_limit_of_a_mac_s_shell_is_raised() -> None:
    hard = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 4_096)
    done = limited(256, hard, RAISE)
    assert done.stdout.strip() == str(hard)
    assert done.stderr == ""


def test_too_few_files_are_said() -> None:
    done = limited(200, 256, RAISE)
    assert done.stdout.strip() == "256"
    assert done.stderr.startswith("Only 256 files may be open at once here: enough for about 21 open pages.")


def test_a_system_that_refuses_the_most_gets_less(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(_what: int, limits: tuple[int, int]) -> None:
        asked.append(limits[0])
        if limits[0] > 10_240:
            raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert descriptors.raise_limit() == 10_240
    assert asked == [65_536, 10_240]
