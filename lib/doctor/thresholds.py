"""From where on the doctor speaks, each number with its reason. Nothing else decides.

They were set by looking at one half of the runs in `tests/doctor/bank.json`, sick and sound, over nets, data,
optimizers and seeds; what they do to the other half is counted by `make bench-honest`.
"""

from typing import NamedTuple

from lib.telling import Told, told


class Threshold(NamedTuple):
    """A number, and by which name the interface says why it is this one."""

    value: float
    name: str

    @property
    def why(self) -> Told:
        """Why it is this one."""
        return told(f"doctor.why_{self.name}")


LEAST_STEPS = Threshold(100, "least_steps")
LEAST_POINTS = Threshold(5, "least_points")
LEARNED_LITTLE = Threshold(0.3, "learned_little")
SATURATING = Threshold(3, "saturating")
VANISHED = Threshold(0.1, "vanished")
HIGHEST_INPUT = Threshold(2.0, "highest_input")
SHRUNK = Threshold(0.7, "shrunk")
GROWN = Threshold(5.0, "grown")
SHOT_UP = Threshold(3.0, "shot_up")
SILENT = Threshold(0.8, "silent")
FLAT = Threshold(0.95, "flat")
RESTLESS = Threshold(0.2, "restless")
STRONG_DROPOUT = Threshold(0.7, "strong_dropout")
FAR_BELOW = Threshold(5.0, "far_below")
FEW_UNITS = Threshold(0.34, "few_units")
LEVEL = Threshold(0.03, "level")
THIN_CLASS = Threshold(0.5, "thin_class")
GAP = Threshold(0.065, "gap")
GAP_ERRORS = Threshold(3.0, "gap_errors")
LOSS_ROSE = Threshold(0.1, "loss_rose")
LOSS_ERRORS = Threshold(5.0, "loss_errors")
AFTER_LOWEST = Threshold(2, "after_lowest")
ACCURACY_HELD = Threshold(0.01, "accuracy_held")
STILL_FALLING = Threshold(0.1, "still_falling")
ROOM = Threshold(0.1, "room")
