"""Classify, one picture: steps that are left out, and the explanation, on every kind of net."""

import base64
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from lib.config import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.datasets import load_dataset, prepare
from lib.datasets.preparation import choices_for
from lib.nets import strange
from lib.nets.ready import ready_net
from lib.runs import Run, get_registry
from lib.training import predict
from lib.ui.classify import explanation
from lib.ui.classify.steps import shown_steps
from lib.ui.frame.page import PAGES
from lib.ui.net import inside
from lib.ui.net.familiar import is_strange
from tests.drawings.sheet import doodle_drawings, rasterize

DENSE = (Flatten(), Dense(8))
CONVOLUTIONAL = (Conv2d(4), MaxPool2d(), Flatten(), Dense(6))
# A small house in a corner.
(HOUSE,) = [rasterize(d.strokes, d.pen) for d in doodle_drawings()[103:104]]


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    explanation._found.clear()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has drawn a house."""

    def drawing(data: object, followed: bool) -> inside.Chosen:
        prepared = prepare(HOUSE, data)
        return inside.Chosen(prepared.tensor, "your drawing", None, prepared, HOUSE)

    monkeypatch.setattr("lib.ui.net.inside._drawn", drawing)


@pytest.fixture
def start_run() -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def start(layers: tuple[object, ...]) -> Run:
        config = RunConfig.model_validate(
            {
                "data": {"name": "digits"},
                "model": ModelConfig(layers=layers).model_dump(),
                "train": {"epochs": 200, "learning_rate": 0.003},
            }
        )
        run = get_registry().start(config, "this-session")
        started.append(run)
        assert run.wait(120, "running")
        return run

    yield start
    for run in started:
        run.stop(run.owner)
        assert run.wait(120)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "classify.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def html(at: AppTest) -> str:
    return " ".join(each.value for each in at.html)


def test_S65_without_a_step_the_answer_changes_and_both_are_said(drawn: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened()
    assert not at.exception
    assert 'data-testid="whole"' not in html(at)
    net = ready_net()
    off = ["crop", "centre"]
    monkeypatch.setattr("lib.ui.classify.picture.left_out", lambda _key: [*off, "no such step"])
    at.run()
    assert not at.exception
    _, model = net.model()
    whole = predict(model, prepare(HOUSE, net.dataset).tensor)[0]
    without = predict(model, prepare(HOUSE, net.dataset, set(choices_for(net.dataset)) - set(off)).tensor)[0]
    assert f"with all steps: {net.dataset.classes[int(whole.argmax())]}" in html(at)
    assert f'data-class="{net.dataset.classes[int(without.argmax())]}"' in html(at)
    assert f'data-class="house" data-share="{float(without[5]):.6f}"' in html(at)


@pytest.mark.parametrize("name", ["doodles", "digits"])
def test_X5_every_step_has_its_place_also_when_left_out(name: str) -> None:
    data = load_dataset(name)
    names = [step["name"] for step in shown_steps(prepare(HOUSE, data), data, [])]
    assert names == [
        *("picture", "grey", "polarity", "crop"), *(["scan"] if name == "digits" else []), "resize", "centre", "final",
    ]  # fmt: skip
    for off in [[each] for each in choices_for(data)] + [list(choices_for(data))]:
        prepared = prepare(HOUSE, data, set(choices_for(data)) - set(off))
        shown = shown_steps(prepared, data, off)
        assert [step["name"] for step in shown] == names
        assert [step["name"] for step in shown if not step["on"]] == off
        assert all("Left out" in step["sentence"] for step in shown if step["name"] in off)
    assert [step["name"] for step in shown if step["fixed"]] == ["picture"]


def test_another_ready_net_can_be_chosen_and_start_follows(drawn: None) -> None:
    at = opened()
    at.selectbox(key="net-choice").set_value("ready-digits").run()
    assert not at.exception
    assert 'data-class="7"' in html(at)
    start = AppTest.from_file(str(PAGES / "start.py"), default_timeout=60)
    start.session_state["ready-net"] = "ready-digits"
    start.run()
    assert not start.exception
    assert start.segmented_control(key="start-net").value == "ready-digits"
    assert any("digits that our own pen wrote" in each.value for each in start.markdown)


def test_the_camera_is_for_nets_in_the_page_and_no_choice_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened()
    at.session_state["picture-source-draw"] = "camera"
    at.run()
    assert not at.exception
    assert not at.info
    assert not html(at).count("data-class")  # the page itself answers, not the server
    monkeypatch.setattr("lib.ui.net.in_page.fits_in_page", lambda *_: False)
    at.run()
    assert any("too large to run in the page" in each.value for each in at.info)
    at.session_state["classify-view"] = "sureness"  # it has no camera: what was chosen gives way
    at.run()
    assert not at.exception
    assert at.session_state["picture-source-draw"] == "draw"


@pytest.mark.parametrize("source", ["draw", "sample"])
def test_an_answer_is_explained(source: str, drawn: None) -> None:
    at = opened()
    at.session_state["picture-source-draw"] = source
    at.session_state["explaining"] = True
    at.run()
    assert not at.exception
    assert "among all 9,000 training pictures" in html(at)
    assert html(at).count('data-testid="neighbour"') == 10


@pytest.mark.parametrize("layers", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_a_net_that_trains_is_explained_at_one_moment(
    layers: tuple[object, ...], drawn: None, start_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    # AppTest cannot run again once a choice has another text, and this one says the newest accuracy.
    monkeypatch.setattr("lib.ui.frame.page._name", lambda run, _titles: run.name if run else "")
    panels: list[dict[str, Any]] = []
    monkeypatch.setattr("lib.ui.classify.explanation.attribution", lambda **sent: panels.append(sent))
    run = start_run(layers)
    at = opened(run=run.id)
    at.session_state["explaining"] = True
    at.run()
    at.run()
    assert not at.exception
    assert len(panels) >= 2  # more where comparing took more than a moment
    assert len({sent["step"] for sent in panels}) == 1  # also while the net learns on
    assert ("missing" in panels[0]["panels"][0]) == (layers is DENSE)
    assert "training pictures are of the class" in html(at)
    assert any(each.label == "Newest weights" for each in at.button)


def test_comparing_has_a_bar_and_can_be_cancelled_and_taken_up_again(
    drawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened()
    at.session_state["explaining"] = True
    with monkeypatch.context() as patch:  # each run is followed by no other, so that there is time to look
        patch.setattr("streamlit.rerun", lambda **_: st.stop())
        patch.setattr(explanation, "_AT_ONCE", 0.02)
        at.run()
        at.run()
        assert not at.exception
        assert 'data-testid="nearest"' not in html(at)
        share = at.session_state["explanation-under-way"]["share"]
        at.run()
        assert share < at.session_state["explanation-under-way"]["share"] < 1  # it goes on where it was
        next(each for each in at.button if each.label == "Cancel").click().run()
        assert "explanation-under-way" not in at.session_state
        assert "Cancel" not in [each.label for each in at.button]
    at.run()
    assert 'data-testid="nearest"' not in html(at)  # it stays so
    next(each for each in at.button if each.label == "Compare them").click().run()
    assert 'data-testid="nearest"' in html(at)


def test_what_is_kept_of_nets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "_MOST_BYTES", 1)
    monkeypatch.setattr(explanation, "_AT_ONCE", 60.0)  # no page is there to run again
    for _ in range(2):
        net = ready_net("digits")
        for step in (1, 2, 3):
            assert explanation._known(net, step, net.model()[1]) is not None
        assert list(explanation._found) == [(net.id, 3)]


def test_a_picture_with_nothing_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = Image.new("L", (50, 50), 255)
    monkeypatch.setattr(
        "lib.ui.net.inside._drawn",
        lambda data, _: inside.Chosen((made := prepare(blank, data)).tensor, "your drawing", None, made, blank),
    )
    at = opened()
    assert not at.exception


def _scribbled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has drawn zigzags that are nothing."""
    chance = np.random.default_rng(5)
    picture = rasterize([[(float(x), float(y)) for x, y in chance.uniform(0.2, 0.8, (24, 2))]], 0.06)
    monkeypatch.setattr(
        "lib.ui.net.inside._drawn",
        lambda data, _: inside.Chosen((made := prepare(picture, data)).tensor, "your drawing", None, made, picture),
    )


def test_none_of_these_is_said_and_the_bars_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    _scribbled(monkeypatch)
    at = opened()
    assert not at.exception
    assert 'data-class="none of these"' in html(at)
    assert "nothing that it learned looks like this" in html(at)
    assert html(at).count('data-testid="bar"') == 10


def test_a_house_is_one_of_these(drawn: None) -> None:
    at = opened()
    assert not at.exception
    assert "none of these" not in html(at)
    assert 'data-testid="verdict" data-class="house"' in html(at)


@pytest.mark.parametrize("scribbled", [False, True])
def test_start_says_none_of_these_too(scribbled: bool, monkeypatch: pytest.MonkeyPatch, drawn: None) -> None:
    if scribbled:
        _scribbled(monkeypatch)
    sent: list[dict[str, object]] = []
    monkeypatch.setattr("lib.ui.components.feature_maps.feature_maps", lambda **shown: sent.append(shown["answer"]))
    start = AppTest.from_file(str(PAGES / "start.py"), default_timeout=60).run()
    assert not start.exception
    assert sent[-1]["strange"] is scribbled


@pytest.mark.parametrize("scribbled", [False, True])
def test_look_inside_says_it_wherever_it_answers(scribbled: bool, monkeypatch: pytest.MonkeyPatch, drawn: None) -> None:
    """Feature maps, what matters and surgery; and the explanation on Classify."""
    if scribbled:
        _scribbled(monkeypatch)
    sent: dict[str, dict[str, Any]] = {}
    for place, name in (
        ("look_inside.maps", "feature_maps"), ("look_inside.matters", "attribution"),
        ("look_inside.surgery", "bar_list"),
        ("classify.explanation", "attribution"),
    ):  # fmt: skip
        monkeypatch.setattr(f"lib.ui.{place}.{name}", lambda key, **shown: sent.update({key: shown}))
    for view in ("maps", "matters", "surgery"):
        at = AppTest.from_file(str(PAGES / "look_inside.py"), default_timeout=60)
        at.session_state["view"] = view
        at.session_state["picture-source-sample"] = "draw"
        assert not at.run().exception
    at = AppTest.from_file(str(PAGES / "classify.py"), default_timeout=60)
    at.session_state["explaining"] = True
    assert not at.run().exception
    assert sent["maps"]["answer"]["strange"] is scribbled
    for key in ("matters", "explanation"):
        (label,) = [line["label"] for line in sent[key]["answer"]]
        assert ("none of these" in label) is scribbled, key
    assert ("none of these" in sent["surgery-answer"]["note"]) is scribbled


def test_a_test_picture_has_its_truth_and_a_net_that_learns_is_not_asked(start_run: Callable[..., Run]) -> None:
    net = ready_net()
    step, model = net.model()
    assert not is_strange(net, step, model, inside.sample_of(net.dataset, 0))
    run = start_run(DENSE)
    blank = Image.new("L", (50, 50))
    chosen = inside.Chosen(prepare(blank, run.dataset).tensor, "your drawing", None, None, blank)
    strange._kept.clear()
    assert not is_strange(run, *run.model(), chosen)
    assert not strange._kept
    run.stop(run.owner)
    assert run.wait(120)
    assert is_strange(run, *run.model(), chosen)
    assert list(strange._kept) == [(run.id, run.model()[0])]


def test_a_drawing_travels_once_however_many_steps_change_nothing():
    net = ready_net()
    sheet = Image.new("RGB", (392, 392), "white")
    ImageDraw.Draw(sheet).line([(80, 90), (300, 120), (190, 320)], fill="black", width=22)
    steps = shown_steps(prepare(sheet, net.dataset), net.dataset, [])
    sent = {step["name"]: step["picture"] for step in steps}
    assert (steps[2]["name"], steps[2]["turned"]) == ("polarity", True)  # light and dark turned: the page can do that
    assert [name for name, picture in sent.items() if picture] == ["picture", "crop", "resize", "centre"]
    assert len(json.dumps(steps)) < 9_000
    kept = Image.open(BytesIO(base64.b64decode(sent["centre"].partition(",")[2])))
    assert kept.format == "PNG"  # what the net sees is shown to the last pixel
    assert kept.size == (28, 28)
