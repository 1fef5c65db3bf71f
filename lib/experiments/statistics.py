"""What chance alone could do: Welch's test between seeds, McNemar's on the same pictures, Holm's for many at once."""

from collections.abc import Sequence
from itertools import combinations
from math import sqrt
from statistics import mean, stdev

ALPHA = 0.05  # how often equal things may be told apart
ENOUGH_SEEDS = 3  # what a comparison starts with; fewer than two say nothing
# Of two equally scattered nets whose means lie two standard deviations apart, the share that Welch's test tells apart.
FOUND = {3: 0.36, 6: 0.86}


def welch(first: Sequence[float], second: Sequence[float], resolution: float = 0.0) -> float:
    """How often two groups with equal means would differ so much: p, two-sided; 1 where one has fewer than two values.

    resolution: the smallest step between two values. Three seeds that happen to agree to the picture have no spread of
    their own; theirs counts as one step, lest chance look like certainty.
    """
    if min(len(first), len(second)) < 2:
        return 1.0
    spreads = [max(stdev(group), resolution) for group in (first, second)]
    gap = mean(first) - mean(second)
    if sqrt(sum(spread**2 for spread in spreads)) == 0.0:
        return 0.0 if gap else 1.0
    from scipy import stats  # type: ignore[import-untyped]  # a while to import

    found = stats.ttest_ind_from_stats(
        mean(first), spreads[0], len(first), mean(second), spreads[1], len(second), equal_var=False
    )
    return float(found.pvalue)


def holm(chances: Sequence[float]) -> list[float]:
    """The same chances, made larger for how many were looked at (Holm 1979), so that all calls together err in 5 %."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    adjusted, largest = [0.0] * len(chances), 0.0
    for done, place in enumerate(order):
        largest = max(largest, min((len(chances) - done) * chances[place], 1.0))
        adjusted[place] = largest
    return adjusted


def told_apart(groups: Sequence[Sequence[float]], resolution: float = 0.0) -> dict[tuple[int, int], float]:
    """The chance of every pair of groups, (smaller, larger index), adjusted for all pairs."""
    pairs = list(combinations(range(len(groups)), 2))
    chances = holm([welch(groups[one], groups[other], resolution) for one, other in pairs])
    return dict(zip(pairs, chances, strict=True))


def mcnemar(only_first: int, only_second: int) -> float:
    """How often two nets that are equally good on the same pictures would differ so much: p, two-sided and exact.

    only_first, only_second: pictures that one of the two had right and the other had not
    """
    if only_first + only_second == 0:
        return 1.0
    from scipy import stats

    return float(stats.binomtest(only_first, only_first + only_second, 0.5).pvalue)


def said(chance: float) -> str:
    """0.034 -> "p = 0.03", 0.0002 -> "p < 0.001"."""
    if chance < 0.001:
        return "p < 0.001"
    return f"p = {chance:.2g}" if chance < 0.1 else f"p = {chance:.1f}"
