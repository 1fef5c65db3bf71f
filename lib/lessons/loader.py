"""Read lessons from their files; whatever is wrong with one is said with file, line and field."""

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from lib.config import Refused
from lib.home.place import home
from lib.lessons.plain_yaml import NotPlain, read_plain_yaml
from lib.lessons.schema import Lesson

FOLDER = Path(__file__).parents[2] / "lessons"  # those that ship
_MOST_BYTES = 200_000
_MOST_LESSONS = 60  # of a folder
_NAME = re.compile(r"[\w .+-]{1,60}")
_NUMBER = re.compile(r"^[0-9]+-")


class NotALesson(Refused):
    """A file that cannot be read as a lesson; the text says where and why."""


def read_lesson(path: Path) -> Lesson:
    """Read and check one lesson; NotALesson names the file, the line and the field, whatever the file holds."""
    name = path.name
    try:
        return _checked(name, _text_of(path))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise NotALesson(f"{name} cannot be read: {why}.") from None


def lessons() -> tuple[dict[str, Lesson], list[str]]:
    """All lessons by name, those that ship first, and a sentence for each file that is none.

    A number in front of a file's name gives its place and is no part of the name: `2-feedback.yaml` is "feedback". A
    teacher's own lie in `GLASSHOUSE_HOME/lessons`; one with the name of a shipped one takes its place.
    """
    found: dict[str, Lesson] = {}
    problems: list[str] = []
    for folder in (FOLDER, home() / "lessons"):
        paths = sorted(folder.glob("*.yaml"))
        for path in paths[:_MOST_LESSONS]:
            read = _read_once(path, _stamp(path))
            if isinstance(read, Lesson):
                found[_NUMBER.sub("", path.stem.lower())] = read
            else:
                problems.append(read)
        if len(paths) > _MOST_LESSONS:
            problems.append(f"{folder} holds {len(paths):,} lessons; the first {_MOST_LESSONS} of them are shown.")
    return found, problems


@lru_cache(maxsize=2 * _MOST_LESSONS)
def _read_once(path: Path, _changed: tuple[int, int] | None) -> Lesson | str:
    """A lesson, or what is wrong with its file: also that is found out once, and not at every page."""
    if not _NAME.fullmatch(path.stem):
        return str(NotALesson(f"{path.name}: the name of a lesson's file is letters, digits, spaces and hyphens."))
    try:
        return read_lesson(path)
    except NotALesson as problem:
        return str(problem)


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file was changed, and its size; None for a link that leads nowhere."""
    with suppress(OSError):
        state = path.stat()
        return state.st_mtime_ns, state.st_size
    return None


def _text_of(path: Path) -> str:
    """The file's text, no more of it than a lesson has. A pipe or a device would never end: files only."""
    name = path.name
    if not path.is_file():
        why = "it is a link to nothing" if path.is_symlink() and not path.exists() else "it is no file"
        raise NotALesson(f"{name} cannot be read: {why}.")
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise NotALesson(f"{name} is larger than {_MOST_BYTES // 1000} kB; a lesson is a few pages of text.")
    return content.decode("utf-8")


def _checked(name: str, text: str) -> Lesson:
    try:
        root, values = read_plain_yaml(text)
    except NotPlain as error:
        raise NotALesson(f"{name}, {error}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise NotALesson(f"{name}{where}: this is no YAML: {why}.") from None
    try:
        return Lesson.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        line, field = _place(root, first["loc"], is_missing=first["type"] == "missing")
        what = first["msg"].removeprefix("Value error, ")
        raise NotALesson(f"{name}, line {line}, {field}: {what}.") from None


def _place(root: yaml.Node | None, location: Sequence[int | str], *, is_missing: bool) -> tuple[int, str]:
    """The line of what pydantic complains about, or of the nearest thing around it, and its name with dots."""
    node, line, names = root, 1, []
    for part in location:
        found: tuple[yaml.Node, int] | None = None
        if isinstance(node, yaml.MappingNode):
            found = next(((value, key.start_mark.line) for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part].start_mark.line)
        if found is not None:
            node, line = found[0], found[1] + 1
            names.append(str(part + 1) if isinstance(part, int) else part)
        elif is_missing and part == location[-1]:
            names.append(str(part))  # whatever else is not found is the name of an alternative
    return line, ".".join(names) or "the whole file"
