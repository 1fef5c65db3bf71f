"""The learning-rate range test (Smith 2017): raise the rate at every step, watch where the loss falls and bursts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, log10

from torch import nn

from lib.config import LEARNING_RATES, MAX_EPOCHS, TrainConfig
from lib.datasets import Split
from lib.training.loop import fit
from lib.training.state import TrainState

LOWEST, HIGHEST, STEPS = 1e-6, 10.0, 120
_BURST = 4.0  # times the lowest loss so far: beyond it there is nothing left to learn
_HALF_WINDOW = 4  # steps each way that are averaged: single batches scatter
_SLOPE_STEPS = 6  # each way, over which a slope is measured
_FALLS = 0.95  # of the loss of guessing: a test that never gets below it has found nothing


@dataclass(frozen=True, slots=True)
class Tried:
    """One step of the test: the batch loss right after an update with this rate."""

    learning_rate: float
    loss: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rate to train with, and where it was read off."""

    learning_rate: float  # the choice of `LEARNING_RATES` that is nearest to the steepest place
    steepest: float  # the rate at which the loss falls fastest
    lowest: float  # the rate at which it is lowest


def try_rates(
    model: nn.Module,
    train: Split,
    config: TrainConfig,
    *,
    seed: int = 0,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    steps: int = STEPS,
) -> Iterator[Tried]:
    """Train `model` with a rate that grows from `lowest` to `highest`, by an equal factor at each of `steps` steps.

    The model is spoilt afterwards. Ends early when the loss bursts or is no number any more.
    """
    values = config.model_dump() | {"learning_rate": lowest, "schedule": "constant", "epochs": MAX_EPOCHS}
    config = TrainConfig.model_validate(values | {"time_budget": None})
    state = TrainState(model, config, seed)
    one = Split(train.pixels(slice(1)), train.labels[:1], train.scale)  # nobody looks at validation
    best, applied = float("inf"), None
    for event in fit(model, train, one, config, state=state):
        if event.kind != "step_end":
            continue
        if applied is not None:
            tried = Tried(applied, event.loss)
            yield tried
            best = min(best, tried.loss)
            if not isfinite(tried.loss) or tried.loss > _BURST * best + 1.0 or event.step > steps:
                return
        applied = state.learning_rate  # of the update just made: the next loss will show what it did
        state.learning_rate = min(applied * (highest / lowest) ** (1 / (steps - 1)), highest)


def smoothed(tried: Sequence[Tried], guess: float) -> list[float]:
    """The losses, none counted as more than `guess`, each as the mean of its neighbourhood.

    What a net loses by coming down from a start that is worse than guessing would look steep and means little.
    """
    losses = [min(each.loss, guess) if isfinite(each.loss) else guess for each in tried]
    windows = (losses[max(0, i - _HALF_WINDOW) : i + _HALF_WINDOW + 1] for i in range(len(losses)))
    return [sum(window) / len(window) for window in windows]


def suggest(tried: Sequence[Tried], guess: float) -> Suggestion | None:
    """Read a rate off a finished test: where the smoothed loss falls fastest; None if it never falls.

    guess: the loss of guessing. Rates are compared on a log scale.
    """
    losses = smoothed(tried, guess)
    if len(losses) <= 2 * _SLOPE_STEPS or min(losses) > _FALLS * guess:
        return None
    places = [log10(each.learning_rate) for each in tried]
    lowest = losses.index(min(losses))

    def slope(i: int) -> float:
        before, after = max(i - _SLOPE_STEPS, 0), min(i + _SLOPE_STEPS, len(losses) - 1)
        return (losses[after] - losses[before]) / (places[after] - places[before])

    steepest = min(range(lowest + 1), key=slope)
    choice = min(LEARNING_RATES, key=lambda rate: abs(log10(rate) - places[steepest]))
    return Suggestion(choice, tried[steepest].learning_rate, tried[lowest].learning_rate)
