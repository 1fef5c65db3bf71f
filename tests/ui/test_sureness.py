"""Classify, "How sure?": doubt, its price, and pictures of something else; the numbers against numpy."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from lib import evaluate, load_dataset, predict, prepare
from lib.config import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.nets.ready import ready_net
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES
from lib.ui.net import measuring
from lib.ui.words import percent

Sent = dict[str, Any]


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> None:
    """AppTest has no cookies to tell browsers apart, and cannot run again once a choice has another text."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.frame.page._name", lambda run, _titles: run.name if run else "the ready net")
    monkeypatch.setattr("lib.datasets.foreign.load_dataset", load_dataset)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What the drawings were given last."""
    found: Sent = {}
    monkeypatch.setattr("lib.ui.classify.sureness.sureness", lambda **data: found.update(chart=data))
    monkeypatch.setattr("lib.ui.classify.strangers.picture_wall", lambda **data: found.update(wall=data))
    return found


@pytest.fixture(params=["dense", "convolutional"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    layers = {"dense": (Flatten(), Dense(8)), "convolutional": (Conv2d(4), MaxPool2d(), Flatten())}[request.param]
    config = RunConfig.model_validate(
        {
            "data": {"name": "digits"},
            "model": ModelConfig(layers=layers).model_dump(),
            "train": {"epochs": 200, "learning_rate": 0.003},
        }
    )
    started = get_registry().start(config, "this-session")
    assert started.wait(120, "running")
    yield started
    started.stop(started.owner)
    assert started.wait(120)


def opened(source: str = "draw", **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "classify.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.session_state["classify-view"] = "sureness"
    at.session_state["picture-source-draw"] = source
    at.run()
    assert not at.exception
    return at


def html(at: AppTest) -> str:
    return " ".join(each.value for each in at.html)


def button(at: AppTest, start: str) -> Any:
    return next((each for each in at.button if each.label.startswith(start)), None)


@pytest.fixture
def hasty() -> Run:
    """A net that learned for a moment, and is wrong now and then."""
    config = RunConfig.model_validate(
        {
            "data": {"name": "digits", "train_size": 200},
            "model": ModelConfig(layers=(Flatten(), Dense(16))).model_dump(),
            "train": {"epochs": 12, "learning_rate": 0.01, "precision": "fp32"},
        }
    )
    run = get_registry().start(config, "this-session")
    assert run.wait(120)
    assert run.state == "finished"
    return run


def temperature_in(at: AppTest) -> str:
    return next(each.value for each in at.caption if "**temperature" in each.value)


def test_it_opens_with_everything_to_see(sent: Sent, hasty: Run) -> None:
    at = opened()
    assert "The answer appears here" in html(at)
    assert temperature_in(at)
    assert sent["chart"]["pictures"] == 2_000
    at = opened(run=hasty.id)
    assert sent["chart"]["pictures"] == 382
    assert [each["name"].split()[0] for each in sent["chart"]["calibrations"]] == ["as", "temperature"]


def test_thresholds_cost_what_numpy_says_they_cost(sent: Sent) -> None:
    at = opened()
    at.segmented_control(key="sureness-temperature").set_value("off").run()
    net = ready_net()
    found = evaluate(net.model()[1], net.dataset.test)
    sure, right = (
        found.probabilities.amax(1).numpy(),
        (found.probabilities.argmax(1) == net.dataset.test.labels).numpy(),
    )
    assert [stop["threshold"] for stop in sent["chart"]["stops"]][::19] == [0.0, 0.95]
    for stop in sent["chart"]["stops"]:
        # float32 here, float64 there: a picture exactly on the threshold may fall either way
        kept = sure >= stop["threshold"]
        assert stop["coverage"] == pytest.approx(kept.mean(), abs=1e-3)
        assert stop["accuracy"] == pytest.approx(right[kept].mean(), abs=1e-3)
    coverage, accuracy = zip(*sent["chart"]["curve"], strict=True)
    assert list(coverage) == sorted(coverage)
    assert (coverage[-1], accuracy[-1]) == pytest.approx((1.0, found.accuracy))
    assert len(coverage) <= 600
    assert len(sent["chart"]["calibrations"]) == 1  # nothing was changed, so there is no before


def test_the_temperature_is_fitted_on_validation_pictures(sent: Sent, hasty: Run) -> None:
    at = opened(run=hasty.id)
    valid = evaluate(hasty.model()[1], hasty.dataset.valid)
    fitted = float(temperature_in(at).split("**temperature, ")[1].split("**")[0])

    def loss(temperature: float) -> float:
        scores = valid.probabilities.double().clamp_min(1e-300).log() / temperature
        return float(torch.nn.functional.cross_entropy(scores, hasty.dataset.valid.labels))

    grid = np.arange(0.1, 8.0, 0.01)
    assert fitted == pytest.approx(grid[np.argmin([loss(t) for t in grid])], abs=0.011)
    assert fitted != pytest.approx(1.0, abs=0.02)
    assert f"{len(hasty.dataset.valid)} validation pictures" in temperature_in(at)
    for mode in ("off", "own"):
        at.segmented_control(key="sureness-temperature").set_value(mode).run()
        assert "temperature, 1.00**" in temperature_in(at)
    at.select_slider(key="sureness-by-hand").set_value(10.0).run()
    assert not at.exception
    assert sent["chart"]["calibrations"][1]["name"] == "temperature 10.00"
    assert "At this temperature" in sent["chart"]["calibration_says"]
    assert "less sure than it is right" in sent["chart"]["calibration_says"]


def test_where_nothing_is_wrong_no_temperature_is_fitted(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "_kept", type(measuring._kept)())
    monkeypatch.setattr(measuring, "fit_temperature", lambda _outputs: None)
    at = opened()
    assert "temperature, 1.00**" in temperature_in(at)
    assert "of 1,000 validation pictures none is named wrongly" in temperature_in(at)
    assert len(sent["chart"]["calibrations"]) == 1


def test_threshold_and_temperature_hold_for_the_person_s_own_picture(sent: Sent) -> None:
    at = opened("sample")
    net = ready_net()
    assert 'data-class="smiley"' in html(at)
    at.segmented_control(key="sureness-temperature").set_value("own").run()
    at.select_slider(key="sureness-by-hand").set_value(10.0).run()
    assert 'data-class="none of these"' in html(at)  # 80 % is the first threshold
    assert re.search(r"only\s[\d.]+\s%\ssmiley", html(at))
    x = net.dataset.test.batch((net.dataset.test.labels == 6).nonzero()[0])[0]
    shares = (predict(net.model()[1], x)[0].double().log() / 10).softmax(0).numpy()
    bits = float(html(at).split('data-testid="entropy" data-value="')[1].split('"')[0])
    assert bits == pytest.approx(-(shares * np.log2(shares)).sum(), rel=1e-4)
    distance = float(html(at).split('data-testid="margin" data-value="')[1].split('"')[0])
    assert distance == pytest.approx(np.diff(np.sort(shares))[-1], rel=1e-4)
    at.session_state["sureness"] = {"stop": 0}  # as the slider does
    at.run()
    assert at.session_state["sureness-stop"] == 0
    assert sent["chart"]["chosen"] == 0
    assert 'data-class="smiley"' in html(at)


def test_S66_a_shoe_shown_to_a_net_is_answered_with_certainty_and_that_is_counted(sent: Sent) -> None:
    at = opened()
    others = at.selectbox(key="strangers-doodles").options
    assert any("igits" in each for each in others)
    at.selectbox(key="strangers-doodles").set_value("digits").run()
    assert "wall" not in sent
    button(at, "Show it digits").click().run()
    assert not at.exception
    assert button(at, "Show it digits") is None

    net, digits = ready_net(), load_dataset("digits")
    index = torch.linspace(0, len(digits.test) - 1, 300, dtype=torch.float64).round().long()
    x = torch.cat([prepare(Image.fromarray(p[0].numpy()), net.dataset).tensor for p in digits.test.images[index]])
    shares = predict(net.model()[1], x)
    said = next(each.value for each in at.markdown if "more than 90 %" in each.value)
    certain = float((shares.amax(1) > 0.9).double().mean())
    assert f"**{percent(certain)} of 300 digits are answered with more than 90 % certainty**" in said
    assert certain > 0.1  # else there is nothing to see here

    at.segmented_control(key="sureness-temperature").set_value("off").run()
    tiles = sent["wall"]["tiles"]
    where = torch.linspace(0, 299, len(tiles)).round().long().tolist()
    for tile, place in zip(tiles, where, strict=True):
        assert tile["share"] == pytest.approx(float(shares[place].max()), abs=1e-4)
        assert tile["answer"] == net.dataset.classes[int(shares[place].argmax())]
        assert tile["name"] == digits.classes[int(digits.test.labels[index[place]])]
        assert tile["refused"] == (tile["share"] < 0.8)
    said = next(each.value for each in at.markdown if "more than 90 %" in each.value)
    away = float((shares.amax(1) < 0.8).double().mean())
    assert f"A threshold of 80 % turns {percent(away)} of them away" in said
    assert "temperature" not in said


def test_shoes_are_what_a_net_is_shown_where_they_are_at_hand(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.datasets.catalogue.locate", lambda _name: None)
    assert opened().selectbox(key="strangers-doodles").options == [
        "digits (Digits)",  # what ships works offline
        "drawn digits (Drawn digits)",
    ]
    monkeypatch.undo()


@pytest.mark.fashion
def test_S66_shoes(sent: Sent) -> None:
    at = opened()
    assert at.selectbox(key="strangers-doodles").options[0] == "shoes (Fashion-MNIST)"
    button(at, "Show it shoes").click().run()
    assert not at.exception
    assert {tile["name"] for tile in sent["wall"]["tiles"]} <= {"Sandal", "Sneaker", "Ankle boot"}


def test_what_was_measured_is_not_measured_again(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    opened()

    def again(*_: object) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr(measuring, "collect", again)
    first = sent["chart"]
    at = opened()
    assert sent["chart"]["stops"] == first["stops"]
    at.segmented_control(key="sureness-temperature").set_value("off").run()
    assert not at.exception


def test_what_was_cancelled_can_go_on(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "_kept", type(measuring._kept)())
    at = AppTest.from_file(str(PAGES / "classify.py"), default_timeout=60)
    at.session_state["classify-view"] = "sureness"
    at.session_state["sureness-cancelled"] = (ready_net().id, ready_net().steps, 2_000)
    at.run()
    assert any("Measuring the net was cancelled" in each.value for each in at.caption)
    assert not sent
    button(at, "Go on").click().run()
    assert not at.exception
    assert sent["chart"]["pictures"] == 2_000


def test_few_nets_are_remembered(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    monkeypatch.setattr(measuring, "_MOST_KEPT", 2)
    at = opened()
    for pictures in (500, 2_000):
        at.selectbox(key="sureness-pictures-2000").set_value(pictures).run()
        assert sent["chart"]["pictures"] == pictures
    assert len(measuring._kept) <= 2


def test_it_works_on_a_net_that_trains_and_follows_it_on_request(run: Run, sent: Sent) -> None:
    at = opened("sample", run=run.id)
    step, first = at.session_state["moment"]["step"], sent["chart"]["stops"]
    tries = 600
    while run.model()[0] <= step and tries:
        tries -= 1
        run.wait(0.05, "failed")
    at.run()
    assert sent["chart"]["stops"] == first
    button(at, "Newest weights").click().run()
    assert not at.exception
    assert at.session_state["moment"]["step"] > step
    assert sent["chart"]["stops"] != first
    assert "doodles (Doodles)" in at.selectbox(key="strangers-digits").options


def test_a_net_without_a_validation_slice_says_what_it_was_fitted_on(sent: Sent) -> None:
    config = RunConfig.model_validate(
        {
            "data": {"name": "digits", "valid_fraction": 0.0, "train_size": 100},
            "model": ModelConfig(layers=(Flatten(),)).model_dump(),
            "train": {"epochs": 1},
        }
    )
    run = get_registry().start(config, "this-session")
    assert run.wait(120)
    at = opened(run=run.id)
    assert "382 test pictures" in next(each.value for each in at.caption if "temperature" in each.value)


def test_a_net_that_broke_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = ready_net().weights
    broken = weights | {"conv1.weight": torch.full_like(weights["conv1.weight"], torch.nan)}
    monkeypatch.setattr("lib.ui.frame.page.ready_net", lambda: replace(ready_net(), weights=broken))
    assert "no longer numbers" in opened().warning[0].value
