"""From where on the doctor speaks, each number with its reason. Nothing else decides.

They were set by looking at one half of the runs in `tests/doctor/bank.json`, sick and sound, over nets, data,
optimizers and seeds; what they do to the other half is counted by `make bench-honest`.
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
LEARNED_LITTLE = Threshold(
    0.3, "A run that has come more than two thirds of the way from guessing down to 0 is not sick at its root."
)
SATURATING = Threshold(3, "Each sigmoid takes three quarters or more of the gradient away; two layers can bear that.")
VANISHED = Threshold(
    0.1,
    "Where so many of these layers learned little, the first layer's gradient was at most 6 % of the class layer's.",
)
HIGHEST_INPUT = Threshold(
    2.0, "First weights are drawn for inputs of about 0 to 1; at 255 every sum is hundreds of times too large."
)
SHRUNK = Threshold(
    0.7, "Without decay weights grow while they learn; no layer of a sound run fell below 95 % of its start."
)
GROWN = Threshold(5.0, "In sound runs no layer's weights grew to more than three times their start.")
SHOT_UP = Threshold(3.0, "Only steps that are too large lead far above both guessing and the start.")
SILENT = Threshold(
    0.8, "Good nets too have units that never answer, up to three quarters of a layer; their others do the work."
)
FLAT = Threshold(
    0.95, "Good nets too are sure, and flat for up to nine tenths of their answers; beyond that none learned well."
)
RESTLESS = Threshold(
    0.2, "Batches differ, so every curve trembles; of good runs the rises never added up to more than 12 %."
)
STRONG_DROPOUT = Threshold(
    0.7, "Half is usual in front of a class layer; with nine of ten numbers gone a step hardly knows the picture."
)
FAR_BELOW = Threshold(5.0, "Optimizers forgive a third or three times their usual rate, hardly more.")
FEW_UNITS = Threshold(
    0.34,
    "With fewer numbers in a layer than a third of the classes, the classes lie on top of each other there.",
)
LEVEL = Threshold(0.03, "An epoch that takes less than 3 % off the training loss has nearly stopped learning.")
THIN_CLASS = Threshold(
    0.5, "Ready data sets have about equally many pictures of each class; half as many is no chance any more."
)
GAP = Threshold(0.065, "Some points of difference are usual: the net has seen the training pictures before.")
GAP_ERRORS = Threshold(
    3.0, "With few validation pictures luck alone makes a gap; three standard errors are rarely luck."
)
LOSS_ROSE = Threshold(0.1, "Validation loss trembles by some per cent from epoch to epoch.")
LOSS_ERRORS = Threshold(
    5.0, "With few validation pictures the loss hangs on a handful of them, so it must rise by more."
)
AFTER_LOWEST = Threshold(2, "One epoch that is worse is nothing; several are a way that leads up.")
ACCURACY_HELD = Threshold(0.01, "If the accuracy had fallen by more, the net would be worse, not only surer.")
STILL_FALLING = Threshold(0.1, "When an epoch still takes off a tenth of both losses, the next one will help too.")
ROOM = Threshold(0.1, "Below a tenth of guessing there is little left to win, and small losses halve without meaning.")
