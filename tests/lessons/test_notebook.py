"""What a browser noted in its lessons: written, read back, and whatever is damaged in it costs that alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.home.place import home
from lib.lessons.progress import change_notebook, is_damaged, read_notebook, write_notebook

WHOLE = {"feedback": {"step": 2, "said": {"a": 1, "b": 0.25}, "runs": {"a": "r1"}}}


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))


def damage(text: str | bytes) -> Path:
    write_notebook("me", WHOLE)
    (path,) = (home() / "notebooks").glob("*.json")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_what_is_written_is_read_back_whole() -> None:
    assert read_notebook("me") == {}
    assert not is_damaged("me")
    write_notebook("me", WHOLE)
    assert read_notebook("me") == WHOLE
    assert not is_damaged("me")
    assert read_notebook("you") == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        '"x"',
        "null x",
        "{",
        "[" * 50_000,
        "9" * 6_000,
        b"\xff\xfe",
        '{"a": ' * 5_000,
        "NaN",
        " " * 100_001,
    ],
    ids=range(12),
)
def test_a_notebook_that_is_none_is_empty_and_said(text: str | bytes) -> None:
    damage(text)
    assert read_notebook("me") == {}
    assert is_damaged("me")


@pytest.mark.parametrize(
    ("notes", "left"),
    [
        ({"step": 1, "said": {}, "runs": {}}, {"said": {}, "runs": {}}),
        ({"feedback": []}, {}),
        ({"feedback": {"step": -1, "said": {"a": 2}}}, {"feedback": {"said": {"a": 2}}}),
        ({"feedback": {"step": "2", "runs": []}}, {"feedback": {}}),
        ({"feedback": {"said": {"a": "x", "b": 1, "c": None}}}, {"feedback": {"said": {"b": 1}}}),
        ({"feedback": {"said": {"a": float("nan"), "b": 1e300}}}, {"feedback": {"said": {}}}),
        ({"feedback": {"runs": {"a": 1, "b": "r", "c": ["r"]}}}, {"feedback": {"runs": {"b": "r"}}}),
    ],
)
def test_damage_costs_only_the_damaged_entry(notes: object, left: dict[str, object]) -> None:
    damage(json.dumps(notes))
    assert read_notebook("me") == left
    assert is_damaged("me")


def test_every_damaged_file_is_kept_aside_by_the_next_note() -> None:
    damages = ['{"feedback": {"step": 1, "said": 7}}', '{"feedback": {"step": 2, "said": [7]}}']
    for step, damaged in enumerate(damages, 5):
        path = damage(damaged)
        change_notebook("me", {}, lambda kept, step=step: kept["feedback"].update(step=step))
        assert read_notebook("me") == {"feedback": {"step": step}}
        assert not is_damaged("me")
    assert sorted(each.read_text() for each in path.parent.glob(f"{path.name}.set-aside-*")) == damages


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["feedback", "step", "said", "runs", "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(ANY_JSON)
def test_any_json_is_read_as_notes(kept: object) -> None:
    damage(json.dumps(kept))
    for notes in read_notebook("me").values():
        assert set(notes) <= {"step", "said", "runs"}
        assert notes.get("step", 0) >= 0
        assert all(abs(value) <= 1e15 for value in notes.get("said", {}).values())
        assert all(isinstance(value, str) for value in notes.get("runs", {}).values())


def test_a_home_that_cannot_be_written_loses_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "file"))
    assert read_notebook("me") == {}
    assert change_notebook("me", {}, lambda kept: kept.update(feedback={"step": 1})) == {"feedback": {"step": 1}}
