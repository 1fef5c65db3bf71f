"""The verdict on a learning-rate race: rules on the measured training loss, the same that the page shows.

The thresholds were set by looking at 144 measured curves: small CNN and dense net, three optimizers, twelve rates from
0.00001 to 10, on doodles and digits.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from lib.experiments import seeds, statistics, words
from lib.experiments.measured import LEAST_POINTS, Curve
from lib.experiments.records import Judged, Verdict

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
    f"**explodes**: the loss stops being a number; or it shoots above {_SHOT_UP:.0f} times the larger of its start and "
    f"of guessing, and ends above {words.whole(_LEARNED)} of guessing.",
    f"**good**: over the last fifth of the way the mean loss is at least {words.whole(_GOOD)} of the way from guessing "
    f"down to the best one's, and in the second half it went up by less than {words.whole(_RESTLESS)} of guessing in "
    "all.",
    "**crawls**: it does not get so far, and its rate is smaller than the best one.",
    f"**gets stuck**: its rate is larger than the best one, it ends above {words.whole(_AT_GUESSING)} of guessing, and "
    f"in the second half it moves up by less than {words.whole(_STILL)} of guessing in all; mostly because the first "
    "steps were so large that they switched the neurons off.",
    "**bounces**: none of this: it goes up and down and does not settle.",
    f"If no rate ends below {words.whole(_LEARNED)} of guessing there is no best one. Then a rate crawls if it never "
    f"shot above {_ROSE:g} times the larger of its start and of guessing, and either never came further than "
    f"{words.whole(_BY_THE_START)} from its start or fell without rising in the second half; the others bounce or get "
    "stuck as above.",
    "Each rate is trained from several seeds and shown by the seed in the middle; where seeds disagree the word is "
    f"**between** two. With one seed it is so if thresholds {words.whole(_EDGE)} higher or lower would change it.",
    "A rate **learns best** if chance alone would set the losses of its seeds so far below every other good one's in "
    f"fewer than {words.whole(statistics.ALPHA)} of all races (Welch's t-test, Shaffer's steps for several pairs).",
    "The losses are the published points of the training curve; where a run was so quick that it has fewer than ten of "
    "them, they are the means of its epochs.",
)


@dataclass(frozen=True, slots=True)
class _Rate:
    """One learning rate: its seeds' curves, the one in the middle, and the word for them."""

    name: str
    curves: tuple[Curve, ...]
    word: str = ""

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
        return Verdict(sentence="Too short to tell: train for more epochs, so that the curves have a few points more.")
    grouped: dict[str, list[Curve]] = {}
    for curve in curves:
        grouped.setdefault(curve.name, []).append(curve)
    rates = [_Rate(name, tuple(found)) for name, found in grouped.items()]
    best = min((rate for rate in rates if rate.end < _LEARNED * rate.middle.guess), key=lambda r: r.end, default=None)
    bar = best.middle if best else None
    rates = [_Rate(rate.name, rate.curves, _word_of_all(rate, bar)) for rate in rates]
    best = next((rate for rate in rates if best and rate.name == best.name), None)
    panels = {rate.name: Judged(word=rate.word, reason=_reason(rate.middle, rate.word)) for rate in rates}
    told = best is not None and _is_told_apart(best, rates)
    sentence = _sentence(rates, best, told, accuracies)
    return Verdict(sentence=sentence, panels=panels, best=best.name if best and told else None)


def _word_of_all(rate: _Rate, best: Curve | None) -> str:
    """One word for all seeds; "between" two where they disagree, or where the only one lies at a threshold."""
    if len(rate.curves) == 1:
        found = Counter(_word(rate.middle, best, slack) for slack in (0.0, -_EDGE, _EDGE))
    else:
        found = Counter(_word(curve, best) for curve in rate.curves)
    if len(found) == 1:
        return next(iter(found))
    two = sorted((word for word, _ in found.most_common(2)), key=_WORDS.index)
    return f"between “{two[0]}” and “{two[1]}”"


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


def _reason(curve: Curve, word: str) -> str:
    """The number that stands beside the word."""
    end = words.loss(curve.end)
    match word:
        case "explodes" if curve.diverged:
            return "the loss stopped being a number"
        case "explodes":
            return f"the loss shot up to {words.loss(curve.peak)} and ended at {end}"
        case "good":
            return f"loss {end} at the end"
        case "crawls":
            return f"loss {end} at the end, from {words.loss(curve.start)}"
        case "gets stuck":
            return f"loss {end}: guessing gives {words.loss(curve.guess)}"
        case _ if curve.rises() >= _STILL * curve.guess:
            return f"loss {end} at the end, up by {words.loss(curve.rises())} in the second half alone"
        case _:
            return f"loss {end} at the end, after a peak of {words.loss(curve.peak)}"


def _sentence(rates: Sequence[_Rate], best: _Rate | None, told: bool, accuracies: dict[str, float | None]) -> str:
    by_word: dict[str, list[_Rate]] = {}
    for rate in rates:
        by_word.setdefault(rate.word, []).append(rate)
    parts = [_start(by_word) if best is None else _first(best, by_word.get("good", []), told, accuracies)]
    by_word = {word: [rate for rate in found if rate is not best] for word, found in by_word.items()}
    if others := by_word.pop("good", []):
        what = "are good too" if len(others) > 1 else "is good too"
        parts.append(f"{_each(others, _end)} {what}")
    verbs: dict[str, tuple[str, Callable[[_Rate], str]]] = {
        "crawls": ("crawl", _end),
        "bounces": ("bounce", _end),
        "gets stuck": ("get stuck where guessing is", _end),
        "explodes": ("explode", _height),
    }
    for word, (many, number) in verbs.items():
        if found := by_word.pop(word, []):
            one = {"gets stuck": "gets stuck where guessing is"}.get(word, word)
            parts.append(f"{_each(found, number)} {many if len(found) > 1 else one}")
    parts += [
        f"{_each(found, _end)} {'are' if len(found) > 1 else 'is'} {word}" for word, found in by_word.items() if found
    ]
    return words.sentence("; ".join(parts)) + _finds(rates, best, told) + _hint(rates, best)


def _start(by_word: dict[str, list[_Rate]]) -> str:
    """What there is to say where no rate learns."""
    start = "no rate of these learns"
    if set(by_word) == {"crawls"}:
        return start + "; all are too small: try larger ones"
    if "crawls" not in by_word:
        return start + "; all are too large: try smaller ones"
    return start + "; try one between those that crawl and the others"


def _first(best: _Rate, good: Sequence[_Rate], told: bool, accuracies: dict[str, float | None]) -> str:
    """What is said of the rate whose loss is the lowest, and whether chance may have put it there."""
    accuracy = accuracies.get(best.name)
    at = "" if accuracy is None else f", with {words.percent(accuracy)} of the validation pictures right"
    number = f"training loss {words.loss(best.end)} at the end{at}"
    count = len(best.curves)
    rivals = [rate for rate in good if rate is not best]
    if best.word != "good":
        return (
            f"{best.name} gets furthest, but is no good rate: {number}"
            if "between" in best.word
            else (f"{best.name} gets furthest, but {best.word}: {number}")
        )
    if count == 1:
        return f"{best.name} ends lowest: {number}; one seed says nothing about chance"
    if not told and rivals:
        return f"{best.name} ends lowest: {number}, in the middle of {count} seeds; too close to call which is best"
    return f"{best.name} learns best: {number}" + (f", in the middle of {count} seeds" if count > 1 else "")


def _finds(rates: Sequence[_Rate], best: _Rate | None, told: bool) -> str:
    """Where good rates were not told apart, what would have been."""
    good = [rate for rate in rates if "good" in rate.word]
    if best is None or told or len(good) < 2 or len(best.curves) < 2:
        return ""
    return f" {words.sentence(seeds.what_they_find(min(len(rate.curves) for rate in good), len(good)))}"


def _end(rate: _Rate) -> str:
    return words.loss(rate.end)


def _height(rate: _Rate) -> str:
    curve = rate.middle
    return "no number any more" if curve.diverged else f"up to {words.loss(curve.peak)}"


def _each(rates: Sequence[_Rate], number: Callable[[_Rate], str]) -> str:
    """ "0.1 (2.31) and 1 (2.37)"."""
    return words.listed([f"{rate.name} ({number(rate)})" for rate in rates])


def _hint(rates: Sequence[_Rate], best: _Rate | None) -> str:
    """At the edge of the choices the best rate may lie beyond."""
    if best is None or len(rates) < 2:
        return ""
    sizes, own = [rate.middle.rate for rate in rates], best.middle
    if own.rate == max(sizes) and own.end < _STILL_FALLING * own.mean(0.4, 0.6):
        return " It is the largest of these, and its loss was still falling: a larger one may be better."
    if own.rate == min(sizes):
        return " It is the smallest of these: a smaller one may be better."
    return ""
