"""Nothing that is uploaded touches the disk."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from lib.ui import uploads

ROOT = Path(__file__).parents[2]


def uploaded(data: bytes) -> UploadFile:
    """The file as Streamlit's own route gets it."""

    async def body() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
        for start in range(0, len(data), 65_536):
            yield data[start : start + 65_536]
        yield b"\r\n--x--\r\n"

    parser = MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=x"}), body())
    file = asyncio.run(parser.parse())["file"]
    assert isinstance(file, UploadFile)
    return file


def test_large_uploads_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes(3_000_000)
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1_000_000)
    with uploaded(data).file as file:
        assert file._rolled  # what Starlette does by itself: a temporary file
    uploads.keep_in_memory()
    with uploaded(data).file as file:
        assert not file._rolled
        assert file.read() == data


def test_the_app_sees_to_that_before_it_serves() -> None:
    code = "import app, sys; from starlette.formparsers import MultiPartParser as parser\n"
    code += "print(parser.spool_max_size == sys.maxsize)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_the_server_s_own_copy_can_be_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    for name in "ab":
        manager.add_file("me", UploadedFileRec(file_id=name, name=name, type="", data=b"1234"))
    context = SimpleNamespace(uploaded_file_mgr=manager, session_id="me")
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    uploads.let_go([SimpleNamespace(file_id="a")])
    assert [file.file_id for file in manager.get_files("me", ["a", "b"])] == ["b"]


def test_streamlit_lets_in_what_is_promised_and_no_more() -> None:
    import tomllib

    from lib.data.archive import MAX_TOTAL_BYTES, MAX_ZIP_MB

    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == MAX_ZIP_MB
    assert MAX_ZIP_MB << 20 > MAX_TOTAL_BYTES * 1.02  # pictures that do not shrink, and the zip's own words
