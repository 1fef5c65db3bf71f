"""What chance alone could do: Welch's between seeds, a paired test where seeds share what they begin with, McNemar's
on the same pictures, Fisher's on different ones, stricter for several at once.

Tests that take one spread for all panels (Tukey, Dunnett) find more, but learning rates, optimizers and sizes differ in
spread too: with spreads of 1 and 5 they call 10 to 14 % of equal set-ups different, where 5 % were promised.
"""

from collections.abc import Sequence
from itertools import combinations
from math import comb, sqrt
from statistics import fmean, stdev

ALPHA = 0.05  # how often equal things may be told apart


def welch(first: Sequence[float], second: Sequence[float], resolution: float = 0.0) -> float:
    """How often two groups with equal means would differ so much: p, two-sided; 1 where one has fewer than two values.

    resolution: the smallest step between two values. Three seeds that happen to agree to the picture have no spread of
    their own; theirs counts as one step, lest chance look like certainty.
    """
    if min(len(first), len(second)) < 2:
        return 1.0
    gap = fmean(first) - fmean(second)
    errors = [max(stdev(group), resolution) ** 2 / len(group) for group in (first, second)]
    if sum(errors) == 0.0:
        return 0.0 if gap else 1.0
    from scipy import special  # type: ignore[import-untyped]  # a while to import

    free = sum(errors) ** 2 / sum(
        error**2 / (len(group) - 1) for error, group in zip(errors, (first, second), strict=True)
    )
    return float(2 * special.stdtr(free, -abs(gap) / sqrt(sum(errors))))


def paired(first: Sequence[float], second: Sequence[float], resolution: float = 0.0) -> float:
    """How often pairs with equal means would differ so much: p of Student's paired test, two-sided.

    For values that belong together, seed by seed: the same first weights, the same first labels. 1 where there are
    fewer than two pairs; resolution: as for `welch`. ValueError where they are not as many.
    """
    gaps = [one - other for one, other in zip(first, second, strict=True)]
    if len(gaps) < 2:
        return 1.0
    gap, error = fmean(gaps), max(stdev(gaps), resolution) / sqrt(len(gaps))
    if error == 0.0:
        return 0.0 if gap else 1.0
    from scipy import special

    return float(2 * special.stdtr(len(gaps) - 1, -abs(gap) / error))


def holm(chances: Sequence[float]) -> list[float]:
    """The same chances, made larger for how many were looked at (Holm 1979), so that all calls together err in 5 %."""
    return _stepwise(chances, [len(chances) - done for done in range(len(chances))])


def shaffer(chances: Sequence[float], groups: int) -> list[float]:
    """Holm's steps for all pairs of `groups` (Shaffer 1986): after a first difference fewer pairs can still be equal.

    If one of four groups differs from another, at most three of the six pairs are equal, not five.
    """
    possible = sorted(_equal_pairs(groups))
    return _stepwise(
        chances, [max(count for count in possible if count <= len(chances) - done) for done in range(len(chances))]
    )


def _equal_pairs(groups: int) -> set[int]:
    """How many of all pairs may be equal at once: those within parts that the groups fall into."""
    if groups < 2:
        return {0}
    return {part * (part - 1) // 2 + rest for part in range(1, groups + 1) for rest in _equal_pairs(groups - part)}


def _stepwise(chances: Sequence[float], factors: Sequence[int]) -> list[float]:
    """Each chance times its factor, the smallest first, and never smaller than the one before."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    adjusted, largest = [0.0] * len(chances), 0.0
    for place, factor in zip(order, factors, strict=True):
        largest = max(largest, min(factor * chances[place], 1.0))
        adjusted[place] = largest
    return adjusted


def told_apart(groups: Sequence[Sequence[float]], resolution: float = 0.0) -> dict[tuple[int, int], float]:
    """The chance of every pair of groups, (smaller, larger index), adjusted for all pairs."""
    pairs = list(combinations(range(len(groups)), 2))
    chances = shaffer([welch(groups[one], groups[other], resolution) for one, other in pairs], len(groups))
    return dict(zip(pairs, chances, strict=True))


def mcnemar(only_first: int, only_second: int) -> float:
    """How often two nets that are equally good on the same pictures would differ so much: p, two-sided and exact.

    only_first, only_second: pictures that one of the two had right and the other had not
    """
    if only_first + only_second == 0:
        return 1.0
    from scipy import stats

    return float(stats.binomtest(only_first, only_first + only_second, 0.5).pvalue)


def fisher(right: Sequence[int], wrong: Sequence[int]) -> float:
    """How often two groups of pictures that are equally hard would differ so much: p of Fisher's exact test, two-sided.

    right, wrong: how many of the first group and of the second a net knew, and did not
    """
    first, second, known = right[0] + wrong[0], right[1] + wrong[1], sum(right)
    ways = [
        comb(first, count) * comb(second, known - count)
        for count in range(max(0, known - second), min(first, known) + 1)
    ]
    seen = comb(first, right[0]) * comb(second, right[1])
    return sum(each for each in ways if each <= seen) / sum(ways)
