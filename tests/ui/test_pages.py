"""Every page alone, in odd orders and odd states (what needs a browser is in tests/e2e)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.config import Dense, Flatten, ModelConfig, RunConfig
from lib.models import preset
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES
from lib.ui.setup.link import to_link

TITLES = {
    "start": "See a neural network learn",
    "train": "Train",
    "look_inside": "Look inside",
    "classify": "Classify",
    "diagnose": "Diagnose",
    "compare": "Compare",
    "learn": "Learn",
    "data": "Data",
    "labs": "Labs",
}
TINY = RunConfig.model_validate(
    {
        "data": {"name": "digits"},
        "model": ModelConfig(layers=(Flatten(), Dense(8))).model_dump(),
        "train": {"epochs": 200, "learning_rate": 0.003},
    }
)


@pytest.fixture
def start_run() -> Iterator[Callable[..., Run]]:
    """Start runs as the page does; what still goes on afterwards is stopped."""
    started: list[Run] = []

    def start(config: RunConfig = TINY, owner: str = "this-session") -> Run:
        run = get_registry().start(config, owner)
        started.append(run)
        assert run.wait(120, "running")
        return run

    yield start
    for run in started:
        run.stop(run.owner)
        assert run.wait(120)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.lesson.place._cookie", lambda: None)


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def button(at: AppTest, label: str):
    return next(each for each in at.button if each.label == label)


@pytest.mark.parametrize("page", TITLES)
def test_a_page_stands_alone_and_says_what_to_do(page: str) -> None:
    at = opened(page)
    assert not at.exception
    assert at.title[0].value == TITLES[page]
    assert at.markdown[0].value.endswith(".")


@pytest.mark.parametrize("page", ["train", "look_inside", "classify"])
def test_an_unknown_run_is_said_and_the_page_goes_on(page: str) -> None:
    at = opened(page, run="nobody")
    assert not at.exception
    assert "There is no run with this address" in at.warning[0].value
    assert "run" not in at.query_params


def test_train_has_the_five_buttons_and_starts_awake() -> None:
    at = opened("train", data="digits")
    assert [each.label for each in at.button][:4] == ["Train", "Pause", "Step", "Stop"]
    assert not button(at, "Train").disabled
    assert button(at, "Pause").disabled
    assert button(at, "Stop").disabled


def test_controls_write_to_the_set_up_and_to_the_address() -> None:
    at = opened("train", data="digits")
    at.select_slider(key="setup.train.learning_rate").set_value(0.03).run()
    at.select_slider(key="setup.train.epochs").set_value(12).run()
    at.selectbox(key="setup.train.optimizer").set_value("sgd").run()
    at.toggle(key="setup.data.scale_pixels").set_value(False).run()
    assert not at.exception
    found = {name: at.query_params[name] for name in ("lr", "epochs", "opt", "scale", "data")}
    assert found == {"lr": "0.03", "epochs": "12", "opt": "sgd", "scale": "no", "data": "digits"}


def test_train_opens_with_doodles_and_old_links_mean_what_they_meant() -> None:
    """What a newcomer draws is what her first net reads; a link that names no data was made for clothes."""

    def opens_with(**query: str) -> RunConfig:
        return RunConfig.model_validate_json(opened("train", **query).session_state["setup"])

    assert opens_with() == opens_with(lang="de") == preset("small-cnn", "doodles")
    assert opens_with(net="f-d8").data.name == opens_with(v="1", lr="0.1").data.name == "fashion-mnist"
    assert opens_with(hide="optimizer") == preset("small-cnn")
    assert opens_with(run="recorded-two-layer-sigmoid") == preset("two-layer-sigmoid")


def test_a_link_is_the_set_up(start_run: Callable[..., Run]) -> None:
    config = preset("lenet-5").model_copy(update={"data": preset("lenet-5").data.model_copy(update={"name": "digits"})})
    at = opened("train", **to_link(config))
    assert not at.warning
    assert RunConfig.model_validate_json(at.session_state["setup"]) == config


def test_nonsense_in_a_link_is_named() -> None:
    at = opened("train", net="c8-?", lr="-3", data="cats")
    assert not at.exception
    assert "(lr=-3, net=c8-?, data=cats)" in at.warning[0].value.replace("\\", "")  # as markdown shows it
    assert RunConfig.model_validate_json(at.session_state["setup"]) == preset("small-cnn")


def test_train_starts_a_run_and_the_buttons_follow_its_state() -> None:
    at = opened("train", **to_link(TINY))
    button(at, "Train").click().run()
    assert not at.exception
    run = get_registry().find(at.query_params["run"])
    assert run
    assert run.config == TINY
    assert run.wait(120, "running")
    at.run()
    assert button(at, "Train").disabled
    button(at, "Pause").click().run()
    assert run.wait(120, "paused")
    at.run()
    button(at, "Resume").click().run()
    assert run.wait(120, "running")
    button(at, "Stop").click().run()
    assert run.wait(120)
    at.run()
    assert run.state == "stopped"
    assert not button(at, "Train").disabled


def test_the_learning_rate_reaches_the_run_and_a_finished_run_is_frozen(start_run: Callable[..., Run]) -> None:
    run = start_run()
    at = opened("train", run=run.id)
    at.select_slider(key="setup.train.learning_rate").set_value(0.1).run()
    until = 200
    while not run.log.marks and until:
        until -= 1
        run.wait(0.05, "failed")
    assert [mark["learning_rate"] for mark in run.log.marks] == [0.1]
    (said,) = (each.value for each in at.caption if "goes on" in each.value)
    assert said == "This run goes on with a learning rate of 0.1, marked on its curve."
    at.select_slider(key="setup.train.epochs").set_value(100).run()
    assert any("0.1, marked on its curve; your other changes are for the next" in each.value for each in at.caption)
    run.stop(run.owner)
    assert run.wait(120)
    points = list(run.log.points)
    at.run()
    at.select_slider(key="setup.train.learning_rate").set_value(1.0).run()
    assert run.log.points == points
    assert run.config.train.learning_rate == 0.003


def test_another_browsers_run_can_only_be_watched(start_run: Callable[..., Run]) -> None:
    run = start_run(owner="somebody-else")
    at = opened("train", run=run.id)
    assert button(at, "Stop").disabled
    assert button(at, "Pause").disabled
    assert any("started in another browser" in each.value for each in at.caption)


def test_the_schedule_is_a_choice_with_a_drawing() -> None:
    at = opened("train", data="digits")
    assert not [each for each in at.html if "Learning rate over the run" in each.value]
    at.selectbox(key="setup.train.schedule").set_value("one-cycle").run()
    assert not at.exception
    assert at.query_params["sched"] == "one-cycle"
    (drawing,) = (each.value for each in at.html if "Learning rate over the run" in each.value)
    assert 'aria-label="Learning rate over the run: one-cycle, at most 0.002"' in drawing


def test_a_preset_leads_to_its_recorded_run() -> None:
    at = opened("train", **to_link(preset("two-layer-sigmoid")))
    button(at, "See the recorded run").click().run()
    assert not at.exception
    assert at.query_params["run"] == "recorded-two-layer-sigmoid"
    assert not [each for each in at.button if each.label == "See the recorded run"]
    assert not button(at, "Train").disabled
    assert button(at, "Pause").disabled
    assert button(at, "Stop").disabled


def test_an_address_opens_a_recorded_run_with_its_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.datasets.catalogue.locate", lambda _name: None)  # curves need no pictures
    at = opened("train", run="recorded-two-layer-sigmoid")
    assert not at.exception
    assert RunConfig.model_validate_json(at.session_state["setup"]) == preset("two-layer-sigmoid")


@pytest.mark.parametrize("page", ["look_inside", "classify"])
def test_a_recorded_run_cannot_be_looked_into_and_the_page_says_so(page: str) -> None:
    at = opened(page, run="recorded-two-layer-sigmoid")
    assert not at.exception
    assert any("the curves were kept, the weights were not" in each.value for each in at.caption)
    assert at.selectbox(key="net-choice").value == "ready"


@pytest.mark.parametrize("page", ["look_inside", "classify"])
def test_a_run_can_be_looked_into_while_it_trains(page: str, start_run: Callable[..., Run]) -> None:
    run = start_run()
    at = opened(page, run=run.id)
    assert not at.exception
    assert at.selectbox(key="net-choice").value == run.id
    if page == "look_inside":
        assert any("no convolution" in each.value for each in at.caption)


@pytest.mark.parametrize(
    ("selected", "kind"),
    [
        (None, "convolution"),
        ({"layer": "conv2", "index": 9}, "convolution"),
        ({"layer": "pool1", "index": 3}, "pooling"),
        ({"layer": "flatten1", "index": 40}, "flatten"),
        ({"layer": "dense1", "index": 5}, "dense"),
        ({"layer": "answer", "index": 6}, "dense"),
        ({"layer": "conv9", "index": 0}, "convolution"),  # chosen in another net
        ({"layer": "conv1", "index": 99}, "convolution"),
    ],
)
def test_a_click_in_the_overview_opens_the_arithmetic(
    selected: dict[str, Any] | None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("lib.ui.look_inside.maps.arithmetic_panel", lambda **sent: shown.append(sent))
    monkeypatch.setattr("lib.ui.look_inside.maps.clicked", lambda _key: selected)
    at = opened("look_inside")
    assert not at.exception
    (sent,) = shown
    assert sent["number"]["kind"] == kind
    assert sent["step"] == 6768
    known = selected is not None and selected["layer"] != "conv9" and selected["index"] != 99
    layer, index = (selected["layer"], selected["index"]) if known and selected else ("conv1", 0)
    assert (sent["number"]["layer"], sent["number"]["index"]) == ("dense2" if layer == "answer" else layer, index)


def test_too_much_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("train", **to_link(TINY))
    monkeypatch.setattr(get_registry(), "limits", get_registry().limits.__class__(max_parameters=100))
    button(at, "Train").click().run()
    assert "6,370 parameters; this machine allows 100" in at.error[0].value
    assert get_registry().newest() == []


def test_a_data_set_that_is_not_here_is_offered_and_the_rest_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.datasets.catalogue.locate", lambda _name: None)
    at = opened("train")
    assert RunConfig.model_validate_json(at.session_state["setup"]).data.name == "doodles"  # offline, so it works
    at.selectbox(key="setup.data.name").set_value("mnist").run()
    assert not at.exception
    assert button(at, "Download")
    assert button(at, "Train").disabled
    at.selectbox(key="setup.data.name").set_value("digits").run()
    assert not button(at, "Train").disabled


def test_a_run_that_is_damaged_in_part_is_called_so_in_the_list(start_run: Callable[..., Run]) -> None:
    """An entry of its curve is no JSON: the run is shown without it, and named."""
    run, whole = start_run(), start_run()
    for each in (run, whole):
        each.stop("this-session")
        assert each.wait(120)
    registry = get_registry()
    entry = "INSERT INTO entries (run, kind, position, value) VALUES (?, 'point', 0.5, '[0.5, 1')"
    registry._store._database.write([(entry, (run.id,))])
    registry._runs.pop(run.id)  # as after a restart
    at = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60).run()
    assert not at.exception
    assert at.button(key=f"open-{run.id}").label.endswith(" · damaged in part")
    assert "damaged" not in at.button(key=f"open-{whole.id}").label
