"""Nothing that is uploaded touches the disk."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from lib.ui.serve import uploads

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

    from lib.pictures.archive import MAX_TOTAL_BYTES, MAX_ZIP_MB

    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["maxUploadSize"] == MAX_ZIP_MB
    assert MAX_ZIP_MB << 20 > MAX_TOTAL_BYTES * 1.02  # pictures that do not shrink, and the zip's own words


def test_a_refused_file_gives_its_memory_back_and_is_still_named(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = MemoryUploadedFileManager("/upload")
    record = UploadedFileRec("a", "film.mp4", "video/mp4", bytes(20_000_000))
    manager.add_file("me", record)
    file = UploadedFile(record, FileURLs())
    context = SimpleNamespace(uploaded_file_mgr=manager, session_id="me")
    monkeypatch.setattr(uploads, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr("streamlit.session_state", {})
    assert uploads.refused(file) is None
    uploads.refuse(file, "too large")
    assert uploads.refused(file) == "too large"
    assert (file.getvalue(), file.size, file.name) == (b"", 20_000_000, "film.mp4")
    (kept,) = manager.get_files("me", ["a"])
    assert (kept.name, kept.data) == ("film.mp4", b"")


class Door:
    """The budget in front of a route that keeps what it is sent, as Streamlit's does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.manager = MemoryUploadedFileManager("/upload")
        monkeypatch.setattr(uploads, "Runtime", SimpleNamespace(instance=lambda: self._runtime()))
        self.budget = uploads.UploadBudget(self._route)
        self.passed = 0

    def _runtime(self) -> SimpleNamespace:
        return SimpleNamespace(uploaded_file_mgr=self.manager)

    async def _route(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002
        self.passed += 1
        await asyncio.sleep(0)
        if scope["path"].startswith("/_stcore/upload_file/"):
            _, _, _, session, file_id = scope["path"].split("/")
            size = int(dict(scope["headers"])[b"content-length"])
            self.manager.add_file(session, UploadedFileRec(file_id, file_id, "", bytes(size)))
        await send({"type": "http.response.start", "status": 204})

    async def send(self, session: str, file_id: str, length: str | None, method: str = "PUT") -> int:
        sent: list[Any] = []

        async def keep(message: Any) -> None:
            sent.append(message)

        headers = [] if length is None else [(b"content-length", length.encode("latin-1"))]
        path = f"/_stcore/upload_file/{session}/{file_id}"
        await self.budget({"type": "http", "method": method, "path": path, "headers": headers}, None, keep)  # type: ignore[arg-type]
        return int(sent[0]["status"])


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    for name, most in (("MOST_BYTES_EACH", 100), ("MOST_FILES_EACH", 3), ("MOST_BYTES", 250)):
        monkeypatch.setattr(uploads, name, most)
    return Door(monkeypatch)


def test_uploads_have_a_budget_by_tab_and_in_all(door: Door) -> None:
    async def upload() -> None:
        assert await door.send("a", "1", "60") == 204
        assert await door.send("a", "2", "41") == 413
        assert await door.send("a", "2", "40") == 204
        assert await door.send("a", "3", "0") == 204
        assert await door.send("a", "4", "0") == 413  # the fourth file
        assert await door.send("b", "1", "100") == 204
        assert await door.send("c", "1", "51") == 413  # everybody together
        assert await door.send("c", "1", "50") == 204
        door.manager.remove_session_files("b")
        assert await door.send("d", "1", "100") == 204
        assert not door.budget._coming

    asyncio.run(upload())


def test_what_is_under_way_counts_and_a_length_has_to_be_said(door: Door) -> None:
    async def upload() -> None:
        assert sorted(await asyncio.gather(*(door.send("a", str(n), "60") for n in range(5)))) == [204] + [413] * 4
        for length in (None, "", "-1", "1e3", "0x1", "²", "9" * 50):
            assert await door.send("b", "1", length) == 411
        passed = door.passed
        assert await door.send("b", "1", "9999", method="OPTIONS") == 204  # not an upload
        assert door.passed == passed + 1

    asyncio.run(upload())
