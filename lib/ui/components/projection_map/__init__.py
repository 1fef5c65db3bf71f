"""Pictures as points in the plane, alike ones close together; see `projection_map`."""

from collections.abc import Callable, Sequence
from typing import Any

from lib.ui.components import register


def projection_map(
    *,
    key: str,
    title: str,
    note: str,
    summary: str,
    classes: Sequence[str],
    points: Sequence[tuple[float, float]],
    places: Sequence[int],
    labels: Sequence[int],
    answers: Sequence[int],
    shares: Sequence[float],
    chosen: int | None,
    on_chosen: Callable[[], None],
) -> Any:
    """Draw N points, each with the colour and the marker of its true class; wrong answers have a ring.

    points, places, labels, answers, shares: N each; a place is that of the picture in its split, and what a point
        keeps while it moves; shares are the probabilities of the answers
    summary: one sentence about the whole, for those who do not see it
    chosen: the place of the picture that is looked at
    on_chosen: called when a point is clicked or reached by the arrow keys; `heard(key, "chosen", Place)` says which
    """
    data = {
        "title": title,
        "note": note,
        "summary": summary,
        "classes": list(classes),
        "points": [
            {"x": x, "y": y, "place": place, "label": label, "answer": answer, "share": share}
            for (x, y), place, label, answer, share in zip(points, places, labels, answers, shares, strict=True)
        ],
        "chosen": chosen,
    }
    return register("projection_map")(key=key, data=data, on_chosen_change=on_chosen)
