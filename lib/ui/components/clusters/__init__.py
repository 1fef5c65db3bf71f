"""Pictures as points, sorted without a teacher and with one; see `clusters`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import register


def clusters(
    *,
    key: str,
    words: Mapping[str, Any],
    points: Sequence[tuple[float, float]],
    groups: Sequence[int],
    labels: Sequence[int],
    answers: Sequence[int],
    classes: Sequence[str],
    names: Sequence[int],
    sprite: Mapping[str, Any],
) -> None:
    """Draw the same points twice, coloured by group and by label; pointing at one marks its picture in both.

    words: of the part "clusters"
    groups, labels, answers: of each point, the group it was sorted into, its label, and what the trained net says
    names: of each group, the class that it has most of
    sprite: {"png", "columns", "width", "height"}: all pictures in one, row by row
    """
    data = {
        **words,
        "points": [list(point) for point in points],
        "groups": list(groups),
        "labels": list(labels),
        "answers": list(answers),
        "classes": list(classes),
        "names": list(names),
        "sprite": dict(sprite),
    }
    register("clusters")(key=key, data=data)
