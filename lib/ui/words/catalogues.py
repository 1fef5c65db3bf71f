"""Gettext catalogues as files: `<language>.po`, read whole when its language is first spoken, nothing compiled."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.pofile import read_po

Word = str | list[str]  # a list where the word goes with a number: one form for one thing, one for several

FOLDER = Path(__file__).parent
ENGLISH = "en"  # every word is here first
CATALOGUES = sorted((path.stem for path in FOLDER.glob("*.po")), key=lambda code: (code != ENGLISH, code))


@dataclass(frozen=True)
class Catalogue:
    """The words of one language by key, and which form of a word goes with a number."""

    words: dict[str, Word]
    form_for: Callable[[int], int]


@cache
def read(code: str) -> Catalogue:
    """The catalogue of a language; a word that nobody has translated yet is left out."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        found = read_po(file, abort_invalid=True)
    words: dict[str, Word] = {}
    for message in found:
        key, said = _forms(message.id)[0], _forms(message.string)
        if key and all(said):
            words[key] = said if message.pluralizable else said[0]
    return Catalogue(words, c2py(found.plural_expr))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text or ""] if text is None or isinstance(text, str) else list(text)
