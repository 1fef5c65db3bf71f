"""Learning-rate schedules: the rate of a step as a pure function, so that a resumed run goes on exactly.

- constant: the base rate, always.
- cosine: from the base rate down to 0 along half a cosine (Loshchilov & Hutter 2017, without restarts).
- one-cycle: from 1/25 of the base rate up to it over the first 30 %, then down to almost 0, both along half a cosine
  (Smith & Topin 2018, with the numbers that torch and fastai use).
- step: divided by 10 after half and again after three quarters of all steps (He et al. 2016, as for CIFAR-10).
"""

from math import cos, pi

from lib.config import Schedule

_WARM_UP = 0.3  # share of the steps on which one-cycle climbs
_START, _END = 1 / 25, 1 / 250_000  # of the base rate


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
    """Give the learning rate of a run's first update, which does not depend on the run's length."""
    return _START * base if schedule == "one-cycle" else base


def _between(start: float, end: float, share: float) -> float:
    """Go from `start` to `end` along half a cosine; `share` 0..1 of the way."""
    return end + (start - end) * (1 + cos(pi * share)) / 2
