"""The lesson's panel beside a page: guess, run, check, explanation; controls that links and lessons hide."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.config import RunConfig
from lib.lessons import lessons
from lib.lessons.controls import CONTROLS
from lib.lessons.progress import write_notebook
from lib.models import preset
from lib.runs import Run, get_registry
from lib.ui.frame.page import PAGES
from lib.ui.labs.table import LABS
from lib.ui.learn.sections import SECTIONS
from lib.ui.lesson.export import answers_json
from lib.ui.setup import level
from lib.ui.words import words_of

LESSON = """\
title: {en: Short, de: Kurz}
about: {en: About, de: Worum}
minutes: 1
data: [digits]
steps:
  - id: pixels
    page: train
    title: {en: Pixels, de: Pixel}
    text: {en: "{classes} classes of {data}", de: "{classes} Klassen von {data}"}
    predict: {question: {en: "How many?", de: "Wie viele?"}, answer: 784, highest: 1000}
    explain: {en: 28 times 28, de: 28 mal 28}
  - id: rate
    page: train
    title: {en: Rate, de: Rate}
    text: {en: "{pictures} pictures, {iterations} iterations", de: "{pictures} Bilder, {iterations} Iterationen"}
    setup: &tiny
      preset: two-layer-sigmoid
      layers: [{kind: flatten}, {kind: dense, units: 8, activation: sigmoid}]
      data: {valid_fraction: 0.1, train_size: 300}
      train: {epochs: 2, optimizer: sgd, learning_rate: 0.00001}
    show: [learning_rate]
    run: true
    predict:
      question: {en: "What will it do?", de: "Was wird es tun?"}
      choices:
        - {text: {en: crawl, de: kriechen}, right: loss_crawled}
        - {text: {en: bounce, de: springen}, right: loss_bounced}
    check:
      condition: loss_crawled
      holds: {en: "From {first_loss} to {last_loss}", de: "Von {first_loss} auf {last_loss}"}
      otherwise: {en: "Not crawling, {accuracy}", de: "Kein Kriechen, {accuracy}"}
    explain: {en: Too small., de: Zu klein.}
  - id: share
    page: train
    title: {en: Share, de: Anteil}
    text: {en: Text, de: Worte}
    run_of: rate
    predict: {question: {en: "How right?", de: "Wie richtig?"}, answer: accuracy, tolerance: 1, unit: percent}
    explain: {en: Done., de: Fertig.}
"""
SCRIPT = """
import runpy
from lib.ui.frame.page import PAGES
from lib.ui.lesson import panel
panel.show("train")
runpy.run_path(str(PAGES / "train.py"))
"""


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_digits: None) -> Iterator[None]:
    """A teacher's own lesson lies at home; AppTest has no cookies to tell browsers apart."""
    monkeypatch.setattr("lib.ui.setup.session.owner", lambda: "this-session")
    monkeypatch.setattr("lib.ui.lesson.place._cookie", lambda: None)
    folder = tmp_path / "home" / "lessons"
    folder.mkdir(parents=True)
    (folder / "short.yaml").write_text(LESSON)
    return


def opened(**query: str) -> AppTest:
    at = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.sidebar.markdown, *at.sidebar.caption))


def press(at: AppTest, label: str) -> AppTest:
    found = next(each for each in at.sidebar.button if each.label == label)
    assert not found.disabled
    return found.click().run()


def guess(at: AppTest, answer: object) -> AppTest:
    widget = at.sidebar.radio[0] if at.sidebar.radio else at.sidebar.number_input[0]
    widget.set_value(answer).run()
    return press(at, "That is my guess")


def ended(at: AppTest) -> Run:
    run = get_registry().find(at.query_params["run"])
    assert run
    assert run.wait(120)
    at.run()
    return run


def test_without_a_lesson_there_is_no_panel() -> None:
    at = opened()
    assert not at.exception
    assert not at.sidebar.button


def test_a_lesson_is_guessed_run_checked_and_explained() -> None:
    at = opened(lesson="short")
    assert not at.exception
    assert at.sidebar.header[0].value == "Pixels"
    assert "10 classes of Digits" in told(at)
    assert "28 times 28" not in told(at)
    guess(at, 700)
    assert "You said **700**; it is **784**." in told(at)
    assert "28 times 28" in told(at)

    press(at, "Next")
    assert at.query_params["step"] == "2"
    assert "300 pictures, 10 iterations" in told(at)
    assert next(each for each in at.sidebar.button if each.label == "Run it").disabled
    guess(at, 0)
    assert "Your guess: **crawl**" in told(at)
    press(at, "Run it")
    run = ended(at)
    assert run.config.train.learning_rate == 0.00001
    assert run.config.data.train_size == 300
    first, last = run.log.epochs[0]["valid_loss"], run.log.epochs[-1]["valid_loss"]
    assert f"From {first:#.3g} to {last:#.3g}" in told(at)
    assert "You said **crawl**, and that is right." in told(at)
    assert "Too small." in told(at)

    press(at, "Next")
    guess(at, 100)
    assert f"it is {100 * run.log.epochs[-1]['valid_accuracy']:.1f} %. Well judged." in told(at)
    press(at, "Back")
    assert "You said **crawl**" in told(at)
    assert not at.exception


def test_another_rate_is_another_answer() -> None:
    at = opened(lesson="short", step="2")
    guess(at, 0)
    at.select_slider(key="setup.train.learning_rate").set_value(1.0).run()
    press(at, "Run it")
    run = ended(at)
    assert run.config.train.learning_rate == 1.0
    assert "Not crawling" in told(at)
    assert "and that is right" not in told(at)


def test_the_page_s_own_button_will_do_too() -> None:
    at = opened(lesson="short", step="2")
    next(each for each in at.main.button if each.label == "Train").click().run()
    ended(at)
    assert "From 2." in told(at)
    guess(at, 1)
    assert "You said **bounce**; it is **crawl**." in told(at)


def test_another_set_up_is_said_and_brought_back() -> None:
    at = opened(lesson="short", step="2")
    wanted = at.session_state["setup"]
    config = RunConfig.model_validate_json(wanted)
    other = config.model_copy(update={"train": config.train.model_copy(update={"epochs": 7})})
    at.session_state["setup"] = other.model_dump_json()
    at.run()
    assert "no longer the one of this step" in told(at)
    press(at, "Set it up again")
    assert at.session_state["setup"] == wanted


def shown(at: AppTest) -> set[str]:
    """The entries of the session that widgets show."""
    widgets = (*at.select_slider, *at.selectbox, *at.toggle, *at.number_input)
    return {each.key.partition("~")[0] for each in widgets if each.key}


def test_a_step_hides_what_it_does_not_need() -> None:
    at = opened(lesson="short", step="2")
    keys = shown(at)
    assert {key for key in keys if key.startswith("setup.")} == {"setup.train.learning_rate"}
    press(at, "Close")
    assert "lesson" not in at.query_params
    assert not at.sidebar.button
    assert at.selectbox(key="setup.train.optimizer")


def test_a_late_address_takes_nobody_back() -> None:
    """A slow browser sends the address of some clicks ago; to go back, on purpose, is another thing."""
    at = opened(lesson="short", step="1")
    press(at, "Next")
    at.query_params["step"] = "1"
    at.run()
    assert at.query_params["step"] == "2"
    press(at, "Close")
    at.query_params["lesson"], at.query_params["step"] = "short", "2"
    at.run()
    assert "lesson" not in at.query_params
    assert not at.sidebar.button


def test_a_link_hides_controls_and_strange_names_are_told() -> None:
    at = opened(hide="optimizer,precision", data="digits")
    keys = shown(at)
    assert not keys & {"setup.train.optimizer", "setup.train.precision"}
    assert {"setup.train.loss", "setup.train.epochs"} <= keys
    assert not at.warning
    at = opened(hide="optimizer,volume", data="digits")
    assert not at.exception
    assert "hide “volume”" in at.warning[0].value
    assert "weight_decay" in at.warning[0].value


@pytest.mark.parametrize("name", CONTROLS)
def test_every_single_control_can_be_hidden(name: str) -> None:
    if name == "balance":
        pytest.skip("on the Data page, see test_data")
    at = opened(hide=name, data="digits")
    assert not at.exception
    if name not in ("layers", "time_budget"):
        paths = {"data": "data.name", "seed": "seed"}
        in_data = name in ("train_size", "valid_fraction", "scale_pixels")
        key = "setup." + paths.get(name, f"data.{name}" if in_data else f"train.{name}")
        assert key not in shown(at)


def test_an_unknown_lesson_is_said_and_the_page_goes_on() -> None:
    at = opened(lesson="nonsense")
    assert not at.exception
    assert "There is no lesson called “nonsense”" in at.warning[0].value
    assert "lesson" not in at.query_params
    assert at.title[0].value == "Train"
    at.run()
    assert "There is no lesson called “nonsense”" in at.warning[0].value


def test_after_a_reload_the_panel_speaks_of_the_set_up_in_the_address_at_once() -> None:
    at = opened(lesson="short", step="2")
    address = {name: at.query_params[name] for name in ("net", "opt", "lr", "epochs", "pictures", "data")}
    again = opened(lesson="short", step="2", **address)
    assert "The set-up is no longer the one of this step." not in told(again)
    again = opened(lesson="short", step="2", **address | {"opt": "adam"})
    assert "The set-up is no longer the one of this step." in told(again)


@pytest.mark.parametrize("step", ["0", "99", "-1", "x", "²"])
def test_a_step_that_is_none_is_the_first(step: str) -> None:
    at = opened(lesson="short", step=step)
    assert not at.exception
    assert at.sidebar.header[0].value == "Pixels"


def test_german_is_complete_on_the_panel() -> None:
    at = opened(lesson="short", step="2", lang="de")
    assert "300 Bilder, 10 Iterationen" in told(at)
    assert {"Zurück", "Weiter", "Das ist mein Tipp", "Laufen lassen"} <= {each.label for each in at.sidebar.button}


def test_a_browser_that_comes_back_finds_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.lesson.place._cookie", lambda: "a browser")
    guess(opened(lesson="short"), 700)
    again = opened(lesson="short", step="1")
    assert "You said **700**" in told(again)
    monkeypatch.setattr("lib.ui.lesson.place._cookie", lambda: "another browser")
    assert "You said" not in told(opened(lesson="short", step="1"))


def test_answers_are_a_small_file_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(lesson="short")
    guess(at, 784)
    noted = at.session_state["lesson-notes"]["short"]
    monkeypatch.setattr("lib.ui.lesson.place.notes", {"short": noted}.__getitem__)
    told_file = json.loads(answers_json("short", lessons()[0]["short"]))
    assert told_file["format"] == "glasshouse-answers"
    first, second, _ = told_file["steps"]
    assert (first["said"], first["answer"], first["right"]) == (784, 784, True)
    assert second["said"] is None
    assert "this-session" not in json.dumps(told_file)


@pytest.mark.parametrize("name", ["first-net", "feedback", "descent", "clothing", "convolution"])
def test_every_step_of_every_lesson_opens_in_both_languages(name: str) -> None:
    for number in range(1, len(lessons()[0][name].steps) + 1):
        for spoken in ("en", "de"):
            at = opened(lesson=name, step=str(number), lang=spoken)
            assert not at.exception
            assert "{" not in told(at)


def test_a_link_opens_the_view_where_the_step_plays_and_a_reload_leaves_it() -> None:
    def on_data(**query: str) -> AppTest:
        at = AppTest.from_string(SCRIPT.replace("train", "data"), default_timeout=60)
        for name, value in ({"lesson": "clothing", "data": "digits"} | query).items():
            at.query_params[name] = value
        return at.run()

    at = on_data()
    assert not at.exception
    assert at.segmented_control(key="data-view").value == "split"
    at.segmented_control(key="data-view").set_value("labels").run()
    at.run()
    assert at.segmented_control(key="data-view").value == "labels"
    assert on_data(**{"data-view": "Colour"}).segmented_control(key="data-view").value == "colour"


def test_steps_play_on_pages_and_views_that_exist() -> None:
    root = Path(__file__).parents[2]
    views = {
        "look_inside": (root / "pages" / "look_inside.py").read_text(),
        "data": (root / "pages" / "data.py").read_text(),
        "learn": (root / "lib" / "ui" / "learn" / "sections.py").read_text(),
        "labs": "".join(f'    "{name}": ' for name in LABS),
    }
    for lesson in lessons()[0].values():
        for step in lesson.steps:
            assert (root / "pages" / f"{step.page}.py").exists()
            assert f"pages.{step.page}" in words_of("en")
            if step.view:
                assert f'    "{step.view}": ' in views[step.page]


def test_presets_of_the_lessons_are_there() -> None:
    for lesson in lessons()[0].values():
        assert all(preset(step.setup.preset) for step in lesson.steps if step.setup)


@pytest.mark.parametrize("page", ["data", "learn"])
def test_a_view_that_there_is_not_is_the_usual_one(tmp_path: Path, page: str) -> None:
    (tmp_path / "home" / "lessons" / "short.yaml").write_text(
        LESSON.replace("page: train", f"page: {page}\n    view: nonsense", 1), encoding="utf-8"
    )
    at = AppTest.from_string(SCRIPT.replace("train", page), default_timeout=60)
    at.query_params["lesson"] = "short"
    at.run()
    assert not at.exception
    assert "10 classes" in told(at)


def test_damaged_notes_and_lessons_are_named_on_learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.ui.lesson.place._cookie", lambda: "me")
    write_notebook("me", {"feedback": {"step": 1}})
    (path,) = (tmp_path / "home" / "notebooks").glob("*.json")
    path.write_text('{"feedback": {"step": 1, "said": 7, "runs": 3}}')
    (tmp_path / "home" / "lessons" / "broken.yaml").symlink_to(tmp_path / "gone")
    at = AppTest.from_file(str(PAGES / "learn.py"), default_timeout=60).run()
    assert not at.exception
    said = " ".join(warning.value for warning in at.warning)
    assert "broken.yaml cannot be read: it is a link to nothing" in said
    assert "Part of what you answered before cannot be read" in said
    assert at.button(key="lesson-open-feedback")


def recorded_runs_in(at: AppTest) -> list[str]:
    return [each.label for each in at.main.button if each.label.startswith("Article CNN")]


def withheld_in(at: AppTest) -> list[str]:
    found: list[str] = at.session_state["withheld-by-lesson"]
    return found


def test_what_a_question_asks_for_is_on_no_page_until_the_guess_is_made() -> None:
    at = opened(lesson="short", step="3")
    assert not at.exception
    assert withheld_in(at) == ["recorded"]  # it asks for an accuracy
    assert not recorded_runs_in(at)
    guess(at, 50)
    assert withheld_in(at) == []
    assert recorded_runs_in(at)


def test_a_lesson_that_was_left_withholds_nothing() -> None:
    at = opened(lesson="short", step="3")
    press(at, "Close")
    assert withheld_in(at) == []


def test_the_shipped_lessons_withhold_what_they_ask_for_and_say_for_whom_they_are() -> None:
    found, _ = lessons()
    steps = {(name, step.id): step for name, lesson in found.items() for step in lesson.steps}
    assert steps["first-net", "pixels"].withheld == {"vector"}
    assert steps["first-net", "weights"].withheld == {"parameters"}
    assert steps["feedback", "batch"].withheld == {"iterations"}
    assert steps["clothing", "counted"].withheld == {"per_class"}
    assert steps["convolution", "cheaper"].withheld == {"multiply_adds", "duration", "recorded"}
    shipped = [lesson for name, lesson in found.items() if name != "short"]
    assert {lesson.level for lesson in shipped} == {"school", "university"}
    assert all(lesson.needs and lesson.needs.es and lesson.needs.fr for lesson in shipped)


def test_at_school_there_is_less_on_a_page_and_what_is_asked_for_stays() -> None:
    at = opened(level="school")
    assert not at.exception
    labels = [each.label for each in (*at.main.selectbox, *at.main.select_slider)]
    assert "Optimizer" in labels
    assert "Schedule" not in labels
    assert "school" in at.query_params["level"]
    assert "Schedule" in [each.label for each in opened().main.selectbox]


def test_views_that_school_leaves_out_are_views_that_there_are() -> None:
    assert level.VIEWS["section"] <= set(SECTIONS)
    for page, key in (("look_inside", "view"), ("compare", "compare-view")):
        text = (PAGES / f"{page}.py").read_text(encoding="utf-8")
        assert all(f'"{name}": ' in text for name in level.VIEWS[key])
