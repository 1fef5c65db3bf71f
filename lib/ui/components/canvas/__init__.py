"""A square to draw in: white ink on dark paper, like the training pictures."""

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypedDict

from pydantic import Field

from lib.ui.components import Index, Message, checked, register

SIDE = 140  # pixels of the PNG


class Drawing(TypedDict):
    """The drawing as the browser last sent it.

    `png` is the base64 of a `size` x `size` 8-bit grey PNG (ink 255 on 0), None while nothing is drawn; `strokes`
    counts the strokes in it, `turn` how often the browser's sheet has changed.
    """

    png: str | None
    strokes: int
    turn: int


class _Sent(Message):
    png: Annotated[str, Field(max_length=1_000_000)] | None
    strokes: Index
    turn: Index = 0


class CanvasResult(NamedTuple):
    """`drawing` is state: it stays until the next stroke, undo or clear."""

    drawing: Drawing


def canvas(
    *,
    key: str,
    size: int = SIDE,
    brush: int = 10,
    label: str,
    followed: bool = False,
    example: str | None = None,
    on_drawing_change: Callable[[], None] | None = None,
) -> CanvasResult:
    """Mount a drawing surface named `label` for screen readers.

    `size` is the side of the PNG in pixels and `brush` the first thickness of the line in those pixels; on screen the
    surface fills its column up to 300 px. While drawing, `drawing` arrives about every 120 ms and at the end of each
    stroke; where it is `followed` by a net that runs in the page, only when the pen has come to rest. `example`, a PNG
    in base64, shines faintly through an empty sheet: the kind of thing that one may draw. Strokes are kept
    as vectors for as long as the page is open, by `key`: a drawing survives reruns and page switches, and is sent again
    when its canvas comes back. Another key is an empty sheet.
    """
    empty: Drawing = {"png": None, "strokes": 0, "turn": 0}
    result = register("canvas")(
        key=key,
        data={"key": key, "size": size, "brush": brush, "label": label, "followed": followed, "example": example},
        default={"drawing": empty},
        on_drawing_change=on_drawing_change or _ignore,
    )
    sent = checked(result.drawing, _Sent)
    return CanvasResult({"png": sent.png, "strokes": sent.strokes, "turn": sent.turn} if sent else empty)


def _ignore() -> None:
    """Stand in for a callback: Streamlit keeps a default only for a state that has one."""
