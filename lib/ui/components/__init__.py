"""Own Components v2: three plain files each, sent to each browser once; what they say is checked here.

Whoever opens a page can send anything in a component's name: nothing of it is used before it has the shape that the
component's own script gives it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, cast

import streamlit as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lib.ui.components.modules import importing_line
from lib.ui.components.packing import packed
from lib.ui.words import for_browser, has_part

Shape = TypeVar("Shape")
Index = Annotated[int, Field(strict=True, ge=0, le=2**31)]  # of a class, a map, a picture, a step


class Message(BaseModel):
    """What a component's script sends: exactly these fields in exactly these types; more is left out."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class Place(Message):
    """A picture's place in its split."""

    place: Index


@cache
def register(name: str, *, isolated: bool = True) -> Any:
    """Register `components/<name>/<name>.{html,css,js}` and return the callable that mounts it.

    `base.css` (the look) goes before every component's own rules; so do those beside a script that it imports.
    isolated: False for one that looks like what the page itself writes, and takes the page's rules
    """
    mount = st.components.v2.component(f"glasshouse_{name}", js=importing_line(name), isolate_styles=isolated)
    has_words = has_part(name)

    def mounted(*, data: Mapping[str, Any] | None = None, **said: Any) -> Any:
        """Mount it with its words, those of the part that is called as it is, and the language for its numbers."""
        if data is not None:
            data = {**data, "worded": for_browser(name) if has_words else for_browser()}
        return mount(data=None if data is None else packed(data), **said)

    return mounted


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
