"""Name and note: given on Train and on Compare, shown where the run is, and not offered to others."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES

TINY = RunConfig.model_validate(
    {
        "data": {"name": "digits", "train_size": 60, "test_size": 30},
        "model": ModelConfig(layers=(Flatten(), Dense(8))).model_dump(),
        "train": {"epochs": 1, "precision": "fp32"},
    }
)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.setup.expected.estimate", lambda *_, **__: None)


def finished(owner: str = "this-session") -> Run:
    run = get_registry().start(TINY, owner)
    assert run.wait(120)
    return run


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    if page == "compare":
        at.session_state["compare-view"] = "runs"
    return at.run()


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.warning, *at.markdown))


def field(at: AppTest, kind: str, key: str) -> Any:
    return next(each for each in at.get(kind) if (each.key or "").rpartition("~")[0] == key)


def test_train_names_a_finished_run_and_gives_the_old_name_back() -> None:
    run = finished()
    at = opened("train", run=run.id)
    field(at, "text_input", f"train-naming-name-{run.id}").set_value("<i>Deep</i> net").run()
    field(at, "text_area", f"train-naming-note-{run.id}").set_value("**why** so deep?").run()
    assert not at.exception
    assert (run.name, run.note) == ("i Deep i net", "**why** so deep?")
    assert field(at, "text_input", f"train-naming-name-{run.id}").value == "i Deep i net"
    assert r"\*\*why\*\* so deep?" in told(at)
    assert any(each.label.startswith("i Deep i net") for each in at.button)
    next(each for each in at.button if each.label == "Call it fern-1 again").click().run()
    assert run.name == "fern-1"
    assert field(at, "text_input", f"train-naming-name-{run.id}").value == ""


def test_a_name_that_another_run_has_is_refused_in_one_sentence() -> None:
    first, second = finished(), finished()
    first.rename("Deep", "this-session")
    at = opened("train", run=second.id)
    field(at, "text_input", f"train-naming-name-{second.id}").set_value("deep").run()
    assert "Another run is called deep, or will be. Choose another name." in told(at)
    assert second.name == "moss-2"


def test_others_see_name_and_note_and_have_no_fields() -> None:
    run = finished("somebody else")
    run.rename("Deep", "somebody else")
    run.write_note("why", "somebody else")
    at = opened("train", run=run.id)
    assert not at.exception
    assert "why" in told(at)
    assert not [each for each in at.text_input if "naming" in (each.key or "")]


def test_compare_names_any_of_ones_own_in_view() -> None:
    first, second, theirs = finished(), finished(), finished("somebody else")
    at = opened("compare", runs=f"{first.id},{second.id},{theirs.id}")
    which = field(at, "selectbox", "compare-naming-which")
    assert which.options == ["fern-1", "moss-2"]
    which.select(second.id).run()
    field(at, "text_input", f"compare-naming-name-{second.id}").set_value("Deep").run()
    field(at, "text_area", f"compare-naming-note-{second.id}").set_value("why").run()
    assert not at.exception
    assert (first.name, second.name, second.note) == ("fern-1", "Deep", "why")
    assert "Deep · " in " ".join(at.multiselect(key="compare-picked").options)
    assert field(at, "selectbox", "compare-naming-which").value == second.id
