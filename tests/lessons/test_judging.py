"""What somebody said, held against the run; names in links; notes on disk."""

import json

import pytest
from pydantic import TypeAdapter

from lib.config import RunConfig
from lib.lessons import Choose, Estimate, Facts
from lib.lessons.controls import CONTROLS, all_but, path_of, read_names
from lib.lessons.progress import change_notebook, read_notebook, write_notebook
from lib.lessons.verdicts import answer_of, is_close, right_choices

WORDS = {"en": "a", "de": "b"}
ENDED = Facts(RunConfig(), 10, (2.4, 0.6, 0.5), (0.07, 0.8, 0.85), (0.7, 0.5), 100, 1.0)


def choose(*right: object) -> Choose:
    return Choose.model_validate({"question": WORDS, "choices": [{"text": WORDS, "right": each} for each in right]})


def estimate(answer: object, **more: object) -> Estimate:
    return TypeAdapter(Estimate).validate_python({"question": WORDS, "answer": answer} | more)


def test_a_choice_is_right_when_the_run_shows_it() -> None:
    shapes = choose("loss_crawled", "curve_tapers", "loss_bounced")
    assert right_choices(shapes, ENDED, {}) == {1}
    assert right_choices(shapes, None, {}) is None
    assert right_choices(choose(False, True), None, {}) == {1}
    assert right_choices(choose("loss_crawled", "loss_bounced"), ENDED, {}) == frozenset()


def test_a_number_comes_from_the_file_the_set_up_or_the_run() -> None:
    assert answer_of(estimate(784), None, {}) == 784
    assert answer_of(estimate("iterations"), None, {"iterations": 1875.0}) == 1875
    assert answer_of(estimate("accuracy"), ENDED, {}) == 0.85
    assert answer_of(estimate("start_accuracy"), ENDED, {}) == 0.07
    assert answer_of(estimate("accuracy"), None, {}) is None
    assert answer_of(estimate("per_class"), None, {}) is None


@pytest.mark.parametrize(("said", "close"), [(0.8, True), (0.9, True), (0.79, False), (0.91, False)])
def test_close_is_close(said: float, close: bool) -> None:
    assert is_close(estimate("accuracy", tolerance=0.05), said, 0.85) == close


def test_every_control_has_a_place_in_a_set_up() -> None:
    values = RunConfig().model_dump()
    for name in CONTROLS:
        found = values
        for part in path_of(name).split("."):
            found = found[part]


def test_names_in_a_link_are_read_and_strange_ones_told() -> None:
    assert read_names("optimizer,precision") == ({"optimizer", "precision"}, [])
    assert read_names(" optimizer, volume,<b> ") == ({"optimizer"}, ["volume", "<b>"])
    assert read_names("") == (frozenset(), [])
    assert all_but(["seed"]) == set(CONTROLS) - {"seed"}


def test_notes_come_back_for_the_same_browser_only(tmp_path) -> None:
    notes = {"descent": {"step": 2, "said": {"crawls": 1, "by-hand": 0.3855}, "runs": {"crawls": "abc"}}}
    write_notebook("somebody's cookie", notes)
    assert read_notebook("somebody's cookie") == notes
    assert read_notebook("another's") == {}
    files = list((tmp_path / "home").rglob("*"))
    assert not any("cookie" in path.name for path in files)
    kept = next(path for path in files if path.suffix == ".json")
    assert json.loads(kept.read_text()) == notes
    kept.write_text("{half")
    assert read_notebook("somebody's cookie") == {}
    kept.write_text("[]")
    assert read_notebook("somebody's cookie") == {}


def test_two_tabs_write_into_one_notebook() -> None:
    notes = {"descent": {"step": 2}}
    write_notebook("a", notes)
    first, second = read_notebook("a"), read_notebook("a")  # both tabs are open
    first = change_notebook("a", first, lambda kept: kept["descent"].update(step=3))
    second = change_notebook("a", second, lambda kept: kept.setdefault("feedback", {}).update(step=1))
    assert second == read_notebook("a") == {"descent": {"step": 3}, "feedback": {"step": 1}}


def test_a_full_disk_costs_nothing_but_the_notes(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "file"))
    write_notebook("a", {"x": {}})
    assert read_notebook("a") == {}
