"""Lessons as files: the shipped ones are whole, and whatever is wrong with one is said with file, line and field."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from lib.lessons import LANGUAGES, Lesson, NotALesson, Text, lessons, read_lesson
from lib.lessons.loader import FOLDER

LESSON = """\
title: {en: A, de: A}
about: {en: B, de: B}
minutes: 5
data: [fashion-mnist, digits]
steps:
  - id: one
    page: train
    title: {en: T, de: T}
    text: {en: "{pictures} pictures", de: "{pictures} Bilder"}
    setup: {preset: small-cnn, train: {epochs: 2}}
    show: [learning_rate]
    run: true
    predict:
      question: {en: Q, de: Q}
      choices:
        - {text: {en: x, de: x}, right: loss_bounced}
        - {text: {en: y, de: y}}
    check:
      condition: {name: accuracy_at_least, share: 0.5}
      holds: {en: "{accuracy}", de: "{accuracy}"}
      otherwise: {en: "{accuracy}", de: "{accuracy}"}
    explain: {en: E, de: E}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problem(tmp_path: Path, old: str, new: str) -> str:
    assert LESSON.count(old) == 1
    with pytest.raises(NotALesson) as found:
        read_lesson(written(tmp_path, LESSON.replace(old, new)))
    return str(found.value)


def test_a_whole_lesson_is_read(tmp_path: Path) -> None:
    lesson = read_lesson(written(tmp_path, LESSON))
    step = lesson.steps[0]
    assert step.setup
    config = step.setup.config("digits")
    assert (config.data.name, config.train.epochs, config.train.learning_rate) == ("digits", 2, 0.002)
    assert lesson.data_here({"fashion-mnist": False, "digits": True}) == "digits"
    assert lesson.data_here({"fashion-mnist": True, "digits": True}) == "fashion-mnist"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 5", "minutes: none", "mine.yaml, line 3, minutes: "),
        ("minutes: 5", "minuets: 5", "line 1, minutes: Field required"),
        ("preset: small-cnn", "preset: lenet", "line 10, steps.1.setup.preset: there is no preset “lenet”"),
        ("epochs: 2", "epochs: 2000", "line 10, steps.1.setup.train: epochs: "),
        ("{epochs: 2}", "{name: digits}", "steps.1.setup.train: "),
        ("[learning_rate]", "[learning_rate, volume]", "line 11, steps.1.show.2: "),
        ("right: loss_bounced", "right: loss_danced", "line 16, steps.1.predict.choices.1.right: "),
        ("share: 0.5", "share: 50", "line 19, steps.1.check.condition.share: "),
        ("share: 0.5", "shore: 0.5", "line 19, steps.1.check.condition.share: Field required"),
        ('"{pictures} pictures"', '"{cats} pictures"', "line 6, steps.1: there is no number {cats} here"),
        ('"{pictures} pictures"', '"{pictures pictures"', "steps.1.text: expected '}'"),
        ("{en: Q, de: Q}", "{en: Q}", "line 14, steps.1.predict.question.de: Field required"),
        ("page: train", "page: cinema", "line 7, steps.1.page: "),
        ("page: train", "page: classify", "line 6, steps.1: a set-up and its controls"),
        ("    run: true\n", "", "line 6, steps.1: what asks a run needs"),
        ("right: loss_bounced", "right: false", "steps.1.predict: no answer is right"),
        ("digits]", "cifar-10]", "line 4, data: the last one must always be there"),
        ("digits]", "cats]", "line 4, data: There is no data set called 'cats'"),
        (
            "name: accuracy_at_least, share: 0.5",
            "name: less_accurate_than, step: two",
            "no earlier step “two” has a run",
        ),
        ("explain: {en: E, de: E}", "explain: {en: E, de: E}\n    title: {en: U, de: U}", "line 23, title: this field"),
        ("explain: {en: E, de: E}", "explain: {en: E", "this is no YAML"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_field(tmp_path: Path, old: str, new: str, said: str) -> None:
    told = problem(tmp_path, old, new)
    assert told.startswith("mine.yaml")
    assert said in told


@pytest.mark.parametrize("text", ["", "- 1\n", "just words", "!!python/object:os.system {}", "a: &x [*x]"])
def test_what_is_no_lesson_at_all_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotALesson, match=r"mine\.yaml"):
        read_lesson(written(tmp_path, text))


def test_files_that_are_no_text_or_too_large_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotALesson, match="it is no text"):
        read_lesson(path)
    path.write_text("#" * 300_000)
    with pytest.raises(NotALesson, match="larger than 200 kB"):
        read_lesson(path)


def test_five_lessons_ship_one_for_each_article_and_one_through_the_labs() -> None:
    found, problems = lessons()
    assert problems == []
    assert list(found) == ["first-net", "feedback", "descent", "clothing", "convolution", "three-ways-to-be-wrong"]
    for lesson in found.values():
        assert 4 <= len(lesson.steps) <= 7
        assert any(step.run and step.predict and step.check for step in lesson.steps)


def texts_of(lesson: Lesson):
    """Every text of a lesson, wherever it stands."""

    def walk(value):
        if isinstance(value, dict):
            if set(value) == set(LANGUAGES):
                yield value
            else:
                for part in value.values():
                    yield from walk(part)
        elif isinstance(value, list | tuple):
            for part in value:
                yield from walk(part)

    yield from walk(lesson.model_dump())


@pytest.mark.parametrize(
    "name", ["first-net", "feedback", "descent", "clothing", "convolution", "three-ways-to-be-wrong"]
)
def test_every_text_is_there_in_every_language(name: str) -> None:
    texts = list(texts_of(lessons()[0][name]))
    assert len(texts) > 20
    for text in texts:
        assert all(text.values()), text["en"]
        bare = re.sub(r"{\w+}|\W", "", text["en"])
        assert len(set(text.values())) == len(LANGUAGES) or len(bare) < 12, text
        quoted = {language: set(re.findall(r"{(\w+)}", words)) for language, words in text.items()}
        assert all(quoted["en"] == there for there in quoted.values()), text  # no number is told in one language only


def test_a_lesson_of_a_teachers_own_may_do_with_two_languages() -> None:
    text = Text(en="One step", de="Ein Schritt")
    assert [text.said(language) for language in ("en", "de", "es", "fr", "xx")] == [
        "One step", "Ein Schritt", "One step", "One step", "One step"
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="only the name of a number"):
        Text(en="One step", de="Ein Schritt", fr="Un pas {rate:.2f}")


def test_a_teacher_s_own_lessons_join_and_may_replace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "7-mine.yaml").write_text(LESSON)
    (tmp_path / "lessons" / "feedback.yaml").write_text(LESSON)
    (tmp_path / "lessons" / "broken.yaml").write_text("title: 1")
    found, problems = lessons()
    assert list(found) == [
        "first-net",
        "feedback",
        "descent",
        "clothing",
        "convolution",
        "three-ways-to-be-wrong",
        "mine",
    ]
    assert len(found["feedback"].steps) == 1
    assert len(problems) == 1
    assert problems[0].startswith("broken.yaml, line 1")


def test_shipped_lessons_lie_where_they_are_looked_for() -> None:
    assert {path.suffix for path in FOLDER.iterdir()} == {".yaml"}
