"""How many seeds a comparison takes: what so many can tell apart, and how many fit into a time."""

from functools import cache
from math import sqrt

from lib.experiments.statistics import ALPHA
from lib.telling import Told, told

FEWEST = 3  # unless the person says fewer: two say hardly anything, and one nothing
MOST = 10  # more seldom change what is said
SECONDS = 120.0  # what all runs of a comparison may take, if the person says nothing
OFTEN = 0.8  # of all experiments
GAP = 2.0  # standard deviations between seeds: a difference that people see in a picture of the scores
_PARTS = 40  # that the scatter of two spreads is looked at in


def that_fit(seconds_each: float, panels: int, seconds: float = SECONDS, most_runs: int = 40) -> int:
    """How many seeds each of `panels` may have, if one seed of all takes `seconds_each`."""
    most = min(MOST, most_runs // max(panels, 1))
    return max(min(FEWEST, most), min(most, int(seconds / max(seconds_each, 1e-9))))


@cache
def power(seeds: int, gap: float, panels: int = 2) -> float:
    """How often two panels whose means lie `gap` standard deviations apart are told apart, 0..1.

    Of several panels: at the level that the first of all pairs has to reach, so this is the least. Welch's test takes
    its degrees of freedom from how unequal the two measured spreads happen to be (their share of the sum is
    beta-distributed), and divides by how large they happen to be together (which is chi-distributed).
    """
    if seeds < 2:
        return 0.0
    import numpy as np
    from scipy import special  # type: ignore[import-untyped]  # a while to import

    free, level = seeds - 1, ALPHA / max(panels * (panels - 1) // 2, 1)
    middles = np.array([(part + 0.5) / _PARTS for part in range(_PARTS)])
    share = special.betaincinv(free / 2, free / 2, middles)
    critical = -special.stdtrit(free / (share**2 + (1 - share) ** 2), level / 2)
    together = np.sqrt(special.gammaincinv(free, middles) / free)
    needed, there = critical[:, None] * together, gap * sqrt(seeds / 2)
    return float((special.ndtr(there - needed) + special.ndtr(-needed - there)).mean())


@cache
def smallest_gap(seeds: int, panels: int = 2) -> float:
    """The difference, in standard deviations between seeds, that so many seeds find in 80 %."""
    from scipy.optimize import brentq  # type: ignore[import-untyped]

    far = 1.0
    while power(seeds, far, panels) < OFTEN:
        far *= 2
    return float(brentq(lambda gap: power(seeds, gap, panels) - OFTEN, 0.0, far, xtol=0.01))


@cache
def enough(panels: int = 2) -> int:
    """How many seeds each it takes to find a difference of `GAP` in 80 %."""
    return next(seeds for seeds in range(2, 100) if power(seeds, GAP, panels) >= OFTEN)


def what_they_find(seeds: int, panels: int = 2) -> Told:
    """What so many seeds can tell:

    "3 seeds each find a difference of 3.5 standard deviations in 80 % of experiments, and one of 2 in 37 of 100, where
    6 seeds each find it in 87"
    """
    if seeds < 2:
        return told("seeds.one")
    found = {
        "seeds": seeds,
        "gap": smallest_gap(seeds, panels),
        "often": OFTEN,
        "usual": GAP,
        "found": 100 * power(seeds, GAP, panels),
    }
    if (more := enough(panels)) <= seeds:
        return told("seeds.find", **found)
    return told("seeds.find_more", **found, more=more, found_more=100 * power(more, GAP, panels))
