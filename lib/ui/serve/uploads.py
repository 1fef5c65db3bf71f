"""What people upload stays in memory, within a budget: no file of theirs is written to disk, not even for a moment."""

import re
import sys
from collections import Counter
from collections.abc import Iterable

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from lib.classroom import the_room
from lib.ui.serve.browser import owner_of
from lib.ui.words import preferred, say_in

MOST_BYTES_EACH = 220_000_000  # of one tab: two zips as large as they may be
MOST_FILES_EACH = 1_200  # of one tab
MOST_BYTES = 800_000_000  # of everybody

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+/?")
_REFUSED = "refused-uploads"


def keep_in_memory() -> None:
    """Stop Starlette from moving uploads above 1 MB to a temporary file while they come in.

    How large one may be stays limited by `server.maxUploadSize`. Called once, before the server takes requests.
    """
    MultiPartParser.spool_max_size = sys.maxsize


def let_go(files: Iterable[UploadedFile]) -> None:
    """Drop the server's own copy of uploaded files: it would keep them for as long as the page is open."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def refuse(file: UploadedFile, reason: str) -> None:
    """Give back the memory of a file that is not used; it stays in its uploader's list, and `refused` says why."""
    st.session_state.setdefault(_REFUSED, {})[file.file_id] = reason
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        empty = UploadedFileRec(file.file_id, file.name, file.type, b"")
        context.uploaded_file_mgr.add_file(context.session_id, empty)
    file.seek(0)
    file.truncate()


def refused(file: UploadedFile) -> str | None:
    """Why a file was not used, if so."""
    reason: str | None = st.session_state.get(_REFUSED, {}).get(file.file_id)
    return reason


class UploadBudget:
    """Take in no more than this machine has room for: by tab, in bytes and number, and of everybody together."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._coming: Counter[str] = Counter()  # bytes under way, by session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what fits; nothing of the rest is read."""
        found = _UPLOAD.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        if not _is_allowed(HTTPConnection(scope)):
            said = say_in(preferred(HTTPConnection(scope).headers), "class_bar.not_allowed")
            await PlainTextResponse(f"{said}\n", 403)(scope, receive, send)
            return
        session, length = found[1], HTTPConnection(scope).headers.get("content-length", "")
        size = int(length) if re.fullmatch(r"[0-9]{1,12}", length) else None
        if size is None:
            await PlainTextResponse("An upload has to say how long it is.\n", 411)(scope, receive, send)
        elif not self._fits(session, size):
            said = "There is no room for this upload: take some files out or close other tabs, and send it again.\n"
            await PlainTextResponse(said, 413)(scope, receive, send)
        else:
            self._coming[session] += size
            try:
                await self.app(scope, receive, send)
            finally:
                self._coming[session] -= size
                if not self._coming[session]:
                    del self._coming[session]

    def _fits(self, session: str, size: int) -> bool:
        held = {name: [len(file.data) for file in list(files.values())] for name, files in _stored()}
        mine = held.get(session, [])
        return (
            len(mine) < MOST_FILES_EACH
            and sum(mine) + self._coming[session] + size <= MOST_BYTES_EACH
            and sum(map(sum, held.values())) + self._coming.total() + size <= MOST_BYTES
        )


def _is_allowed(connection: HTTPConnection) -> bool:
    """False in a class that may not upload: files and photos come this way."""
    room, owner = the_room(), owner_of(connection.cookies) or ""
    return room is None or room.may(owner, "uploads")


def _stored() -> list[tuple[str, dict[str, UploadedFileRec]]]:
    manager = Runtime.instance().uploaded_file_mgr
    return list(manager.file_storage.items()) if isinstance(manager, MemoryUploadedFileManager) else []
