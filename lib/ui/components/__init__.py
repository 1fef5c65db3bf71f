"""Own Components v2: three plain files each, read as text and registered once; what they say is checked here.

Whoever opens a page can send anything in a component's name: nothing of it is used before it has the shape that the
component's own script gives it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import streamlit as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

_HERE = Path(__file__).parent
Shape = TypeVar("Shape")
Index = Annotated[int, Field(strict=True, ge=0, le=2**31)]  # of a class, a map, a picture, a step


class Message(BaseModel):
    """What a component's script sends: exactly these fields in exactly these types; more is left out."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class Place(Message):
    """A picture's place in its split."""

    place: Index


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


@cache
def register(name: str, *, shared: tuple[str, ...] = ()) -> Any:
    """Register `components/<name>/<name>.{html,css,js}` and return the callable that mounts it.

    `base.css` (the look) goes before every component's own rules, and `view.js` (its life) before its script; `shared`
    names more scripts of `components/shared/`, each with the rules of the same name, if there are any.
    """
    folder = _HERE / name
    rules = [_HERE / "shared" / "base.css", *((_HERE / "shared" / part).with_suffix(".css") for part in shared)]
    css = "".join(_read(path) for path in [*rules, folder / f"{name}.css"])
    scripts = [_read(_HERE / "shared" / part) for part in ("view.js", *shared)] + [_read(folder / f"{name}.js")]
    return st.components.v2.component(
        f"glasshouse_{name}", html=_read(folder / f"{name}.html"), css=css, js="\n".join(scripts)
    )


def heard(key: str, part: str, shape: type[Shape]) -> Shape | None:
    """What the browser says as `part` of the component mounted under `key`; None if nothing of that shape."""
    said = st.session_state.get(key)
    return checked(said.get(part), shape) if isinstance(said, Mapping) else None


def checked(said: object, shape: type[Shape]) -> Shape | None:
    """`said` if it has that shape, strictly: no text for a number, no fraction for a count; else None."""
    try:
        return cast(Shape, _adapter(cast(Any, shape)).validate_python(said, strict=True))
    except (ValidationError, RecursionError):
        return None


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)
