"""Tables for spreadsheets: every digit comes back, umlauts too, and nothing is taken for a formula."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.pictures.names import one_line
from lib.runs.names import new_id
from lib.runs.spreadsheet import DECIMAL, as_file, in_table, separated

_cell = st.none() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8"))


@given(st.lists(st.lists(_cell, min_size=2, max_size=4), max_size=5), st.sampled_from(sorted(DECIMAL)))
def test_what_is_written_can_be_read_back(rows, sep):
    found = list(csv.reader(StringIO(separated(rows, sep)), delimiter=sep))
    assert len(found) == len(rows)
    for read, row in zip(found, rows, strict=True):
        for text, cell in zip(read, row, strict=True):
            if isinstance(cell, float):
                assert float(text.replace(DECIMAL[sep], ".")) == cell
            elif isinstance(cell, str):
                assert text.removeprefix("'") == one_line(cell).removeprefix("'")
                assert not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
            else:
                assert text == ("" if cell is None else str(cell))


@given(st.text(st.characters(codec="utf-8")))
def test_what_a_table_shows_can_be_written_as_it_is(text):
    shown = in_table(text)
    assert shown.removeprefix("\u2060") == one_line(text).removeprefix("\u2060")
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
    assert "\n" not in shown


def test_a_german_spreadsheet_gets_semicolons_and_decimal_commas():
    assert separated([["Größe", 0.25, 3, None]], ";") == "Größe;0,25;3;\n"
    assert separated([["Größe", 0.25, 3, None]]) == "Größe,0.25,3,\n"
    assert as_file("Größe") == b"\xef\xbb\xbfGr\xc3\xb6\xc3\x9fe"
    with pytest.raises(ValueError, match="separated by , or ;"):
        separated([], "\t")


def test_no_id_begins_like_an_option(monkeypatch):
    drawn = iter(["-ab", "--c", "d-e"])
    monkeypatch.setattr("lib.runs.names.secrets.token_urlsafe", lambda _: next(drawn))
    assert new_id() == "d-e"
