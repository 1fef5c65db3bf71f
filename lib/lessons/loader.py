"""Read lessons from their files; whatever is wrong with one is said with file, line and field."""

import re
from collections.abc import Hashable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from lib.data import home
from lib.lessons.schema import Lesson

FOLDER = Path(__file__).parents[2] / "lessons"  # those that ship
_MOST_BYTES = 200_000
_NUMBER = re.compile(r"^[0-9]+-")


class NotALesson(ValueError):
    """A file that cannot be read as a lesson; the text says where and why."""


def read_lesson(path: Path) -> Lesson:
    """Read and check one lesson; NotALesson names the file, the line and the field."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise NotALesson(f"{path.name} is larger than {_MOST_BYTES // 1000} kB; a lesson is a few pages of text.")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise NotALesson(f"{path.name} cannot be read: {why}.") from None
    try:
        root, values = _parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise NotALesson(f"{path.name}{where}: this is no YAML: {getattr(error, 'problem', None) or error}.") from None
    except _TwiceError as error:
        raise NotALesson(f"{path.name}, {error}") from None
    try:
        return Lesson.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        line, field = _place(root, first["loc"], is_missing=first["type"] == "missing")
        what = first["msg"].removeprefix("Value error, ")
        raise NotALesson(f"{path.name}, line {line}, {field}: {what}.") from None


def lessons() -> tuple[dict[str, Lesson], list[str]]:
    """All lessons by name, those that ship first, and a sentence for each file that is none.

    A number in front of a file's name gives its place and is no part of the name: `2-feedback.yaml` is "feedback". A
    teacher's own lie in `GLASSHOUSE_HOME/lessons`; one with the name of a shipped one takes its place.
    """
    found: dict[str, Lesson] = {}
    problems: list[str] = []
    for folder in (FOLDER, home() / "lessons"):
        for path in sorted(folder.glob("*.yaml")):
            try:
                found[_NUMBER.sub("", path.stem.lower())] = _read_once(path, path.stat().st_mtime_ns)
            except NotALesson as problem:
                problems.append(str(problem))
    return found, problems


@lru_cache(maxsize=64)
def _read_once(path: Path, _changed: int) -> Lesson:
    return read_lesson(path)


class _TwiceError(Exception):
    """A field that is there twice: YAML would silently take the last."""


def _parse(text: str) -> tuple[yaml.Node | None, Any]:
    """The tree with its line numbers, and the values in it."""
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        _refuse_twins(root)
        return root, loader.construct_document(root) if root else None
    finally:
        loader.dispose()


def _refuse_twins(node: yaml.Node | None, around: tuple[yaml.Node, ...] = (), seen: set[int] | None = None) -> None:
    """Look at every part once, however often it is named, and at none that stands inside itself."""
    if node is None:
        return
    if any(node is each for each in around):
        raise _TwiceError(f"line {node.start_mark.line + 1}: this part holds itself.")
    seen = set() if seen is None else seen
    if id(node) in seen:
        return
    seen.add(id(node))
    values = node.value if isinstance(node, yaml.SequenceNode) else []
    if isinstance(node, yaml.MappingNode):
        names: set[Hashable] = set()
        for key, _ in node.value:
            if key.value in names:
                raise _TwiceError(f"line {key.start_mark.line + 1}, {key.value}: this field is there twice.")
            names.add(key.value)
        values = [value for _, value in node.value]
    for value in values:
        _refuse_twins(value, (*around, node), seen)


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
