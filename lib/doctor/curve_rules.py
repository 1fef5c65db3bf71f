"""Rules on the training loss: no number any more, stuck where guessing is, up and down, a rate at the edge."""

from math import isfinite

from lib.config import LEARNING_RATES
from lib.doctor.findings import Checked, Finding, Line, Lines, Remedy, Rule
from lib.doctor.measurements import Measurements
from lib.doctor.remedies import first, larger_rate, plain, scaled_pixels, smaller_rate
from lib.doctor.thresholds import AT_GUESSING, EDGES, LEARNED_LITTLE, LEAST_POINTS, LEAST_STEPS, RESTLESS, SILENT
from lib.experiments import words
from lib.experiments.designs import OPTIMIZER_NAMES, USUAL_RATES
from lib.experiments.measured import Curve

NO_CURVE = "no curve was kept of its training"
_SHOT_UP = 1.5  # times the larger of guessing and the start: only steps that are too large lead there


def _broken(m: Measurements) -> Checked:
    curve = m.curve
    if curve is None and m.finite is None:
        return Checked(unknown=NO_CURVE)
    if not (m.finite is False or (curve is not None and curve.diverged)):
        return Checked("all losses and weights are numbers" if m.finite else "all losses are numbers")
    at = (
        next((at for at, loss in curve.points if not isfinite(loss)), curve.points[-1][0])
        if curve and curve.points
        else 0
    )
    epoch = int(at) + 1
    sentence = (
        f"In epoch {epoch} the loss stopped being a number: the steps were so large that the weights ran off. What the "
        "net says now means nothing."
    )
    chart = _loss(m, mark=(at, "no number any more"))
    return Checked("the loss is no number any more", Finding(sentence, chart, _gentler(m)))


def _stuck(m: Measurements) -> Checked:
    curve = _judgeable(m)
    if isinstance(curve, Checked):
        return curve
    end, guess = curve.end, m.guess
    measured = f"training loss {words.loss(end)} at the end; guessing gives {words.loss(guess)}"
    if end < AT_GUESSING.value * guess:
        return Checked(measured)
    what = "no better than guessing" if end <= guess / AT_GUESSING.value else "worse than guessing"
    ln = f"ln {len(m.classes)} = " if m.config.train.loss == "cross-entropy" else ""
    sentence = (
        f"The training loss ends at {words.loss(end)}, {what} ({ln}{words.loss(guess)}): after {m.steps:,} iterations "
        "the net has learned nothing."
    )
    remedy = _gentler(m) if _went_too_far(m, curve) else first(lambda: larger_rate(m.config))
    return Checked(measured, Finding(sentence, _loss(m), remedy))


def _went_too_far(m: Measurements, curve: Curve) -> bool:
    """Whether too large steps, not too small ones, are why nothing was learned."""
    silent = max((layer.silent for layer in m.looked.layers), default=0.0) if m.looked else 0.0
    return (
        not m.config.data.scale_pixels
        or silent >= SILENT.value
        or curve.peak > _SHOT_UP * max(curve.start, m.guess)
        or m.config.train.learning_rate > USUAL_RATES[m.config.train.optimizer]
    )


def _restless(m: Measurements) -> Checked:
    curve = _judgeable(m)
    if isinstance(curve, Checked):
        return curve
    rises, limit = curve.rises(), RESTLESS.value * m.guess
    measured = f"in the second half the training loss rose by {words.loss(rises)} in all"
    if rises < limit:
        return Checked(measured)
    sentence = (
        f"The training loss goes up and down: in the second half of the way its rises add up to {words.loss(rises)}, "
        f"{100 * rises / m.guess:.0f} % of what guessing costs. The steps jump over the valley."
    )
    half = curve.points[-1][0] / 2
    return Checked(measured, Finding(sentence, _loss(m, mark=(half, "second half")), _gentler(m)))


def _edge(m: Measurements) -> Checked:
    rate, edges = m.config.train.learning_rate, int(EDGES.value)
    low, high = rate <= LEARNING_RATES[edges - 1], rate >= LEARNING_RATES[-edges]
    measured = f"learning rate {plain(rate)}, of {plain(LEARNING_RATES[0])} to {plain(LEARNING_RATES[-1])}"
    if not low and not high:
        return Checked(measured)
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    curve = m.curve if m.curve.diverged else _judgeable(m)
    if isinstance(curve, Checked):
        return curve
    if curve.end < LEARNED_LITTLE.value * m.guess:
        return Checked(f"{measured}, yet it learns")
    side = "smallest" if low else "largest"
    moved = (
        "stopped being a number"
        if curve.diverged
        else f"went from {words.loss(curve.start)} to {words.loss(curve.end)}"
    )
    optimizer = m.config.train.optimizer
    sentence = (
        f"The learning rate {plain(rate)} is among the {side} there are, and the training loss {moved} in {m.steps:,} "
        f"iterations. For {OPTIMIZER_NAMES[optimizer]} {plain(USUAL_RATES[optimizer])} is usual."
    )
    remedy = first(lambda: larger_rate(m.config)) if low else _gentler(m)
    return Checked(measured, Finding(sentence, _loss(m), remedy))


def _judgeable(m: Measurements) -> Curve | Checked:
    """The curve, or why it says nothing yet."""
    if m.curve is None:
        return Checked(unknown=NO_CURVE)
    if m.curve.diverged:
        return Checked(unknown="the loss is no number any more")
    if m.steps < LEAST_STEPS.value or len(m.curve.points) < LEAST_POINTS.value:
        return Checked(unknown=f"{m.steps:,} iterations are too few to judge by")
    return m.curve


def _gentler(m: Measurements) -> Remedy | None:
    """Smaller numbers where they are too large, else smaller steps."""
    if not m.config.data.scale_pixels:
        return scaled_pixels(m.config)
    return first(lambda: smaller_rate(m.config))


def _loss(m: Measurements, mark: tuple[float, str] | None = None) -> Lines:
    points = ((0.0, m.curve.start), *m.curve.points) if m.curve else ()
    shown = tuple((at, loss if isfinite(loss) else None) for at, loss in points)
    return Lines("Training loss", "loss", (Line("training", "training", shown),), ("guessing", m.guess), mark)


_ENOUGH = f"It is judged from {LEAST_STEPS.value:.0f} iterations and {LEAST_POINTS.value:.0f} points on"

RULES = (
    Rule(
        "broken",
        "The loss is not a number",
        "A loss or a weight is infinite or not a number.",
        "No net comes back from there.",
        _broken,
    ),
    Rule(
        "edge",
        "Learning rate at the edge",
        f"The rate is one of the {EDGES.value:.0f} smallest or {EDGES.value:.0f} largest choices, and the training "
        f"loss of the last fifth of the way is above {LEARNED_LITTLE.share} of guessing. {_ENOUGH}.",
        EDGES.why + " " + LEARNED_LITTLE.why,
        _edge,
    ),
    Rule(
        "stuck",
        "Stuck at guessing",
        f"The mean training loss of the last fifth of the way is above {AT_GUESSING.share} of guessing, which is "
        f"ln(classes) for cross-entropy. {_ENOUGH}.",
        AT_GUESSING.why + " " + LEAST_STEPS.why,
        _stuck,
    ),
    Rule(
        "restless",
        "The loss bounces",
        f"Between twentieths of the way, the rises of the mean training loss in the second half add up to "
        f"{RESTLESS.share} of guessing or more. {_ENOUGH}.",
        RESTLESS.why + " " + LEAST_POINTS.why,
        _restless,
    ),
)
