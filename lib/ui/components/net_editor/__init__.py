"""The net as a list of lines: drawn to scale, every setting edited in place."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field

from lib.config import MAX_LAYERS
from lib.layers import LAYERS
from lib.layers.bounds import limits
from lib.ui.components import Message, register


class Edit(Message):
    """The whole list of layers; whether they are layers, lib.config says."""

    type: Literal["edit"]
    layers: Annotated[list[dict[str, Any]], Field(max_length=MAX_LAYERS)]


class ChosenPreset(Message):
    """The name of a preset."""

    type: Literal["preset"]
    name: Annotated[str, Field(max_length=60)]


class Plain(Message):
    """What needs no more words."""

    type: Literal["undo", "redo", "mend"]


# What was done in the browser: `heard(key, "action", NetAction)`, set in the one rerun that it caused, otherwise None.
NetAction = Annotated[Edit | ChosenPreset | Plain, Field(discriminator="type")]


def net_editor(
    *,
    key: str,
    layers: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
    input_shape: Sequence[int],
    classes: int,
    totals: Mapping[str, int],
    error: Mapping[str, Any] | None,
    presets: Sequence[Mapping[str, str]],
    preset: str | None,
    can_undo: bool,
    can_redo: bool,
    withheld: Sequence[str],
    locked: bool,
    version: int,
    on_action: Callable[[], None],
) -> None:
    """Show the layer list and let it be edited; `on_action` runs when there is a `NetAction`.

    The browser shows an edit at once, with estimated shapes, and sends it; what is given here next corrects it.

    layers: `{"kind": "conv2d", "filters": 8, ...}`, fields as in lib.config.
    rows: one per layer and a last one for the class layer, `{"name", "shape", "parameters"}`; `shape` is `[8, 28, 28]`,
        `[490]`, or None where an error keeps it from being known.
    totals: `{"parameters", "multiply_adds"}` of one image, of the layers that are known.
    error: `{"layer_index", "reason", "mend_label"}`; an index of `len(layers)` is the class layer, `mend_label` may be
        None. The button gives `{"type": "mend"}`.
    presets: `{"name", "label"}` each; `preset` is the name that equals `layers`, if any.
    withheld: "parameters" or "multiply_adds": a lesson asks for them, and they are question marks.
    locked: everything can be read and nothing changed.
    version: must differ after every action handled, refused ones too: the browser takes it for the answer, and sends
        one action at a time.
    """
    mount = register("net_editor")
    mount(
        key=key,
        data={
            "layers": [dict(layer) for layer in layers],
            "rows": [dict(row) for row in rows],
            "input_shape": list(input_shape),
            "classes": classes,
            "totals": dict(totals),
            "error": None if error is None else dict(error),
            "presets": [dict(entry) for entry in presets],
            "preset": preset,
            "can_undo": can_undo,
            "can_redo": can_redo,
            "withheld": list(withheld),
            "locked": locked,
            "version": version,
            "limits": limits(),
            "kinds": kinds(),
            "max_layers": MAX_LAYERS,
        },
        on_action_change=on_action,
    )


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """What the browser has to know of every layer kind, in the order of the menu."""
    return {
        name: {
            "settings": [dict(setting) for setting in kind.settings],
            "belongs": kind.belongs,
            "endsMaps": kind.ends_maps and kind.belongs != "last",
            "convolves": kind.convolves,
        }
        for name, kind in LAYERS.items()
    }
