"""Own Components v2: three plain files each, read as text and registered once."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


@cache
def register(name: str, *, shared: tuple[str, ...] = ()) -> Any:
    """Register `components/<name>/<name>.{html,css,js}` and return the callable that mounts it.

    `base.css` (the look) goes before every component's own rules; `shared` names scripts of `components/shared/`
    that are put before its script, each with the rules of the same name, if there are any.
    """
    folder = _HERE / name
    rules = [_HERE / "shared" / "base.css", *((_HERE / "shared" / part).with_suffix(".css") for part in shared)]
    css = "".join(_read(path) for path in [*rules, folder / f"{name}.css"])
    scripts = [_read(_HERE / "shared" / part) for part in shared] + [_read(folder / f"{name}.js")]
    return st.components.v2.component(
        f"glasshouse_{name}", html=_read(folder / f"{name}.html"), css=css, js="\n".join(scripts)
    )
