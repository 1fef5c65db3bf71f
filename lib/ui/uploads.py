"""What people upload stays in memory: no file of theirs is written to disk, not even for a moment."""

import sys
from collections.abc import Iterable

from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


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
