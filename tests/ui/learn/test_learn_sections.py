"""Learn without a browser: every section in both languages on all kinds of nets, and where its links lead."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from lib.config import RunConfig
from lib.lessons import lessons
from lib.nets.ready import ready_net
from lib.runs import Run
from lib.ui.frame.page import PAGES
from lib.ui.learn.places import PLACES, name_of_term
from lib.ui.learn.sections import SECTIONS
from lib.ui.words import LANGUAGES, words_of
from tests.ui.learn.opening import CONVOLUTIONS, DENSE, LAST_ONLY, opened, told


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_on_the_ready_net_in_every_language(section: str, language: str) -> None:
    at = opened(section, lang=language)
    assert at.title[0].value == words_of(language)["pages.learn"]
    assert words_of(language)["learn.sentence"] in told(at)
    assert not at.error
    # Whatever was not filled in would still have its braces.
    assert not re.search(r"\{\w+", told(at))


@pytest.mark.parametrize("config", [DENSE, LAST_ONLY, CONVOLUTIONS], ids=["dense", "last-only", "convolutions"])
def test_every_section_works_on_every_kind_of_net(config: RunConfig, finished: Callable[..., Run]) -> None:
    run = finished(config)
    for section in SECTIONS:
        at = opened(section, run=run.id)
        assert not at.error, section


def test_the_language_and_the_section_are_kept_in_the_address() -> None:
    at = opened("loss")
    at.segmented_control(key="section-choice").set_value("descent").run()
    assert at.query_params["section"] == "descent"
    at.segmented_control(key="language-choice").set_value("de").run()
    assert at.query_params["lang"] == "de"
    assert at.query_params["section"] == "descent"
    assert words_of("de")["learn.sentence"] in told(at)
    assert not at.exception


def test_the_language_comes_back_into_the_address_after_another_page() -> None:
    at = opened("loss", lang="de")
    del at.query_params["lang"]
    at.run()
    assert at.query_params["lang"] == "de"


@pytest.mark.parametrize(
    ("key", "name", "before", "after"),
    [("language-choice", "lang", "en", "de"), ("section-choice", "section", "loss", "descent")],
)
def test_an_address_that_comes_late_asks_for_nothing(key: str, name: str, before: str, after: str) -> None:
    at = opened("loss", lang="en")
    at.segmented_control(key=key).set_value(after).run()
    at.query_params[name] = before  # what a slow browser knew when it sent this
    at.run()
    assert at.query_params[name] == after
    assert at.segmented_control(key=key).value == after


def test_a_lesson_may_turn_to_another_section_than_the_address_says() -> None:
    at = opened("loss")
    at.session_state["section"] = "descent"
    at.run()
    assert at.query_params["section"] == "descent"
    assert at.segmented_control(key="section-choice").value == "descent"
    at.query_params["section"] = "cost"
    at.run()
    assert at.segmented_control(key="section-choice").value == "cost"
    assert not at.exception


def test_all_lessons_are_listed_in_order() -> None:
    at = opened("lessons")
    titles = [each.value for each in at.markdown if re.match(r"\*\*\d\. ", each.value)]
    assert titles == [f"**{i}. {lesson.title.said('en')}**" for i, lesson in enumerate(lessons()[0].values(), 1)]
    assert [each.label for each in at.button] == ["Start"] * len(titles)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_word_of_the_glossary_is_told_and_leads_to_a_place(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = words_of(language)
    assert {name.removeprefix("glossary.") for name in words if name.endswith("_is")} >= {f"{t}_is" for t in PLACES}
    for term in ("softmax", "pooling", "overfitting"):
        monkeypatch.setattr("lib.ui.learn.glossary._FIRST", term)  # AppTest cannot choose by a translated name
        at = opened("lessons", lang=language)
        assert words[f"glossary.{term}_is"] in told(at)
        page, query = PLACES[term]
        address = "&".join(f"{name}={value}".replace(" ", "+") for name, value in query.items())
        assert f"](/{page}{'?' if address else ''}{address})" in told(at)


def test_a_german_finds_the_english_term_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.words.language", lambda: "de")
    monkeypatch.setattr("lib.ui.learn.places.say", lambda key: words_of("de")[key])
    assert name_of_term("learning_rate") == "Lernrate (learning rate)"
    assert name_of_term("softmax") == "Softmax"
    assert name_of_term("cnn") == "CNN, faltendes neuronales Netz (convolutional neural network)"
    assert name_of_term("flatten") == "Flatten, flach legen"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_term_says_its_english_word_twice(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.learn.places.say", lambda key: words_of(code)[key])
    assert not [name for name in map(name_of_term, PLACES) if ") (" in name]


def test_an_address_that_asks_for_nothing_sensible_gets_the_first_section_in_english() -> None:
    at = opened("no such section", lang="tlh")
    assert at.segmented_control(key="section-choice").value == next(iter(SECTIONS))
    assert words_of("en")["learn.sentence"] in told(at)


def test_links_lead_to_pages_that_there_are() -> None:
    """Outside the router links are plain; none may name a page that is not there."""
    for section in SECTIONS:
        said = told(opened(section))
        pages = set(re.findall(r"\]\(/(\w+)", said))
        assert pages
        assert all((PAGES / f"{page}.py").exists() for page in pages)


def test_S47_S51_S56_S57_links_to_the_filter_bench_name_its_kernels() -> None:
    said = told(opened("cost"))
    for kernel in ("blur", "vertical", "horizontal", "both"):
        assert f"/look_inside?view=bench&kernel={kernel}" in said
    assert "kernel=vertical&pooling=both" in said


@pytest.mark.parametrize("section", ["descent", "iteration", "clusters", "neurons", "loss"])
def test_a_net_that_broke_is_said_in_a_sentence(section: str, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = ready_net().weights
    broken = weights | {"conv1.weight": torch.full_like(weights["conv1.weight"], torch.nan)}
    monkeypatch.setattr("lib.ui.frame.page.ready_net", lambda: replace(ready_net(), weights=broken))
    at = opened(section)
    assert "no longer numbers" in at.warning[0].value
