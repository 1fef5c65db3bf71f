"""Training as a generator of events."""

from lib.training.evaluation import Evaluation, NoAnswer, evaluate, has_numbers, predict
from lib.training.events import EpochEnd, Evaluating, Event, LearningRateChanged, RunEnded, RunStarted, StepEnd
from lib.training.loop import fit
from lib.training.losses import guessing_loss, loss_of
from lib.training.machine import keep_freed_memory
from lib.training.state import TrainState

keep_freed_memory()

__all__ = [
    "EpochEnd",
    "Evaluating",
    "Evaluation",
    "Event",
    "LearningRateChanged",
    "NoAnswer",
    "RunEnded",
    "RunStarted",
    "StepEnd",
    "TrainState",
    "evaluate",
    "fit",
    "guessing_loss",
    "has_numbers",
    "loss_of",
    "predict",
]
