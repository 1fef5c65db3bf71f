"""Verdicts on contests: which of several nets or settings does best on test pictures, and whether that can be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

from lib.experiments import words
from lib.experiments.records import Judged, Verdict

_ERRORS = 2.0  # standard errors that a difference must exceed
_NEAR_THE_TOP = 0.9  # of the best accuracy: how soon it is passed tells how quickly a net learns
_BY_HEART = 0.1  # more of the training than of the test pictures right

RANKING_RULES = (
    "**best**: the most test pictures right; they were never used in training.",
    f"**too close to call**: the best one is ahead by less than {_ERRORS:.0f} standard errors of the difference, where "
    "the standard error of an accuracy p on n pictures is √(p(1−p)/n).",
    "**behind**: all others. **diverged**: the loss stopped being a number.",
)
SPEED_RULES = (
    *RANKING_RULES,
    f"How quickly: epochs until the validation accuracy first reaches {words.whole(_NEAR_THE_TOP)} of what the best "
    "one ends with.",
)
PAIR_RULES = (
    "Each net is trained from several seeds; shown are mean and standard deviation of the test accuracy.",
    f"**ahead**: the means differ by more than {_ERRORS:.0f} standard errors of their difference, √(s₁²/n₁ + s₂²/n₂); "
    "otherwise **too close to call**. With few seeds that is a rule of thumb, not a proof.",
)
DATA_RULES = (
    f"**learns by heart**: at least {_BY_HEART * 100:.0f} points more of its training pictures are right than of the "
    "test pictures; otherwise **generalises**.",
    f"More pictures help if the largest set beats the smallest by more than {_ERRORS:.0f} standard errors; they still "
    "help if it also beats the second largest so.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one run brings to a contest. Accuracies are 0..1; None where the run did not come to its end."""

    panel: str
    test_accuracy: float | None
    train_accuracy: float | None
    seconds: float
    steps: int
    parameters: int
    multiply_adds: int  # of one picture, forward
    validation: tuple[tuple[float, float], ...] = ()  # (epochs since the start, accuracy)
    pictures: int = 0  # trained on


def judge_ranking(entries: Sequence[Entry], tests: int, *, with_cost: bool = False) -> Verdict:
    """Rank settings by accuracy on `tests` pictures; `with_cost` also says how long the best and the others took."""
    there = [entry for entry in entries if entry.test_accuracy is not None]
    if not there:
        return Verdict(sentence="None of these came to a result: their losses stopped being numbers.")
    ranked = sorted(there, key=_accuracy, reverse=True)
    best, others = ranked[0], ranked[1:]
    close = [other for other in others if not _is_ahead(best, other, tests)]
    behind = [other for other in others if other not in close]
    gone = [entry for entry in entries if entry not in there]
    sentence = f"{best.panel} is best: {words.percent(_accuracy(best))} of {tests:,} test pictures right"
    if close:
        names = words.listed([f"{e.panel} ({words.percent(_accuracy(e))})" for e in close])
        sentence += f"; {names} {'is' if len(close) == 1 else 'are'} too close to call"
    if behind:
        names = words.listed([f"{e.panel} ({words.percent(_accuracy(e))})" for e in behind])
        sentence += f"; {names} {'is' if len(behind) == 1 else 'are'} behind"
    if gone:
        sentence += f"; {words.listed([entry.panel for entry in gone])} diverged"
    sentence = words.sentence(sentence) + (_costs(ranked) if with_cost else _speeds(best, ranked))
    panels = {best.panel: Judged(word="best", reason=_score(best))}
    panels |= {entry.panel: Judged(word="too close to call", reason=_score(entry)) for entry in close}
    panels |= {entry.panel: Judged(word="behind", reason=_score(entry)) for entry in behind}
    panels |= {entry.panel: Judged(word="diverged", reason="the loss stopped being a number") for entry in gone}
    return Verdict(sentence=sentence, panels=panels, best=None if close else best.panel)


def judge_pair(entries: Sequence[Entry], equal: str) -> Verdict:
    """Compare two nets, each trained from several seeds; `equal` says at what they are, as in "equal time"."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.test_accuracy is not None:
            groups.setdefault(entry.panel, []).append(entry)
    if len(groups) != 2:
        return Verdict(sentence="One of the two nets came to no result: its loss stopped being a number.")
    first, second = sorted(groups, key=lambda name: mean(map(_accuracy, groups[name])), reverse=True)
    high, low = groups[first], groups[second]
    gap = mean(map(_accuracy, high)) - mean(map(_accuracy, low))
    error = _error_of_difference(high, low)
    sentence = (
        f"At {equal}, the {_small(first)} has {_spread(high)} of the test pictures right and the {_small(second)} "
        f"{_spread(low)}"
    )
    if error is None:
        ahead = gap > 0
        sentence += f", {words.points(gap)} apart: one seed each says nothing about chance"
    else:
        ahead = gap > _ERRORS * error
        seeds = len(high) if len(high) == len(low) else f"{len(high)} and {len(low)}"
        lead = f"the {_small(first)} is ahead by {words.points(gap)}, more"
        close = f"{words.points(gap)} apart is too close to call, less"
        sentence += (
            f" (mean ± standard deviation, {seeds} seeds); {lead if ahead else close} than {_ERRORS:.0f} standard "
            f"errors ({words.points(error)} each)"
        )
    sentence = words.sentence(sentence) + _prices(first, high, second, low)
    told = {first: "ahead" if ahead else "too close to call", second: "behind" if ahead else "too close to call"}
    panels = {name: Judged(word=word, reason=_spread(groups[name])) for name, word in told.items()}
    return Verdict(sentence=sentence, panels=panels, best=first if ahead else None)


def judge_data(entries: Sequence[Entry], tests: int) -> Verdict:
    """What more training pictures bring; one entry for each size, tested on `tests` pictures."""
    there = sorted((e for e in entries if e.test_accuracy is not None), key=lambda entry: entry.pictures)
    if len(there) < 2:
        return Verdict(sentence="Fewer than two sizes came to a result, so there is nothing to compare.")
    least, most = there[0], there[-1]
    scores = f"{words.percent(_accuracy(least))} of the test pictures with {least.pictures:,} to "
    scores += f"{words.percent(_accuracy(most))} with {most.pictures:,}"
    if not _is_ahead(most, least, tests):
        sentence = f"More pictures do not help here: from {scores}, less than the chance in {tests:,} test pictures"
    else:
        helps = _is_ahead(most, there[-2], tests)
        more = "the last step still helped, so more may help too" if helps else "the last step hardly helped"
        sentence = f"More pictures help: from {scores}; {more}"
    own = least.train_accuracy
    if own is not None and own - _accuracy(least) >= _BY_HEART:
        sentence += (
            f". With {least.pictures:,} the net learns by heart: {words.percent(own)} of its own pictures, "
            f"{words.percent(_accuracy(least))} of new ones"
        )
    panels = {}
    for entry in there:
        by_heart = entry.train_accuracy is not None and entry.train_accuracy - _accuracy(entry) >= _BY_HEART
        reason = f"{words.percent(_accuracy(entry))} of the test pictures right"
        if entry.train_accuracy is not None:
            reason += f", {words.percent(entry.train_accuracy)} of its own"
        panels[entry.panel] = Judged(word="learns by heart" if by_heart else "generalises", reason=reason)
    return Verdict(sentence=words.sentence(sentence), panels=panels, best=most.panel)


def _accuracy(entry: Entry) -> float:
    assert entry.test_accuracy is not None
    return entry.test_accuracy


def _is_ahead(better: Entry, worse: Entry, tests: int) -> bool:
    p, q = _accuracy(better), _accuracy(worse)
    return p - q > _ERRORS * sqrt((p * (1 - p) + q * (1 - q)) / tests)


def _error_of_difference(high: Sequence[Entry], low: Sequence[Entry]) -> float | None:
    if len(high) < 2 or len(low) < 2:
        return None
    return sqrt(sum(stdev(map(_accuracy, group)) ** 2 / len(group) for group in (high, low)))


def _score(entry: Entry) -> str:
    return f"{words.percent(_accuracy(entry))} of the test pictures right"


def _small(name: str) -> str:
    """ "Dense net" as it stands within a sentence; "CNN" stays."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _spread(group: Sequence[Entry]) -> str:
    """ "93.1 % ± 0.6"."""
    found = [_accuracy(entry) for entry in group]
    return words.percent(mean(found)) + (f" ± {stdev(found) * 100:.1f}" if len(found) > 1 else "")


def _speeds(best: Entry, ranked: Sequence[Entry]) -> str:
    """How soon each passes nine tenths of what the best one ends with."""
    if not best.validation:
        return ""
    level = _NEAR_THE_TOP * best.validation[-1][1]
    passed = [(next((at for at, found in e.validation if found >= level), None), e.panel) for e in ranked]
    never = [name for at, name in passed if at is None]
    soon: dict[str, list[str]] = {}
    for at, name in sorted((at, name) for at, name in passed if at is not None):
        soon.setdefault(f"{at:.1f}", []).append(name)
    told = [f"{words.listed(names)} after {at}" for at, names in soon.items()]
    text = f" {words.percent(level)} of the validation pictures were right with {', with '.join(told)} epochs"
    return text + (f", with {words.listed(never)} never" if never else "") + "."


def _costs(ranked: Sequence[Entry]) -> str:
    told = [
        f"{entry.panel}: {entry.steps:,} iterations in {words.seconds(entry.seconds)}"
        for entry in sorted(ranked, key=lambda entry: -entry.steps)
    ]
    return " " + words.sentence("; ".join(told))


def _prices(first: str, high: Sequence[Entry], second: str, low: Sequence[Entry]) -> str:
    """What both nets cost, in all three currencies (S63)."""

    def told(name: str, group: Sequence[Entry]) -> str:
        one = group[0]
        return (
            f"{name}: {one.parameters:,} parameters, {one.multiply_adds:,} multiply-adds a picture, "
            f"{words.seconds(mean(entry.seconds for entry in group))} a run"
        )

    return f" {told(first, high)}; {told(second, low)}."
