"""The verdict on a learning-rate race: rules on the measured training loss, the same that the page shows.

The thresholds were set by looking at 144 measured curves: small CNN and dense net, three optimizers, twelve rates from
0.00001 to 10, on doodles and digits.
"""

from collections.abc import Callable, Sequence
from math import isfinite

from lib.experiments import words
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
    "The losses are the published points of the training curve; where a run was so quick that it has fewer than ten of "
    "them, they are the means of its epochs.",
)


def judge_race(curves: Sequence[Curve], accuracies: dict[str, float | None]) -> Verdict:
    """Judge learning rates by their losses; `accuracies` (validation, 0..1) only stand in the sentence."""
    short = [curve.name for curve in curves if len(curve.points) < LEAST_POINTS and not curve.diverged]
    if short:
        return Verdict(sentence="Too short to tell: train for more epochs, so that the curves have a few points more.")
    learned = [curve for curve in curves if curve.end < _LEARNED * curve.guess]
    best = min(learned, key=lambda curve: curve.end, default=None)
    words_of = {curve.name: _word(curve, best) for curve in curves}
    panels = {name: Judged(word=word, reason=_reason(curve, word)) for curve in curves
              for name, word in ((curve.name, words_of[curve.name]),)}  # fmt: skip
    sentence = _sentence(curves, words_of, best, accuracies)
    return Verdict(sentence=sentence, panels=panels, best=best.name if best else None)


def _word(curve: Curve, best: Curve | None) -> str:
    shot_up = curve.peak > _SHOT_UP * max(curve.start, curve.guess)
    if not isfinite(curve.end) or (shot_up and curve.end > _LEARNED * curve.guess):
        return "explodes"
    if best is not None:
        if curve.guess - curve.end >= _GOOD * (curve.guess - best.end):
            return "good" if curve.rises() < _RESTLESS * curve.guess else "bounces"
        if curve.rate < best.rate:
            return "crawls"
    elif curve.peak < _ROSE * max(curve.start, curve.guess) and (_has_hardly_moved(curve) or _is_falling(curve)):
        return "crawls"
    at_guessing = curve.end > _AT_GUESSING * curve.guess
    return "gets stuck" if at_guessing and curve.rises() < _STILL * curve.guess else "bounces"


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


def _sentence(
    curves: Sequence[Curve], words_of: dict[str, str], best: Curve | None, accuracies: dict[str, float | None]
) -> str:
    by_word: dict[str, list[Curve]] = {}
    for curve in curves:
        by_word.setdefault(words_of[curve.name], []).append(curve)
    if best is None:
        start = "no rate of these learns"
        if set(words_of.values()) == {"crawls"}:
            start += "; all are too small: try larger ones"
        elif "crawls" not in words_of.values():
            start += "; all are too large: try smaller ones"
        else:
            start += "; try one between those that crawl and the others"
    else:
        accuracy = accuracies.get(best.name)
        at = "" if accuracy is None else f", with {words.percent(accuracy)} of the validation pictures right"
        how = "learns best" if words_of[best.name] == "good" else "gets furthest, but bounces"
        start = f"{best.name} {how}: training loss {words.loss(best.end)} at the end{at}"
    parts = [start]
    by_word = {word: [curve for curve in found if curve is not best] for word, found in by_word.items()}
    if others := by_word.pop("good", []):
        what = "are good too" if len(others) > 1 else "is good too"
        parts.append(f"{_each(others, lambda curve: words.loss(curve.end))} {what}")
    told: dict[str, tuple[str, Callable[[Curve], str]]] = {
        "crawls": ("crawl", lambda curve: words.loss(curve.end)),
        "bounces": ("bounce", lambda curve: words.loss(curve.end)),
        "gets stuck": ("get stuck where guessing is", lambda curve: words.loss(curve.end)),
        "explodes": ("explode", _height),
    }
    for word, (many, number) in told.items():
        if found := by_word.get(word):
            one = {"gets stuck": "gets stuck where guessing is"}.get(word, word)
            parts.append(f"{_each(found, number)} {many if len(found) > 1 else one}")
    text = words.sentence("; ".join(parts))
    return text + _hint(curves, best)


def _height(curve: Curve) -> str:
    return "no number any more" if curve.diverged else f"up to {words.loss(curve.peak)}"


def _each(curves: Sequence[Curve], number: Callable[[Curve], str]) -> str:
    """ "0.1 (2.31) and 1 (2.37)"."""
    return words.listed([f"{curve.name} ({number(curve)})" for curve in curves])


def _hint(curves: Sequence[Curve], best: Curve | None) -> str:
    """At the edge of the choices the best rate may lie beyond."""
    if best is None or len(curves) < 2:
        return ""
    rates = [curve.rate for curve in curves]
    if best.rate == max(rates) and best.end < _STILL_FALLING * best.mean(0.4, 0.6):
        return " It is the largest of these, and its loss was still falling: a larger one may be better."
    if best.rate == min(rates):
        return " It is the smallest of these: a smaller one may be better."
    return ""
