"""A newcomer's first `make run`: a clean copy, no environment, an empty pip cache; and Glasshouse answers."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.served import complaints_in, free_port

ROOT = Path(__file__).parents[1]


@pytest.mark.soak
def test_a_clean_copy_with_an_empty_pip_cache_runs(tmp_path: Path) -> None:
    copy, log, port = tmp_path / "copy", tmp_path / "log", free_port()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    environment = os.environ | {"PIP_CACHE_DIR": str(tmp_path / "pip"), "GLASSHOUSE_HOME": str(tmp_path / "home")}
    command = ["make", "run", f"PORT={port}", f"PYTHON={sys.executable}"]
    with log.open("wb") as said:
        made = subprocess.Popen(command, cwd=copy, env=environment, stdout=said, stderr=said, start_new_session=True)
    try:
        assert _answers(f"http://127.0.0.1:{port}/_stcore/health", made, 1_800), log.read_text(encoding="utf-8")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(made.pid, signal.SIGTERM)  # make, and what it started; the group is this test's own
        made.wait(60)
    assert any((copy / ".venv").glob("lib/python3.*/site-packages/torch"))
    assert complaints_in(log.read_text(encoding="utf-8"), forgive=("make:", "Error 1")) == []


def _answers(url: str, process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return True
        time.sleep(1)
    return False
