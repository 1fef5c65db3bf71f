"""Read YAML that holds plain data alone: names, texts, numbers, yes and no, lists. All else is refused with its line.

Whatever the file holds, this ends soon: depth and size are bounded as they are once every alias is written out.
"""

from typing import Any

import yaml

_DEEPEST = 30
_MOST_PARTS = 5_000
_LONGEST_NUMBER = 40
_TAG = "tag:yaml.org,2002:"
_MERGED = f"{_TAG}merge"  # `<<: *name` takes over what stands under that name
_PLAIN = {
    yaml.ScalarNode: {_TAG + kind for kind in ("str", "int", "float", "bool", "null")},
    yaml.SequenceNode: {f"{_TAG}seq"},
    yaml.MappingNode: {f"{_TAG}map"},
}


class NotPlain(ValueError):
    """What stands in a line is no plain data; the text begins with the line."""

    def __init__(self, line: int, what: str, field: str = "") -> None:
        super().__init__(f"line {line}{', ' if field else ''}{field}: {what}")


def read_plain_yaml(text: str) -> tuple[yaml.Node | None, Any]:
    """The tree with its line numbers, and the values in it; NotPlain or yaml.YAMLError where there are none."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None, None
        _measure(root, loader, {}, ())
        return root, loader.construct_document(root)
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Refuses depth and number while it reads: Python's own stack would end it, or it would take long."""

    _depth = _parts = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._depth += 1
        self._parts += 1
        try:
            if self._depth > _DEEPEST:
                raise _too_deep(self.peek_event())
            if self._parts > _MOST_PARTS:
                raise _too_many(self.peek_event())
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def _measure(
    node: yaml.Node, loader: _Loader, known: dict[int, tuple[int, int]], around: tuple[yaml.Node, ...]
) -> tuple[int, int]:
    """Check a part and all in it: how many parts and levels it comes to with its aliases written out."""
    if any(node is each for each in around):
        raise NotPlain(_line(node), "this part holds itself")
    if id(node) in known:
        return known[id(node)]
    if node.tag not in _PLAIN[type(node)]:
        raise NotPlain(_line(node), "only text, numbers and lists may stand here; put other things in quotes")
    if isinstance(node, yaml.ScalarNode):
        _check_scalar(node, loader)
    elif isinstance(node, yaml.MappingNode):
        _check_names(node)
    within = [node.value] if isinstance(node, yaml.ScalarNode) else node.value
    inside = [value[1] if isinstance(value, tuple) else value for value in within if not isinstance(value, str)]
    found = [_measure(each, loader, known, (*around, node)) for each in inside]
    parts, depth = 1 + sum(size for size, _ in found), 1 + max((levels for _, levels in found), default=0)
    if depth > _DEEPEST:
        raise _too_deep(node)
    if parts > _MOST_PARTS:
        raise _too_many(node)
    known[id(node)] = parts, depth
    return parts, depth


def _check_scalar(node: yaml.ScalarNode, loader: _Loader) -> None:
    if node.tag == f"{_TAG}str":
        return
    kind = "yes or no" if node.tag == f"{_TAG}bool" else "number"
    shown = node.value if len(node.value) <= _LONGEST_NUMBER else f"{node.value[:_LONGEST_NUMBER]}…"
    try:
        if len(node.value) <= _LONGEST_NUMBER:
            loader.construct_object(node)
            return
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError):
        pass
    raise NotPlain(_line(node), f"“{shown}” cannot be read as a {kind}")


def _check_names(node: yaml.MappingNode) -> None:
    names: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag not in _PLAIN[yaml.ScalarNode] | {_MERGED}:
            raise NotPlain(_line(key), "the name of a field is a word")
        if key.value in names:
            raise NotPlain(_line(key), "this field is there twice", key.value[:40])
        names.add(key.value)


def _line(part: yaml.Node | yaml.Event) -> int:
    line: int = part.start_mark.line + 1
    return line


def _too_deep(part: yaml.Node | yaml.Event) -> NotPlain:
    return NotPlain(_line(part), f"this is nested more than {_DEEPEST} deep")


def _too_many(part: yaml.Node | yaml.Event) -> NotPlain:
    return NotPlain(_line(part), f"this comes to more than {_MOST_PARTS:,} parts")
