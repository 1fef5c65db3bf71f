"""Start: one click trains the little net, in view, as an ordinary run of whoever clicked (the rest is in tests/e2e)."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.models import preset
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES
from lib.ui.start import path


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


@pytest.fixture(autouse=True)
def cards(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the card of the run was told, each time."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr("lib.ui.start.training.first_run", lambda **sent: told.append(sent))
    return told


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    yield
    for run in get_registry().newest():
        run.stop(run.owner)
        assert run.wait(120)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "start.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def labels(at: AppTest) -> list[str]:
    return [each.label for each in at.button]


def press(at: AppTest, label: str) -> AppTest:
    return next(each for each in at.button if each.label == label).click().run()


def started(at: AppTest) -> Run:
    run = get_registry().find(at.query_params["run"])
    assert run is not None
    return run


def test_one_click_trains_the_little_net_on_doodles_as_an_ordinary_run(cards: list[dict[str, Any]]) -> None:
    at = opened()
    assert labels(at) == ["Train this net yourself"]
    assert cards == []
    press(at, "Train this net yourself")
    assert not at.exception
    run = started(at)
    assert run.config == preset("small-cnn", "doodles")
    assert run.owner == "this-session"
    assert cards[-1]["run"]["id"] == run.id
    assert cards[-1]["run"]["reads"] is None
    assert at.segmented_control(key="start-net").value == "own"


def test_a_reload_in_the_middle_finds_it_again_and_stop_ends_it(cards: list[dict[str, Any]]) -> None:
    run = started(press(opened(), "Train this net yourself"))
    for at in (opened(run=run.id), opened()):  # by the address, and without it: it goes on, so it is in view
        assert cards[-1]["run"]["id"] == run.id
        assert "Stop" in labels(at)
    press(at, "Stop")
    assert run.wait(120)
    assert run.state == "stopped"
    assert "Train it again" in labels(at.run())
    assert cards[-1]["run"]["reads"] is None  # it has not come to its end, so nobody has measured that


def test_at_its_end_the_card_says_what_the_run_measured(
    cards: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = preset("small-cnn", "doodles")
    short = short.model_copy(
        update={
            "data": short.data.model_copy(update={"train_size": 200, "test_size": 100}),
            "train": short.train.model_copy(update={"epochs": 1}),
        }
    )
    monkeypatch.setattr("lib.ui.start.nets.first_setup", lambda: short)
    at = press(opened(), "Train this net yourself")
    run = started(at)
    assert run.wait(120, "finished")
    at.run()
    assert run.tested is not None
    assert cards[-1]["run"]["reads"] == run.tested.accuracy
    assert at.segmented_control(key="start-net").value == "own"


def test_digits_are_trained_where_the_ready_net_reads_digits() -> None:
    at = opened()
    at.segmented_control(key="start-net").set_value("ready-digits").run()
    press(at, "Train this net yourself")
    assert started(at).config.data.name == "drawn-digits"


def test_the_ready_nets_stay_to_be_compared_with(cards: list[dict[str, Any]]) -> None:
    at = press(opened(), "Train this net yourself")
    at.segmented_control(key="start-net").set_value("ready").run()
    assert at.segmented_control(key="start-net").value == "ready"
    assert "this little net" in at.markdown[0].value
    assert cards[-1]["run"]["id"] == started(at).id  # and it goes on in view


def test_somebody_elses_run_is_not_hers(cards: list[dict[str, Any]]) -> None:
    run = get_registry().start(preset("small-cnn", "doodles"), "somebody-else")
    at = opened(run=run.id)
    assert cards == []
    assert labels(at) == ["Train this net yourself"]


def test_too_much_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened()
    monkeypatch.setattr(get_registry(), "limits", get_registry().limits.__class__(max_parameters=100))
    press(at, "Train this net yourself")
    assert "16,852 parameters; this machine allows 100" in at.error[0].value
    assert get_registry().newest() == []
    assert "Train this net yourself" in labels(at)


def test_the_next_step_of_the_path_is_marked_and_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    marked: list[str | None] = []
    real = path._next_step
    monkeypatch.setattr(path, "_next_step", lambda: marked.append(real()) or marked[-1])
    at = opened()
    assert marked[-1] == "train"
    press(at, "Train this net yourself")
    assert marked[-1] == "look_inside"
    at.session_state["seen"] = [*at.session_state["seen"], "look_inside"]
    at.run()
    assert marked[-1] == "classify"
