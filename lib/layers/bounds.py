"""The bounds and choices of every setting, read off the fields of the kinds."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NotRequired, TypedDict

from pydantic import TypeAdapter

from lib.activations import ACTIVATIONS
from lib.layers import LAYERS


class Limit(TypedDict):
    """The bounds of one setting: `options` of a choice, otherwise `min`, `max` and the `step` of the arrow keys."""

    options: NotRequired[list[str]]
    titles: NotRequired[dict[str, str]]  # of the options, where they differ from their names
    min: NotRequired[float]
    max: NotRequired[float]
    step: NotRequired[float]
    default: Any  # what a new layer has


@cache
def limits() -> dict[str, dict[str, Limit]]:
    """Of every kind and setting: `limits()["conv2d"]["filters"]`."""
    return {
        name: {
            field: _limit(field, rule, kind.first_values.get(field))
            for field, rule in TypeAdapter(kind).json_schema()["properties"].items()
            if field != "kind"
        }
        for name, kind in LAYERS.items()
    }


def _limit(name: str, rule: Mapping[str, Any], first: float | None) -> Limit:
    if "enum" in rule:
        titles = {each: ACTIVATIONS[each].title for each in rule["enum"]} if name == "activation" else {}
        return {"options": list(rule["enum"]), "titles": titles, "default": rule.get("default")}
    # A bound that is itself excluded (a dropout rate of 1) becomes the last hundredth before it.
    largest = rule["maximum"] if "maximum" in rule else round(rule["exclusiveMaximum"] - 0.01, 2)
    step = 1 if rule["type"] == "integer" else 0.05
    return {"min": rule["minimum"], "max": largest, "step": step, "default": rule.get("default", first)}
