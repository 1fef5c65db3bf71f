"""What the doctor knows of a run, as one frozen record: everything in it was measured, nothing is judged here."""

from dataclasses import dataclass

from lib.config import Activation, RunConfig
from lib.experiments.measured import Curve


@dataclass(frozen=True, slots=True)
class Epoch:
    """Means of one pass; epoch 0 is the random start and has no training values. None: no number any more."""

    number: int
    train_loss: float | None
    train_accuracy: float | None  # 0..1
    valid_loss: float | None
    valid_accuracy: float | None


@dataclass(frozen=True, slots=True)
class LayerState:
    """What the units (or the filters) of one hidden layer answered to a number of pictures."""

    name: str
    activation: Activation
    units: int
    silent: float  # share of the units that answered 0 to every picture, wherever they looked
    flat: float  # share of all answers where the activation is flat: its slope below a tenth of its largest


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """The weights of one layer, first to last and the class layer too: how hard they are pulled, and how large."""

    name: str
    gradient: float  # mean absolute gradient of the loss of some validation pictures, as in Look inside, Backwards
    size: float  # root mean square
    start: float | None  # what that was before the first step; None where nobody knows


@dataclass(frozen=True, slots=True)
class Looked:
    """What a net did with pictures that it was not trained on."""

    pictures: int
    highest: float  # the largest number that goes in
    inputs: tuple[int, ...]  # how many of the numbers that go in lie in each tenth from 0 to `highest`
    layers: tuple[LayerState, ...]  # those with an activation that can go flat
    recalls: tuple[float | None, ...]  # share of each class that is found; None where no picture is of it
    weights: tuple[LayerWeights, ...] = ()


@dataclass(frozen=True, slots=True)
class Measurements:
    """One run, or a net without a past: then there are no curves."""

    config: RunConfig
    classes: tuple[str, ...]
    guess: float  # the loss of guessing
    ended: bool
    steps: int  # updates so far
    curve: Curve | None  # of the training loss
    epochs: tuple[Epoch, ...]
    valid_pictures: int | None  # behind each validation value
    finite: bool | None  # whether all weights are numbers; None where they were not kept
    counts: tuple[int, ...] | None  # training pictures of each class; None where the pictures are not here
    looked: Looked | None  # None without weights or pictures, and where weights are no numbers

    @property
    def whole(self) -> tuple[Epoch, ...]:
        """The epochs that are complete in every value."""
        values = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")
        return tuple(epoch for epoch in self.epochs if None not in [getattr(epoch, name) for name in values])
