"""The verdict on a learning-rate race: rules on the measured training loss, the same that the page shows.

The thresholds were set by looking at 144 measured curves: small CNN and dense net, three optimizers, twelve rates from
0.00001 to 10, on doodles and digits.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from lib.experiments import seeds, statistics, words
from lib.experiments.measured import LEAST_POINTS, Curve
from lib.experiments.records import Judged, Verdict
from lib.telling import Told, several, told

_LEARNED = 0.8  # of the loss of guessing: below it a net has learned something
_GOOD = 0.9  # of the way from guessing down to the best end
_SHOT_UP = 3.0  # times the larger of guessing and the start
_AT_GUESSING = 0.95
_STILL = 0.05  # of the loss of guessing: rises that add up to less are no bouncing
_RESTLESS = 0.35  # of the loss of guessing: who goes up so far in the second half does not settle
_ROSE = 1.5  # times the larger of guessing and the start: steps that are too small never lead up so far
_BY_THE_START = 0.1  # of the start: who never came further away has not moved
_STILL_FALLING = 0.7  # of the loss at half way
_EDGE = 0.15  # with one seed, a word that a threshold moved by this share would change is not given
_WORDS = ("crawls", "good", "bounces", "gets stuck", "explodes")  # in the order in which larger rates reach them

RULES = (
    told("race.rule_explodes", shot_up=_SHOT_UP, learned=_LEARNED),
    told("race.rule_good", good=_GOOD, restless=_RESTLESS),
    told("race.rule_crawls"),
    told("race.rule_stuck", at_guessing=_AT_GUESSING, still=_STILL),
    told("race.rule_bounces"),
    told("race.rule_none", learned=_LEARNED, rose=_ROSE, start=_BY_THE_START),
    told("race.rule_between", edge=_EDGE),
    told("race.rule_best", alpha=statistics.ALPHA),
    told("race.rule_losses"),
)


@dataclass(frozen=True, slots=True)
class _Rate:
    """One learning rate: its seeds' curves, the one in the middle, and the word for them."""

    name: str
    curves: tuple[Curve, ...]
    word: str = ""

    @property
    def said(self) -> Told:
        """Its name, for a sentence."""
        return told("told.panel", name=self.name)

    @property
    def middle(self) -> Curve:
        """The curve of the seed whose end lies in the middle."""
        return sorted(self.curves, key=lambda curve: curve.end)[(len(self.curves) - 1) // 2]

    @property
    def end(self) -> float:
        """Where the seed in the middle ends."""
        return self.middle.end


def judge_race(curves: Sequence[Curve], accuracies: dict[str, float | None]) -> Verdict:
    """Judge learning rates by their losses, each from one seed or several: curves of one name are its seeds.

    accuracies: of validation, 0..1, by name; they only stand in the sentence.
    """
    if any(len(curve.points) < LEAST_POINTS and not curve.diverged for curve in curves):
        return Verdict(sentence=(told("race.too_short"),))
    grouped: dict[str, list[Curve]] = {}
    for curve in curves:
        grouped.setdefault(curve.name, []).append(curve)
    rates = [_Rate(name, tuple(found)) for name, found in grouped.items()]
    best = min((rate for rate in rates if rate.end < _LEARNED * rate.middle.guess), key=lambda r: r.end, default=None)
    bar = best.middle if best else None
    rates = [_Rate(rate.name, rate.curves, _word_of_all(rate, bar)) for rate in rates]
    best = next((rate for rate in rates if best and rate.name == best.name), None)
    panels = {rate.name: Judged(word=rate.word, reason=_reason(rate.middle, rate.word)) for rate in rates}
    apart = best is not None and _is_told_apart(best, rates)
    sentence = _sentence(rates, best, apart, accuracies)
    return Verdict(sentence=sentence, panels=panels, best=best.name if best and apart else None)


def _word_of_all(rate: _Rate, best: Curve | None) -> str:
    """One word for all seeds; "between" two where they disagree, or where the only one lies at a threshold."""
    if len(rate.curves) == 1:
        found = Counter(_word(rate.middle, best, slack) for slack in (0.0, -_EDGE, _EDGE))
    else:
        found = Counter(_word(curve, best) for curve in rate.curves)
    if len(found) == 1:
        return next(iter(found))
    two = sorted((word for word, _ in found.most_common(2)), key=_WORDS.index)
    return "/".join(two)


def _is_told_apart(best: _Rate, rates: Sequence[_Rate]) -> bool:
    """Whether the best one's losses lie below those of every other that may be good by more than chance."""
    rivals = [rate for rate in rates if rate is not best and "good" in rate.word]
    ends = [[curve.end for curve in rate.curves if isfinite(curve.end)] for rate in (best, *rivals)]
    if min(map(len, ends)) < 2:
        return False
    chances = statistics.told_apart(ends)
    return all(chances[0, place] < statistics.ALPHA for place in range(1, len(ends)))


def _word(curve: Curve, best: Curve | None, slack: float = 0.0) -> str:
    """The word for one curve; thresholds are moved by the share `slack`, harder to meet or easier."""
    harder, easier = 1.0 + slack, 1.0 - slack
    shot_up = curve.peak > harder * _SHOT_UP * max(curve.start, curve.guess)
    if not isfinite(curve.end) or (shot_up and curve.end > _LEARNED * curve.guess):
        return "explodes"
    if best is not None:
        short_of = (1 - _GOOD) * harder  # of the best one's way
        if curve.guess - curve.end >= (1 - short_of) * (curve.guess - best.end):
            return "good" if curve.rises() < easier * _RESTLESS * curve.guess else "bounces"
        if curve.rate < best.rate:
            return "crawls"
    elif curve.peak < _ROSE * max(curve.start, curve.guess) and (_has_hardly_moved(curve) or _is_falling(curve)):
        return "crawls"
    at_guessing = curve.end > (1 - (1 - _AT_GUESSING) * harder) * curve.guess
    return "gets stuck" if at_guessing and curve.rises() < easier * _STILL * curve.guess else "bounces"


def _has_hardly_moved(curve: Curve) -> bool:
    means = [curve.mean(fifth / 5, (fifth + 1) / 5) for fifth in range(5)]
    return all(abs(mean - curve.start) <= _BY_THE_START * curve.start for mean in means)


def _is_falling(curve: Curve) -> bool:
    return curve.end < curve.mean(0.4, 0.6) and curve.rises() < _STILL * curve.guess


def _reason(curve: Curve, word: str) -> Told:
    """The number that stands beside the word."""
    end, rises = words.loss(curve.end), curve.rises()
    match word:
        case "explodes" if curve.diverged:
            return told("verdict.no_number")
        case "explodes":
            return told("race.shot_up", peak=words.loss(curve.peak), end=end)
        case "good":
            return told("race.ends", end=end)
        case "crawls":
            return told("race.crawled", end=end, start=words.loss(curve.start))
        case "gets stuck":
            return told("race.stuck", end=end, guess=words.loss(curve.guess))
        case _ if rises >= _STILL * curve.guess:
            return told("race.rose", end=end, rises=words.loss(rises))
        case _:
            return told("race.peaked", end=end, peak=words.loss(curve.peak))


def _sentence(
    rates: Sequence[_Rate], best: _Rate | None, apart: bool, accuracies: dict[str, float | None]
) -> tuple[Told, ...]:
    by_word: dict[str, list[_Rate]] = {}
    for rate in rates:
        by_word.setdefault(rate.word, []).append(rate)
    parts = [_start(by_word) if best is None else _first(best, by_word.get("good", []), apart, accuracies)]
    others = {word: [rate for rate in found if rate is not best] for word, found in by_word.items()}
    for word in ("good", "crawls", "bounces", "gets stuck", "explodes"):
        if found := others.pop(word, []):
            number = _height if word == "explodes" else _end
            code = f"race.each_{word.replace(' ', '_')}"
            parts.append(told(code, rates=_each(found, number), count=len(found)))
    parts += [
        told("race.each_between", rates=_each(found, _end), word=between(word), count=len(found))
        for word, found in others.items()
        if found
    ]
    return (several(parts, "semicolon"), *_finds(rates, best, apart), *_hint(rates, best))


def between(word: str) -> Told:
    """What is said of a rate whose seeds disagree: "good/bounces"."""
    one, _, other = word.partition("/")
    return told("race.between", one=told(f"verdict.word_{_code(one)}"), other=told(f"verdict.word_{_code(other)}"))


def _code(word: str) -> str:
    return word.replace(" ", "_")


def _start(by_word: dict[str, list[_Rate]]) -> Told:
    """What there is to say where no rate learns."""
    if set(by_word) == {"crawls"}:
        return told("race.none_small")
    return told("race.none_large" if "crawls" not in by_word else "race.none_between")


def _first(best: _Rate, good: Sequence[_Rate], apart: bool, accuracies: dict[str, float | None]) -> Told:
    """What is said of the rate whose loss is the lowest, and whether chance may have put it there."""
    accuracy, end = accuracies.get(best.name), words.loss(best.end)
    number = told("race.number", end=end) if accuracy is None else told("race.number_right", end=end, right=accuracy)
    count = len(best.curves)
    rivals = [rate for rate in good if rate is not best]
    said: dict[str, Any] = {"panel": best.said, "number": number}
    if best.word != "good":
        word = between(best.word) if "/" in best.word else told(f"verdict.word_{_code(best.word)}")
        return told("race.furthest", **said, word=word)
    if count == 1:
        return told("race.lowest_alone", **said)
    if not apart and rivals:
        return told("race.lowest_close", **said, seeds=count)
    return told("race.best", **said, seeds=count)


def _finds(rates: Sequence[_Rate], best: _Rate | None, apart: bool) -> tuple[Told, ...]:
    """Where good rates were not told apart, what would have been."""
    good = [rate for rate in rates if "good" in rate.word]
    if best is None or apart or len(good) < 2 or len(best.curves) < 2:
        return ()
    return (seeds.what_they_find(min(len(rate.curves) for rate in good), len(good)),)


def _end(rate: _Rate) -> Told:
    return words.loss(rate.end)


def _height(rate: _Rate) -> Told:
    curve = rate.middle
    return told("race.no_number_any_more") if curve.diverged else told("race.up_to", peak=words.loss(curve.peak))


def _each(rates: Sequence[_Rate], number: Callable[[_Rate], Told]) -> list[Told]:
    """ "0.1 (2.31) and 1 (2.37)"."""
    return [told("verdict.panel_at", panel=rate.said, score=number(rate)) for rate in rates]


def _hint(rates: Sequence[_Rate], best: _Rate | None) -> tuple[Told, ...]:
    """At the edge of the choices the best rate may lie beyond."""
    if best is None or len(rates) < 2:
        return ()
    sizes, own = [rate.middle.rate for rate in rates], best.middle
    if own.rate == max(sizes) and own.end < _STILL_FALLING * own.mean(0.4, 0.6):
        return (told("race.hint_larger"),)
    return (told("race.hint_smaller"),) if own.rate == min(sizes) else ()
