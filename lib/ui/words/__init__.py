"""The words on screen, in gettext catalogues: `en.po`, `de.po` … beside this file, read as they stand.

To add a word: 1. `msgid "part.name"` and its `msgstr` in en.po, beside its part (parts stand in alphabetical order);
2. the same `msgid` with the same `{places}` in every other catalogue; 3. `say("part.name", place=value)` where it
shows. In a place, `{count:,}` writes 1,875 (1.875 in German), `{share:%}` 86.9 %, `{loss:.3f}` as Python does. A word
that goes with a number has `msgid_plural` (the key again), `msgstr[0]`, `msgstr[1]`, and is chosen by `count=`. For a
component: `for_browser("part")`. docs/languages.md is for those who add a language.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

import streamlit as st
from babel import Locale, UnknownLocaleError, negotiate_locale
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.ui.words.catalogues import CATALOGUES, Word, read
from lib.ui.words.numbers import Numbers, number_in, percent_in
from lib.ui.words.pseudo import PSEUDO, disguised

DEFAULT = "en"
Key = TypeVar("Key")
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def _own_name(code: str) -> str:
    """How a language calls itself: "de" -> "Deutsch"."""
    try:
        name = Locale.parse(code).get_display_name() or code
    except (UnknownLocaleError, ValueError):
        name = code
    return name[:1].upper() + name[1:]


LANGUAGES = {code: _own_name(code) for code in CATALOGUES}


def language() -> str:
    """The language chosen last in this session, by a link or by a person (`lib.ui.setup.spoken`)."""
    if spoken := _spoken.get():
        return spoken
    if runtime.exists() and get_script_run_ctx(suppress_warning=True) is None:  # a thread of ours, not a page
        return DEFAULT
    chosen: str = st.session_state.get("language", DEFAULT)
    return chosen


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Speak this language inside, where there is no session: in a route, or a thread of our own."""
    before = _spoken.set(wanted)
    try:
        yield
    finally:
        _spoken.reset(before)


def has_language() -> bool:
    """True once this session has chosen or found a language."""
    return "language" in st.session_state


def is_spoken(wanted: str | None) -> bool:
    """True for a language that there is a catalogue of, and for the one that only looks foreign."""
    return wanted in LANGUAGES or wanted == PSEUDO


def speak(wanted: str) -> None:
    """Go on in this language."""
    st.session_state["language"] = wanted


def nearest(asked: str | None) -> str:
    """The language that comes nearest to what a browser prefers: "de-AT" -> "de"."""
    return negotiate_locale([asked], LANGUAGES, sep="-") or DEFAULT if asked else DEFAULT


def preferred(headers: Mapping[str, str]) -> str:
    """The language that a browser prefers, for a request that no page of ours stands behind."""
    return nearest(headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip())


def say(key: str, **values: Any) -> str:
    """The word or sentence called `key` ("loss.title") with `values` in its places; KeyError if there is none."""
    return say_in(language(), key, **values)


def say_in(spoken: str, key: str, **values: Any) -> str:
    """`say` in a certain language."""
    word = words_of(spoken)[key]
    if not isinstance(word, str):
        word = word[read(DEFAULT if spoken == PSEUDO else spoken).form_for(values["count"])]
    return Numbers(spoken).format(word, **values)


def in_all_languages(key: str) -> tuple[str, ...]:
    """The word called `key`, once in each language; it has no places."""
    return tuple(say_in(spoken, key) for spoken in LANGUAGES)


class Said(Mapping[Key, str]):
    """A table of words: `Said({"grid": "compare.grid"})["grid"]` is said in the language of whoever looks."""

    def __init__(self, keys: Mapping[Key, str], otherwise: Mapping[Key, str] | None = None) -> None:
        """`otherwise`: proper names, the same in every language, of what there is no word for."""
        self._keys, self._otherwise = keys, otherwise or {}

    def __getitem__(self, name: Key) -> str:
        key = self._keys[name]
        return self._otherwise[name] if name in self._otherwise and not has_word(key) else say(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def number(value: float, form: str = ",") -> str:
    """1875 -> "1,875", "1.875" in German; `form` as Python's `format` takes it."""
    return number_in(language(), value, form)


def percent(share: float, form: str = "") -> str:
    """0.8694 -> "86.9 %", "86,9 %" in German; 100.0 % is all, and nothing less (see `percent_in`)."""
    return percent_in(language(), share, form)


def for_browser(*parts: str) -> dict[str, Any]:
    """`{"lang", "words"}` for a component that writes the words of these parts itself, by their names alone."""
    spoken = language()
    found = {name: word for part in parts for name, word in _parts(spoken)[part].items()}
    return {"lang": spoken, "words": found}


def has_word(key: str) -> bool:
    """True if there is a word called `key`."""
    return key in words_of(DEFAULT)


def has_part(part: str) -> bool:
    """True if there are words of a part of this name."""
    return part in _parts(DEFAULT)


@cache
def words_of(spoken: str) -> Mapping[str, Word]:
    """Every word of a language, by part and name; in English where the language has none."""
    english = read(DEFAULT).words
    if spoken == PSEUDO:
        return {key: disguised(word) for key, word in english.items()}
    return {**english, **read(spoken).words}


@cache
def _parts(spoken: str) -> dict[str, dict[str, Word]]:
    found: dict[str, dict[str, Word]] = {}
    for key, word in words_of(spoken).items():
        part, _, name = key.partition(".")
        found.setdefault(part, {})[name] = word
    return found
