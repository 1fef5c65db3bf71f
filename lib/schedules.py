"""Schedules: everything that is known of each learning-rate schedule, in one record.

The rate of a step is a pure function, so that a resumed run goes on exactly. A new schedule is a case of
`scheduled_rate`, which exported programs quote, and a record below.

- constant: the base rate, always.
- cosine: from the base rate down to 0 along half a cosine (Loshchilov & Hutter 2017, without restarts).
- one-cycle: from 1/25 of the base rate up to it over the first 30 %, then down to almost 0, both along half a cosine
  (Smith & Topin 2018, with the numbers that torch and fastai use).
- step: divided by 10 after half and again after three quarters of all steps (He et al. 2016, as for CIFAR-10).
"""

from dataclasses import dataclass
from math import cos, pi
from typing import TYPE_CHECKING, Literal

_WARM_UP = 0.3  # share of the steps on which one-cycle climbs
_START, _END = 1 / 25, 1 / 250_000  # of the base rate


@dataclass(frozen=True, slots=True)
class ScheduleKind:
    """One schedule; its key in the table is its name in set-ups and files."""

    title: str
    keras_code: str  # makes `rate` of LEARNING_RATE and STEPS
    first: float = 1.0  # the rate of the first update, which does not depend on the run's length, of the base rate


_ONE_CYCLE = '''class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up from 1/25 of the largest rate over the first 30 % of the steps, then down to almost 0."""

    def __call__(self, step):
        step, peak = keras.ops.cast(step, "float32"), 0.3 * STEPS - 1
        rising = self.between(LEARNING_RATE / 25, LEARNING_RATE, step / peak)
        falling = self.between(LEARNING_RATE, LEARNING_RATE / 250_000, (step - peak) / (STEPS - 1 - peak))
        return keras.ops.where(step <= peak, rising, falling)

    @staticmethod
    def between(start, end, share):
        """Go from `start` to `end` along half a cosine."""
        return end + (start - end) * (1 + keras.ops.cos(np.pi * share)) / 2

    def get_config(self):
        return {}


rate = OneCycle()'''

_STEPS = """since = [(STEPS + 1) // 2 - 1, (3 * STEPS + 3) // 4 - 1]
rates = [LEARNING_RATE, LEARNING_RATE / 10, LEARNING_RATE / 100]
rate = keras.optimizers.schedules.PiecewiseConstantDecay(since, rates)"""

SCHEDULES: dict[str, ScheduleKind] = {
    "constant": ScheduleKind("constant", "rate = LEARNING_RATE"),
    "cosine": ScheduleKind(
        "cosine",
        "rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, STEPS)",
    ),
    "one-cycle": ScheduleKind(
        "one-cycle",
        _ONE_CYCLE,
        first=_START,
    ),
    "step": ScheduleKind("step", _STEPS),
}

if TYPE_CHECKING:
    Schedule = str
else:  # what is allowed is what stands in the table
    Schedule = Literal[tuple(SCHEDULES)]


def scheduled_rate(schedule: Schedule, base: float, step: float, total: int) -> float:
    """Give the learning rate of the update after `step` others, of `total` in all; `base` is the largest one.

    `step` need not be whole: a run that ends by the clock counts the share of its time. Beyond the end the rate stays.
    """
    match schedule:
        case "constant":
            return base
        case "cosine":
            return _between(base, 0.0, min(step, total) / total)
        case "one-cycle":
            peak = _WARM_UP * total - 1  # torch's convention: the last step of the climb, counted from 0
            if step <= peak:
                return _between(_START * base, base, step / peak)
            return _between(base, _END * base, (min(step, total - 1) - peak) / (total - 1 - peak))
        case "step":
            return base * 0.1 ** ((2 * step >= total) + (4 * step >= 3 * total))
        case _:
            raise ValueError(f"unknown schedule {schedule!r}")


def first_rate(schedule: Schedule, base: float) -> float:
    """Give the learning rate of a run's first update."""
    return SCHEDULES[schedule].first * base


def _between(start: float, end: float, share: float) -> float:
    """Go from `start` to `end` along half a cosine; `share` 0..1 of the way."""
    return end + (start - end) * (1 + cos(pi * share)) / 2
