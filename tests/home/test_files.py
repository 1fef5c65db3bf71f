"""Files of the home: written whole, a secret by one process alone."""

import stat
import threading
from pathlib import Path

import pytest

from lib.home.files import PART, write_secret, write_whole


def test_a_secret_is_never_written_over_and_its_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "secret"
    write_secret(path, b"first")
    write_secret(path, b"second")
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_draft_that_a_killed_process_left_is_in_nobody_s_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.home.files.os.getpid", lambda: 7)
    for write in (write_secret, write_whole):
        path = tmp_path / write.__name__
        path.with_name(f"{path.name}.7.{threading.get_ident()}{PART}").write_bytes(b"half")
        write(path, b"whole")
        assert path.read_bytes() == b"whole"
    assert len(list(tmp_path.iterdir())) == 2
