"""The browser half of the components, sent to each browser once: real modules under an address that says their version.

Streamlit sends whatever it is handed with every update of a component; it is handed one importing line. What that line
imports is served from here and may be kept for good, because another text has another address.
"""

import gzip
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^(?:import|\} from|export)\b[^;"]*"(\.{1,2}/[\w./]+\.js)";', re.MULTILINE)

# Letters that are given in pixels are at least as large as the page wants them (frame/projector.css).
_LETTERS = re.compile(r"(\bfont(?:-size)?:[^;{}]*?)(?<![\w.-])(\d[\d.]*px)")

# A failed import is remembered by the browser; under another address (".1") all of it is asked for again, for minutes:
# a server that is away comes back, and what it was away for is no error of the page. Streamlit sends this line with
# every update of every component: so it is short.
_LINE = (
    "let m,n=0;while(!m)try{"
    "m=await import(`${location.origin}/api/components/%(version)s${n?`.${n}`:``}/%(name)s/entry.js`)"
    "}catch(e){if(++n>60)throw e;await new Promise(r=>setTimeout(r,n<9?400*n:4e3))}\nexport default m.default"
)


def importing_line(name: str) -> str:
    """Return the script that Streamlit is handed for the component `name`."""
    return _LINE % {"version": version(), "name": name}


@cache
def version() -> str:
    """Name the present text of all components."""
    texts = [*_scripts().items(), *((path.name, _read(path)) for path in _looks())]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]


def parts_of(script: str) -> list[str]:
    """Return all scripts that `script` needs ("base/view.js"), those that others need first; itself is the last."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above or name in found:
            return
        for address in _IMPORT.findall(_scripts()[name]):
            visit(_joined(name, address), (*above, name))
        found[name] = None

    visit(script, ())
    return list(found)


@cache
def entry(name: str) -> str:
    """Return the module that mounts the component `name`, with its look and its first content.

    It names everything that is needed, so that the browser asks for all of it at once.
    """
    parts = list(dict.fromkeys([*parts_of("base/dress.js"), *parts_of(f"{name}/{name}.js")]))
    rules = [_HERE / "base" / "base.css", *((_HERE / part).with_suffix(".css") for part in parts)]
    css = enlargeable("".join(_read(path) for path in dict.fromkeys(rules)))
    lines = [f'import mount from "./{name}.js";', 'import { dressed } from "../base/dress.js";']
    lines += [f'import "../{part}";' for part in parts[:-1]]
    html = _read(_HERE / name / f"{name}.html")
    return "\n".join([*lines, f"export default dressed(mount, {json.dumps(html)}, {json.dumps(css)});", ""])


def enlargeable(css: str) -> str:
    """Return rules whose letters are at least as large as `--gh-least`, where the page has it."""
    return _LETTERS.sub(r"\1max(\2, var(--gh-least, 0px))", css)


async def serve_module(request: Request) -> Response:
    """Answer one script of a component; nothing but what lies in the components' folders."""
    path = request.path_params["path"]
    found = _answers().get(path)
    if found is None:
        return PlainTextResponse("There is no such module.", status_code=404)
    is_current = request.path_params["version"].partition(".")[0] == version()
    kept = "public, max-age=31536000, immutable" if is_current else "no-store"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    compressed, plain = found
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(compressed, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})
    return Response(plain, media_type="text/javascript", headers=headers)


route = Route("/api/components/{version}/{path:path}", serve_module)


@cache
def _answers() -> dict[str, tuple[bytes, bytes]]:
    names = {path.parent.name for path in _HERE.glob("*/*.html")}  # other folders are there to be imported
    texts = {**_scripts(), **{f"{name}/entry.js": entry(name) for name in names}}
    return {path: (gzip.compress(text.encode(), 6), text.encode()) for path, text in texts.items()}


@cache
def _scripts() -> dict[str, str]:
    return {path.relative_to(_HERE).as_posix(): _read(path) for path in sorted(_HERE.glob("*/*.js"))}


def _looks() -> list[Path]:
    return sorted(path for path in _HERE.glob("*/*") if path.suffix in (".css", ".html"))


def _joined(script: str, address: str) -> str:
    folder, _, _ = script.partition("/")
    return address.removeprefix("../") if address.startswith("../") else f"{folder}/{address.removeprefix('./')}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
