"""What people typed stands in markdown as they typed it, whatever it would mean there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.words.text import literal

UNSEEN = dict.fromkeys(map(ord, "\u2060\u2068\u2069"))


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30))
def test_nothing_is_lost(typed: str) -> None:
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", literal(typed).translate(UNSEEN)) == typed


@given(st.text())
def test_it_is_one_line_and_every_sign_is_escaped(typed: str) -> None:
    shown = literal(typed)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)(\\\\)*[`*_~\[\]{}<&$|]", shown)
    assert not re.search(r":(material|[a-z]+\[)|^[#>+=-]|^\d+[.)](\s|$)|www\.|https?:/|[<-]-|->", shown)


@pytest.mark.parametrize(
    "typed", ["हिन्दी", "ไทย", "Ärger", "Bob's", "T-shirt/top", "two words", "0.5 %", "क्\u200dष", "日本語"]
)
def test_common_names_stay_as_they_are(typed: str) -> None:
    assert literal(typed) == typed


@pytest.mark.parametrize("typed", ["עברית", "\u200fעברית\u200e", "العربية"])
def test_what_is_written_from_right_to_left_turns_nothing_beside_it(typed: str) -> None:
    assert re.fullmatch("\u2068[^\u200e\u200f]+\u2069", literal(typed))
