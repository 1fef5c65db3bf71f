"""The views of Look inside, each alone, on a finished net, on one that trains, and on one without convolutions."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib.config import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.nets.ready import ready_net
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES

VIEWS = ("maps", "bench", "matters", "surgery", "backwards")


def config_of(*layers, optimizer: str = "adam") -> RunConfig:
    return RunConfig.model_validate(
        {
            "data": {"name": "digits"},
            "model": ModelConfig(layers=layers).model_dump(),
            "train": {"epochs": 200, "learning_rate": 0.003, "optimizer": optimizer},
        }
    )


DENSE = config_of(Flatten(), Dense(8))
CONVOLUTIONAL = config_of(Conv2d(4), MaxPool2d(), Conv2d(3), Flatten(), optimizer="sgd")


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


@pytest.fixture
def start_run() -> Iterator[Callable[[RunConfig], Run]]:
    started: list[Run] = []

    def start(config: RunConfig) -> Run:
        run = get_registry().start(config, "this-session")
        started.append(run)
        assert run.wait(120, "running")
        return run

    yield start
    for run in started:
        run.stop(run.owner)
        assert run.wait(120)


def opened(view: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "look_inside.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.session_state["view"] = view
    return at.run()


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.info, *at.markdown))


def button(at: AppTest, label: str):
    return next(each for each in at.button if each.label == label)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_on_the_ready_net(view: str) -> None:
    at = opened(view)
    assert not at.exception
    assert at.title[0].value == "Look inside"


@pytest.mark.parametrize("source", ["draw", "upload"])
@pytest.mark.parametrize("view", VIEWS)
def test_without_a_picture_a_view_says_what_to_do(view: str, source: str) -> None:
    at = opened(view)
    at.session_state["picture-source-sample"] = source
    at.run()
    assert not at.exception
    assert any("Draw or upload" in each.value for each in at.info)


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_works_on_a_net_that_trains(view: str, config: RunConfig, start_run: Callable[..., Run]) -> None:
    run = start_run(config)
    assert not opened(view, run=run.id).exception


def test_a_net_without_filters_cannot_be_operated_on_and_the_view_says_so(start_run: Callable[..., Run]) -> None:
    at = opened("surgery", run=start_run(DENSE).id)
    assert "no filters to mute" in at.info[0].value


def test_what_matters_can_be_asked_of_every_class_layer_and_patch() -> None:
    at = opened("matters")
    at.selectbox(key="matters-class-doodles").set_value(2).run()
    at.selectbox(key="matters-layer-conv1-conv2").set_value("conv1").run()
    for patch in (1, 12):
        at.select_slider(key="matters-patch-28").set_value(patch).run()
        assert not at.exception
        assert not at.error


def test_what_covers_a_place_is_called_in_the_page_s_language() -> None:
    at = opened("matters", lang="es")
    assert [each.content for each in at.segmented_control(key="matters-cover").proto.options] == [
        "negro", "gris", "blanco"
    ]  # fmt: skip
    assert not at.exception


def test_a_weight_is_set_on_the_copy_undone_and_reset() -> None:
    before = {name: value.clone() for name, value in ready_net().weights.items()}
    at = opened("surgery")
    assert button(at, "Undo").disabled
    for value in (3.0, -3.0):
        field = next(each for each in at.number_input if each.label == "New value")
        field.set_value(value).run()
        button(at, "Set").click().run()
    assert [each["edit"]["value"] for each in at.session_state["surgery"]["operations"]] == [3.0, -3.0]
    assert "In the copy: −3.0000" in told(at)
    button(at, "Undo").click().run()
    assert "In the copy: +3.0000" in told(at)
    button(at, "Reset").click().run()
    assert at.session_state["surgery"]["operations"] == []
    assert not at.exception
    assert all(value.equal(before[name]) for name, value in ready_net().weights.items())


def test_no_weight_is_set_so_large_that_answers_burst() -> None:
    field = next(each for each in opened("surgery").number_input if each.label == "New value")
    assert (field.min, field.max) == (-1e6, 1e6)


def test_filters_are_ranked_on_request_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.look_inside.filter_ranking._TICK", 60.0)  # in one run, on a busy machine too
    at = opened("surgery")
    button(at, "Rank the filters of conv1").click().run()
    assert not at.exception
    assert not [each for each in at.button if each.label.startswith("Rank")]
    assert not [each for each in at.button if each.label == "Cancel"]
    at.selectbox(key="surgery-layer-conv1-conv2").set_value("conv2").run()
    assert button(at, "Rank the filters of conv2")
    at.selectbox(key="surgery-layer-conv1-conv2").set_value("conv1").run()
    assert not [each for each in at.button if each.label.startswith("Rank")]


def test_a_ranking_can_be_cancelled_and_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.look_inside.filter_ranking._TICK", 0.0)  # one filter a run
    monkeypatch.setattr("lib.ui.look_inside.filter_ranking._ranked", OrderedDict())
    at = opened("surgery")
    button(at, "Rank the filters of conv1").click().run()
    share = at.session_state["surgery-under-way"]["share"]
    assert 0 < share < 0.5
    at.run()
    assert at.session_state["surgery-under-way"]["share"] > share
    button(at, "Cancel").click().run()
    assert "surgery-under-way" not in at.session_state
    assert not [each for each in at.button if each.label == "Cancel"]
    monkeypatch.setattr("lib.ui.look_inside.filter_ranking._TICK", 60.0)
    button(at, "Rank the filters of conv1").click().run()
    assert not at.exception
    assert not [each for each in at.button if each.label.startswith("Rank")]


def test_the_copy_keeps_its_weights_until_newer_ones_are_asked_for(
    start_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    # AppTest cannot run again once a choice has another text, and this one says the newest accuracy.
    monkeypatch.setattr("lib.ui.frame.page._name", lambda run, _titles: run.name if run else "the ready net")
    run = start_run(CONVOLUTIONAL)
    at = opened("surgery", run=run.id)
    taken = at.session_state["surgery"]["step"]
    until = 600
    while run.model()[0] <= taken and until:
        until -= 1
        run.wait(0.05, "failed")
    at.run()
    assert at.session_state["surgery"]["step"] == taken
    assert f"a copy, taken at iteration {taken:,}" in told(at)
    button(at, "Newest weights").click().run()
    assert not at.exception
    assert at.session_state["surgery"]["step"] > taken


@pytest.mark.parametrize("view", ["matters", "surgery", "backwards"])
def test_a_net_that_broke_is_said_in_a_sentence(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = ready_net().weights
    broken = weights | {"conv1.weight": torch.full_like(weights["conv1.weight"], torch.nan)}
    monkeypatch.setattr("lib.ui.frame.page.ready_net", lambda: replace(ready_net(), weights=broken))
    at = opened(view)
    assert not at.exception
    assert "no longer numbers" in at.warning[0].value


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL], ids=["adam", "sgd"])
def test_backwards_shows_the_run_s_optimizer_beside_another(config: RunConfig, start_run: Callable[..., Run]) -> None:
    run = start_run(config)
    run.pause(run.owner)
    assert run.wait(120, "paused")
    at = opened("backwards", run=run.id)
    assert not at.exception
    table = at.table[0].value
    titles = ["Adam", "plain gradient descent"]
    if config is CONVOLUTIONAL:
        titles = ["SGD (gradient descent)", "Adam, its first step"]
    assert list(table.columns)[1:] == titles
    plain = table[titles[1] if config is DENSE else titles[0]].tolist()
    gradient, update = (float(plain[place].replace("−", "-")) for place in (1, 2))
    assert update == pytest.approx(-0.003 * gradient, rel=0.02, abs=2e-6)
    if config is DENSE:
        assert f"iteration {run.model()[0]:,}, its last save" in told(at)
    at.segmented_control(key="backwards-source").set_value("a training batch").run()
    assert not at.exception
