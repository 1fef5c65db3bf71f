"""From where on the doctor speaks, each number with its reason. Nothing else decides.

They were set by looking at 165 real runs: CNN, dense, sigmoid and tanh nets, two optimizers, rates from 0.00001 to 10,
scaled and unscaled pixels. `tests/doctor` trains a run on each side of every rule.
"""

from typing import NamedTuple


class Threshold(NamedTuple):
    """A number and why it is this one."""

    value: float
    why: str

    @property
    def share(self) -> str:
        """0.95 -> "95 %"."""
        return f"{100 * self.value:.0f} %"


LEAST_STEPS = Threshold(
    100, "Before 100 iterations also a good run has seen too few pictures to be judged by its curve."
)
LEAST_POINTS = Threshold(5, "With fewer points there is no telling a rise from chance.")
HIGHEST_INPUT = Threshold(
    2.0, "First weights are drawn for inputs of about 0 to 1; at 255 every sum is hundreds of times too large."
)
THIN_CLASS = Threshold(
    0.5, "Ready data sets have about equally many pictures of each class; half as many is no chance any more."
)
EDGES = Threshold(2, "Beyond the last two choices on either side there is little left to try.")
LEARNED_LITTLE = Threshold(
    0.5, "A run at a rate from the edge that got further than half way from guessing down to 0 is doing well."
)
SILENT = Threshold(
    0.8, "Good nets too have units that never answer, up to three quarters of a layer; their others do the work."
)
FLAT = Threshold(
    0.95, "Good nets too are sure, and flat for up to nine tenths of their answers; beyond that none learned well."
)
AT_GUESSING = Threshold(0.95, "5 % below guessing is still within what a few lucky batches can do.")
RESTLESS = Threshold(
    0.2, "Batches differ, so every curve trembles; of good runs the rises never added up to more than 12 %."
)
GAP = Threshold(0.05, "A few points of difference are usual: the net has seen the training pictures before.")
GAP_ERRORS = Threshold(2.0, "With few validation pictures luck alone makes a gap; two standard errors are rarely luck.")
LOSS_ROSE = Threshold(
    0.1, "Validation loss trembles by some per cent from epoch to epoch; twice in a row is no chance."
)
AFTER_LOWEST = Threshold(2, "One epoch that is worse is nothing; several are a way that leads up.")
ACCURACY_HELD = Threshold(0.01, "If the accuracy had fallen by more, the net would be worse, not only surer.")
STILL_FALLING = Threshold(0.1, "When an epoch still takes off a tenth of both losses, the next one will help too.")
