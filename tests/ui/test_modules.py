"""The browser half of the components, as our own route serves it."""

import asyncio
import gzip
import json
import re
from pathlib import Path

import pytest
from starlette.requests import Request

from lib.ui import components
from lib.ui.components import modules

FOLDER = Path(components.__file__).parent
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/__init__.py"))


def ask(path, version=None, accepts="gzip"):
    """Status, headers and text of what our route answers."""
    params = {"version": version or modules.version(), "path": path}
    scope = {"type": "http", "headers": [(b"accept-encoding", accepts.encode())], "path_params": params}
    answer = asyncio.run(modules.serve_module(Request(scope)))
    zipped = answer.headers.get("content-encoding") == "gzip"
    return answer.status_code, answer.headers, (gzip.decompress(answer.body) if zipped else answer.body).decode()


def test_streamlit_is_handed_one_importing_line_and_nothing_else():
    assert "run_monitor" in NAMES
    for name in NAMES:
        line = modules.importing_line(name)
        assert f"{name}/entry.js" in line
        assert modules.version() in line
        assert len(line) < 300


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_brings_everything_that_its_component_imports(name):
    status, _, entry = ask(f"{name}/entry.js")
    assert status == 200
    wanted, seen = [f"{name}/entry.js"], set()
    while wanted:  # as a browser does
        script = wanted.pop()
        for address in re.findall(r'(?:from|import) "(\.[^"]+)";', ask(script)[2]):
            found = re.sub(r"[\w.]+/\.\./", "", (Path(script).parent / address).as_posix())
            assert ask(found)[0] == 200, f"{script} imports {address}"
            wanted += [found] if found not in seen else []
            seen.add(found)
    assert seen == {*modules.parts_of(f"{name}/{name}.js"), *modules.parts_of("base/dress.js")}
    for look in FOLDER.glob(f"{name}/*.css"):
        assert json.dumps(modules.enlargeable(look.read_text(encoding="utf-8")))[1:-1] in entry


def test_what_is_imported_may_be_kept_for_good_and_travels_compressed():
    _, headers, text = ask("net_editor/net_editor.js")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"].startswith("text/javascript")
    assert text == (FOLDER / "net_editor" / "net_editor.js").read_text(encoding="utf-8")
    _, headers, plain = ask("net_editor/net_editor.js", accepts="identity")
    assert (plain, "content-encoding" in headers) == (text, False)


def test_a_second_try_has_another_address_and_an_old_version_is_not_kept():
    assert "immutable" in ask("canvas/canvas.js", modules.version() + ".1")[1]["cache-control"]
    assert ask("canvas/canvas.js", "0123456789ab")[1]["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["../modules.py", "canvas/__init__.py", "canvas/../../frame.py", "canvas/canvas.css", ""]
)
def test_nothing_else_can_be_read(path):
    assert ask(path)[0] == 404


def test_every_component_is_judged_in_the_docs():
    """Whether it stays, and what could stand in its place: nobody adds one without having asked."""
    judged = (FOLDER.parents[2] / "docs" / "components.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in judged] == []
