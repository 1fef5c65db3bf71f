"""The words on screen, one package per language, and in each of them one module for a part of the interface.

`say("loss.title")` is the word `title` of the module `loss` in the language of the address (`?lang=de`). A new part
brings `en/<part>.py` and `de/<part>.py`, both with a mapping `WORDS` of the same names and placeholders.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from string import Formatter
from typing import Any

import streamlit as st

Words = Mapping[str, str]

LANGUAGES = {"en": "English", "de": "Deutsch"}
DEFAULT = "en"
_SWAPPED = str.maketrans(",.", ".,")


class _Numbers(Formatter):
    """Writes numbers as a language does: 1,875.5 is 1.875,5 in German."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        written: str = super().format_field(value, format_spec)
        is_number = isinstance(value, int | float)
        if is_number:
            written = written.replace("-", "−")
        return written.translate(_SWAPPED) if is_number and self._language == "de" else written


def language() -> str:
    """The language chosen last in this session, by a link or by a person (`lib.ui.setup.spoken`)."""
    chosen: str = st.session_state.get("language", DEFAULT)
    return chosen


def speak(wanted: str) -> None:
    """Go on in this language."""
    st.session_state["language"] = wanted


def say(key: str, **values: Any) -> str:
    """The word or sentence called `key` ("loss.title") with `values` in its places; KeyError if there is none."""
    spoken = language()
    return _Numbers(spoken).format(words_of(spoken)[key], **values)


def in_all_languages(key: str) -> tuple[str, ...]:
    """The word called `key`, once in each language."""
    return tuple(words_of(spoken)[key] for spoken in LANGUAGES)


def percent(share: float) -> str:
    """0.8694 -> "86.9 %", "86,9 %" in German."""
    return say("learn.percent", value=100 * share)


def for_browser(*parts: str) -> dict[str, Any]:
    """`{"lang", "words"}` for a component that writes the words of these parts itself, by their names alone."""
    spoken = language()
    return {"lang": spoken, "words": {name: word for part in parts for name, word in _parts(spoken)[part].items()}}


@cache
def words_of(spoken: str) -> Words:
    """Every word of a language, by part and name."""
    return {f"{part}.{name}": word for part, words in _parts(spoken).items() for name, word in words.items()}


@cache
def _parts(spoken: str) -> dict[str, Words]:
    package = import_module(f"{__name__}.{spoken}")
    found = sorted(module.name for module in iter_modules(package.__path__))
    return {name: import_module(f"{package.__name__}.{name}").WORDS for name in found}
