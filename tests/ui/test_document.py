"""What the document brings before the app is there: style, scripts, something to see; and scripts that are small."""

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from streamlit import file_util

from lib.ui.components import modules
from lib.ui.frame import opening
from lib.ui.frame.document import Document
from lib.ui.serve.compressed import Compressed

STATIC = Path(file_util.get_static_dir())
UI = Path(modules.__file__).parents[1]
APP = Starlette(middleware=[Middleware(Compressed), Middleware(Document)])  # before Streamlit's own files
APP.mount("/train", StaticFiles(directory=STATIC, html=True))
APP.mount("/", StaticFiles(directory=STATIC, html=True))


class Answer(NamedTuple):
    status: int
    headers: Headers
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


def get(path: str, **headers: str) -> Answer:
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> None:
        await asyncio.Event().wait()  # nobody hangs up

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": sent}
    asyncio.run(APP(scope, receive, send))
    start, *parts = said
    content = b"".join(part.get("body", b"") for part in parts)
    found = Headers(raw=start["headers"])
    assert int(found.get("content-length", len(content))) == len(content)
    return Answer(start["status"], found, content)


def page(path: str) -> str:
    """The document as a browser reads it, and that it says the same compressed."""
    plain, small = get(path, accept="text/html"), get(path, accept="text/html", accept_encoding="gzip")
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    return plain.text


def test_every_rooms_style_is_in_the_document_behind_streamlits_own() -> None:
    whole = page("/")
    behind = whole[whole.index('id="root"') :]
    rooms = [path for path in UI.glob("*/*.css") if path.parent.name not in ("components", "classroom")]
    assert len(rooms) > 4
    for path in rooms:
        assert path.read_text(encoding="utf-8") in behind, path.name


def test_start_shows_maps_before_any_script_has_come_and_other_pages_their_name() -> None:
    first = page("/")
    shown = first[first.index('id="gh-first"') : first.index('id="root"')]
    assert shown.count('class="layer" src="data:image/png') == 4  # two convolutions, two poolings
    other = page("/train/")
    assert "<h1>Train</h1>" in other
    assert "data:image/png" not in other[: other.index('id="root"')]
    assert 'rel="preload"' not in first  # a font that no page of ours uses


def test_what_anybody_asks_for_is_not_remembered() -> None:
    for path in ("/labs", "/nothing", "/nothing/else"):
        opening.shown_first(path)
        opening.links(path)
    kept = opening._shown_first.cache_info().currsize, opening._links.cache_info().currsize
    for number in range(50):
        assert b"<h1>" not in opening.shown_first(f"/{number}")
        opening.links(f"/{number}/train")
    assert (opening._shown_first.cache_info().currsize, opening._links.cache_info().currsize) == kept
    assert b"<h1>Labs</h1>" in opening.shown_first("/labs/")


def test_what_is_named_ahead_is_there() -> None:
    for path in ("/", "/train/"):
        named = re.findall(r'<link rel="modulepreload" href="(/[^"]+)"', page(path))
        ours = [each.removeprefix(f"/api/components/{modules.version()}/") for each in named if "/api/" in each]
        theirs = [each for each in named if each.startswith("/static/")]
        assert "run_pill/run_pill.js" in ours
        assert set(ours) <= set(modules._answers())
        assert any("BidiComponent" in each for each in theirs)
        assert all((STATIC / each.removeprefix("/")).is_file() for each in theirs)


def test_scripts_are_sent_compressed_and_say_the_same() -> None:
    path = next((STATIC / "static" / "js").glob("index.*.js"))
    for _ in range(2):  # the second time from memory
        small = get(f"/static/js/{path.name}", accept_encoding="gzip")
        assert small.headers["content-encoding"] == "gzip"
        assert len(small.content) < 0.4 * path.stat().st_size
        assert gzip.decompress(small.content) == path.read_bytes()
    plain = get(f"/static/js/{path.name}", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.content == path.read_bytes()
    part = get(f"/static/js/{path.name}", range="bytes=0-9", accept_encoding="gzip")
    assert (part.status, part.content) == (206, path.read_bytes()[:10])
    assert get("/static/js/none.js", accept_encoding="gzip").status == 404
