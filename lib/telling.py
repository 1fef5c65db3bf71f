"""What the core tells: a code and values, as plain as JSON. The interface says it in the language of whoever looks."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """A sentence or a part of one: `code` is its key in the catalogues ("verdict.best")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    values: "dict[str, Told | int | float | str | list[Told | int | float | str]]" = {}


def told(code: str, **values: Any) -> Told:
    """The telling of this code with `values` in its places."""
    return Told(code=code, values=values)


def several(parts: Sequence[Any], how: str) -> Told:
    """Parts in a row: "or" for names, "comma" or "semicolon" for parts of a sentence. A plain list is joined by and."""
    return told(f"told.{how}", parts=list(parts))
