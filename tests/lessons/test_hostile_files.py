"""Whatever lies in the folder of lessons: a file is a lesson or one named problem, soon, and takes nothing away."""

import os
import resource
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib.lessons import Lesson, NotALesson, lessons, read_lesson
from lib.lessons.loader import FOLDER
from tests.lessons.test_loader import LESSON

SHIPPED = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))]
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
MERGES = "a0: &a0 {k: 1}\n" + "".join(f"a{i}: &a{i}\n  <<: [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 30))
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 2_000))
HOSTILE = {
    "a list as a key": "? [1, 2]\n: x\n",
    "a map as a key": "{a: 1}: x\n",
    "an alias as a key": "a: &x [1]\n*x : y\n",
    "an impossible date": "title: 2026-99-99\n",
    "a date": "title: 2026-01-31\n",
    "depth 900": "[" * 900,
    "depth 900 in lines": "".join(f"{' ' * i}a:\n" for i in range(600)),
    "depth of dashes": "- " * 900 + "x",
    "6,000 digits": "minutes: " + "9" * 6_000,
    "digits by sixties": "minutes: 1" + ":59" * 30_000,
    "no number": "minutes: !!int x\n",
    "an empty number": 'minutes: !!int ""\n',
    "no float": "minutes: !!float [1]\n",
    "no truth": "minutes: !!bool maybe\n",
    "no time": "minutes: !!timestamp x\n",
    "no bytes": 'minutes: !!binary "ä"\n',
    "a set": "steps: !!set {a, b}\n",
    "pairs": "steps: !!omap [a: 1]\n",
    "an object": "!!python/object/apply:os.system [exit]\n",
    "a tag of one's own": "title: !mine x\n",
    "infinite": LESSON.replace("share: 0.5", "share: .inf"),
    "no number at all": LESSON.replace("share: 0.5", "share: .nan"),
    "half a letter": 'title: "\\ud800"\n',
    "zero bytes": "title: \0\n",
    "an alias to nothing": "title: *x\n",
    "itself": "a: &x {b: *x}\n",
    "laughs": LAUGHS,
    "merges": MERGES,
    "a chain of aliases": CHAIN,
    "two documents": "--- 1\n--- 2\n",
    "a wide width": LESSON.replace('en: "{pictures} pictures"', 'en: "{pictures:>999999999}"'),
    "an attribute": LESSON.replace('en: "{pictures} pictures"', 'en: "{pictures.__class__}"'),
    "another way to write": LESSON.replace('en: "{pictures} pictures"', 'en: "{pictures!r}"'),
    "a long word": "title: {en: " + "x" * 190_000 + "}\n",
    "a long wrong word": LESSON.replace("preset: small-cnn", f"preset: {'x' * 150_000}"),
    "many fields": "".join(f"f{i}: 1\n" for i in range(20_000)),
    "many items": "steps: [" + "1, " * 60_000 + "1]",
    "many open braces": "{" * 190_000,
    "many question marks": "? " * 90_000,
    "many quotes": "'" * 190_000,
    "many anchors": "".join(f"- &a{i} x\n" for i in range(15_000)),
    "a set-up of everything": LESSON.replace("train: {epochs: 2}", "train: {epochs: {a: [1, {b: 2}]}}"),
    "layers for another picture": LESSON.replace(
        "train: {epochs: 2}", "layers: [{kind: max_pool2d, size: 9}, {kind: max_pool2d, size: 9}]"
    ),
}


def read(path: Path) -> Lesson | str:
    try:
        return read_lesson(path)
    except NotALesson as problem:
        return str(problem)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_one_named_problem_and_soon(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(HOSTILE[kind], encoding="utf-8")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    found = read(path)
    assert time.process_time() - began < 10  # of the processor: half a second where nobody else works
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB
    if kind != "layers for another picture":  # a list that cannot work may be meant: the page explains it
        assert isinstance(found, str)
        assert found.startswith("mine.yaml")
        assert len(found) < 500
        found.encode()  # can be shown


def test_files_that_are_no_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "a-dangling.yaml").symlink_to(tmp_path / "gone")
    (folder / "b-round.yaml").symlink_to(folder / "b-round.yaml")
    (folder / "c-folder.yaml").mkdir()
    os.mkfifo(folder / "d-pipe.yaml")
    (folder / "e-device.yaml").symlink_to("/dev/zero")
    (folder / "f-good.yaml").write_text(LESSON)
    Path(os.fsdecode(os.fsencode(folder) + b"/g-\xff.yaml")).write_text(LESSON)
    (folder / "h?b=1&c.yaml").write_text(LESSON)
    found, problems = lessons()
    assert "f-good" in found
    assert len(found) == 7
    assert [problem[0] for problem in problems] == list("abcdegh")
    assert "a link to nothing" in problems[0]
    "".join(problems).encode()  # can be shown


@pytest.mark.parametrize("kind", ["file", "dangling", "closed"])
def test_a_folder_that_is_none_takes_no_shipped_lesson_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    match kind:
        case "file":
            (tmp_path / "lessons").write_text("no folder")
        case "dangling":
            (tmp_path / "lessons").symlink_to(tmp_path / "gone")
        case "closed":
            (tmp_path / "lessons").mkdir(mode=0o000)
    assert len(lessons()[0]) == 6


def test_a_folder_of_thousands_is_said_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    (tmp_path / "lessons").mkdir()
    for number in range(300):
        (tmp_path / "lessons" / f"x{number:03}.yaml").write_text("title: 1")
    found, problems = lessons()
    assert len(found) == 6
    assert "300 lessons" in problems[-1]
    assert len(problems) == 61


def test_a_damaged_file_is_read_once_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path))
    (tmp_path / "lessons").mkdir()
    path = tmp_path / "lessons" / "mine.yaml"
    path.write_text("title: [")
    asked: list[Path] = []
    monkeypatch.setattr("lib.lessons.loader.read_lesson", lambda path: asked.append(path) or read_lesson(path))
    for _ in range(3):
        assert len(lessons()[1]) == 1
    assert asked.count(path) == 1
    path.write_text(LESSON)
    assert lessons()[1] == []


_PIECES = ["a", " ", "id", "*x", "&x", "<<", "!!int", "!!set", "? ", ": ", "- ", "[", "]", "{", "}", ">", "%", "@", "'"]
_PIECES += ["2026-13-01", "1:2:3", ".inf", "0x", "~", "# ", "--- ", "... ", "{x}"]
WORDS = st.sampled_from([*_PIECES, "|", '"', "\t", "\n", "\n  ", "\u2028", "\ufeff"])


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
@example("&x : *x")
@example("<<: 1")
@example("<<: [1]")
def test_any_words_are_a_lesson_or_a_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "mine.yaml"
    path.write_bytes(text.encode("utf-8"))
    assert read(path)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([LESSON, *SHIPPED]), st.data())
def test_a_lesson_with_something_else_in_it_is_a_lesson_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 12))
    path = tmp_path_factory.getbasetemp() / "mine.yaml"
    path.write_text(text[:at] + data.draw(WORDS) + text[at + cut :], encoding="utf-8")
    assert read(path)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_lesson_with_any_value_in_a_field_is_a_lesson_or_a_problem(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = yaml.safe_load(LESSON)
    part, name = whole, data.draw(st.sampled_from(list(whole)))
    for _ in range(data.draw(st.integers(0, 4))):
        within = part[name]
        if not isinstance(within, dict | list) or not within:
            break
        part, name = within, data.draw(st.sampled_from(list(within) if isinstance(within, dict) else [0]))
    part[name] = data.draw(ANY)
    path = tmp_path_factory.getbasetemp() / "mine.yaml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    found = read(path)
    if isinstance(found, Lesson):  # then every page can set it up
        for step in found.steps:
            assert step.setup is None or step.setup.config("digits")
