"""A name and a note of one's own: cleaned, kept, its owner's alone to change, and safe wherever they stand."""

import json
import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.export.catalogue import exports_of
from lib.nets.lookup import find_run
from lib.nets.recording_file import parse_recording
from lib.runs import NameTaken, NotYours, Registry
from lib.runs.names import LONGEST_NOTE, own_name, own_note
from lib.runs.spreadsheet import separated
from lib.ui.words.text import literal
from tests.runs.whole_runs import finished

BEFORE = """
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT UNIQUE NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL,
    config TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    created REAL NOT NULL,
    result TEXT                      -- JSON: counters and what was measured, as last published
);
"""


def test_a_run_is_called_what_its_owner_says_also_in_a_later_process(open_registry, small):
    registry = open_registry()
    run = finished(registry, small)
    run.rename("Lena's net  é", "me")
    run.write_note("Was it <b>the rate</b>?\n=1+1", "me")
    assert (run.name, run.first_name, run.note) == ("Lena’s net é", "fern-1", "Was it <b>the rate</b>? =1+1")
    registry.close()
    again = open_registry().find(run.id)
    assert (again.name, again.first_name, again.note) == (run.name, run.first_name, run.note)
    again.rename("", "me")
    assert again.name == "fern-1"
    again.rename("Mine", "me")
    again.rename("fern-1", "me")  # its first name is always there to be had back
    assert (again.own_name, again.name, again.note) == ("", "fern-1", run.note)


def test_others_read_it_and_may_not_change_it(registry, small):
    run = finished(registry, small)
    for change in (run.rename, run.write_note):
        with pytest.raises(NotYours, match="belongs to another browser"):
            change("Theirs", "you")
    assert (run.name, run.note) == ("fern-1", "")


def test_nobody_is_called_like_another_run(registry, small):
    first, second = finished(registry, small), finished(registry, small)
    first.rename("Deep", "me")
    for name in ("deep", "fern-1", "Moss-77"):
        with pytest.raises(NameTaken, match=f"^{name}$"):
            second.rename(name, "me")
    theirs = finished(registry, small, "you")
    theirs.rename("Deep", "you")  # what others call theirs says nothing of mine
    assert (second.name, theirs.name) == ("moss-2", "Deep")


def test_the_command_line_finds_it_by_either_name(open_registry, small, monkeypatch, tmp_path):
    registry = open_registry()
    run = finished(registry, small)
    run.rename("Deep net", "me")
    registry.close()
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "home"))
    assert {find_run(name).id for name in ("Deep net", "fern-1", run.id)} == {run.id}


def test_a_home_of_before_opens_and_takes_names(open_registry, small, tmp_path):
    registry = open_registry()
    run = finished(registry, small)
    registry.close()
    with sqlite3.connect(tmp_path / "home" / "runs.sqlite") as before:
        columns = "id, name, owner, config, state, message, created, result"
        kept = before.execute(f"SELECT {columns} FROM runs").fetchall()
        before.execute("DROP TABLE runs")
        before.execute(BEFORE)
        before.executemany(f"INSERT INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kept)
        before.execute("PRAGMA user_version = 1")
    before.close()
    registry = open_registry()
    again = registry.find(run.id)
    assert (again.name, again.note) == ("fern-1", "")
    assert registry.notes() == []
    again.rename("Deep", "me")
    registry.close()
    assert open_registry().find(run.id).name == "Deep"


def test_what_somebody_wrote_into_the_data_base_is_cleaned_too(open_registry, small, tmp_path):
    registry = open_registry()
    run = finished(registry, small)
    registry.close()
    with sqlite3.connect(tmp_path / "home" / "runs.sqlite") as edited:
        edited.execute("UPDATE runs SET own_name = ?, note = ?", ("=<b>x", b"\xff"))
    edited.close()
    again = open_registry().find(run.id)
    assert (again.name, again.note) == ("b x", "")


def test_a_name_that_was_given_survives_a_damaged_data_base(tmp_path, small):
    registry = Registry(tmp_path / "home")
    run = finished(registry, small)
    run.rename("Deep", "me")
    run.write_note("why", "me")
    registry.close()
    with sqlite3.connect(tmp_path / "home" / "runs.sqlite") as damaged:
        damaged.execute("ALTER TABLE entries RENAME COLUMN kind TO sort")
        damaged.execute("PRAGMA user_version = 99")
    damaged.close()
    registry = Registry(tmp_path / "home")
    again = registry.find(run.id)
    assert (again.name, again.first_name, again.note) == ("Deep", "fern-1", "why")
    registry.close()


@given(st.text(max_size=80))
@example("1. a")
@example("www.example.com")
@example("- - ...-- a --- b")
@example("-" * 40 + "1. www..x")
def test_a_clean_name_means_nothing_anywhere(typed):
    name = own_name(typed)
    assert own_name(name) == name
    assert literal(name).strip("\u2068\u2069") == name  # markdown has nothing to escape
    assert not name.startswith(tuple("=+-@'"))
    assert separated([[name]]) == (f"{name}\n" if name else '""\n')
    assert json.loads(json.dumps(name)) == name
    assert "'" not in name


@given(st.text(max_size=300) | st.text("ab\u0301 \n", max_size=300))
@example("a" + "\u0301" * 50)
@example("\u202eevil\u0000\ud800 =1+1")
def test_a_clean_note_is_one_line_that_can_be_seen(typed):
    note = own_note(typed)
    assert own_note(note) == note
    assert len(note) <= LONGEST_NOTE
    assert not set(note) & set("\n\r\t\x00\u202e\ud800")
    assert "\u0301" * 5 not in note


def test_files_of_a_run_say_its_name_and_note_as_text(registry, small):
    run = finished(registry, small)
    run.rename("Zoë’s 1. net", "me")
    run.write_note('</h1><script>alert(1)</script> """ \\ =1+1', "me")
    made = {each.kind: each for group in exports_of(run).values() for each in group}
    assert made["csv"].file_name == "glasshouse-zo-s-1-net.csv"
    page = made["report"].make().decode()
    assert "<h1>Zoë’s 1. net</h1>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    for kind in ("torch", "keras"):
        program = made[kind].make().decode()
        compile(program, kind, "exec")
        assert program.startswith('"""Zoë’s 1. net: a net for')
    assert parse_recording("x", made["recording"].make()).name == "Zoë’s 1. net"
