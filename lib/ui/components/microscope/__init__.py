"""One iteration of training, stage by stage; see `microscope`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.ui.components import register


def microscope(
    *,
    key: str,
    words: Mapping[str, Any],
    number: int,
    pictures: Sequence[Mapping[str, Any]],
    layers: Sequence[Mapping[str, Any]],
    code: Sequence[Mapping[str, str]],
    change: Mapping[str, Any] | None,
    loss: tuple[float, float],
    note: str,
    on_press: Callable[[], None],
) -> Any:
    """Show the batch, its losses, values, gradients and the update; a press asks for the next iteration.

    words: of the part "iteration"
    number: which press of the person it is; a new one is played from its first stage
    pictures: each {"png", "label", "answer", "loss"}
    layers: each {"name", "shape", "activity", "gradient", "change": sizes, or None where there are no weights}
    code: five lines, one for each stage: {"line", "remark"}
    change: {"title", "images": before, change, after, each {"title", "most",
        "width", "height", "data": base64 float32}}
    loss: of the batch, before and after the update
    """
    data = {
        **words,
        "number": number,
        "pictures": [dict(picture) for picture in pictures],
        "layers": [dict(layer) for layer in layers],
        "code": [dict(line) for line in code],
        "change": change and dict(change),
        "loss": list(loss),
        "note": note,
    }
    mount = register("microscope")
    return mount(key=key, data=data, on_press_change=on_press)
