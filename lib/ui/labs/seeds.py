"""Two ways of training, seed by seed: whether they differ by more than chance."""

from collections.abc import Sequence
from statistics import fmean

from lib.experiments.statistics import ALPHA, paired, welch
from lib.ui.words import percent, say


def beside(names: tuple[str, str], first: Sequence[float], second: Sequence[float], resolution: float) -> str:
    """What test accuracies 0..1 of the same seeds say of two ways; each pair began with the same net.

    resolution: the smallest step between two values, one picture's
    """
    gaps = [one - other for one, other in zip(first, second, strict=True)]
    chance = paired(first, second, resolution)
    said = say(
        "labs.beside",
        one=names[0],
        one_values=", ".join(map(percent, first)),
        other=names[1],
        other_values=", ".join(map(percent, second)),
        gaps=", ".join(say("labs.points", points=100 * gap) for gap in gaps),
        mean=say("labs.points", points=100 * fmean(gaps)),
    )
    verdict = say(
        "labs.hardly_chance" if chance < ALPHA else "labs.perhaps_chance",
        chance=percent(chance),
        apart=percent(welch(first, second, resolution)),
    )
    return f"{said} {verdict}"
