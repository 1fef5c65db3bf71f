"""What the core tells: a code and values, as plain as JSON. The interface says it in the language of whoever looks."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict


class Told(BaseModel):
    """A sentence or a part of one: `code` is its key in the catalogues ("verdict.best")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    values: "dict[str, Told | int | float | str | list[Told | int | float | str]]" = {}


class Refusal(ValueError):
    """What is not done, in plain English for a notebook; `told` is the same for the interface, where there is one."""

    def __init__(self, message: str = "", told: Told | None = None) -> None:
        super().__init__(message)
        self.told = told


def told(code: str, **values: Any) -> Told:
    """The telling of this code with `values` in its places."""
    return Told(code=code, values=values)


def in_any_language(problem: Exception) -> Told | str:
    """What a refusal tells, for the interface to say; the words of any other problem."""
    return getattr(problem, "told", None) or str(problem)


def several(parts: Sequence[Any], how: str) -> Told:
    """Parts in a row: "or" for names, "comma" or "semicolon" for parts of a sentence. A plain list is joined by and."""
    return told(f"told.{how}", parts=list(parts))
