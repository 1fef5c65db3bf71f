"""What a run is made of, as frozen values: layers, model, data, training.

Everything here is plain data that validates itself, compares by value and survives a JSON round trip unchanged.
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from lib.activations import ACTIVATIONS as _ACTIVATIONS
from lib.activations import Activation as Activation
from lib.layers import LAYERS, LayerKind
from lib.layers import AvgPool2d as AvgPool2d
from lib.layers import BatchNorm as BatchNorm
from lib.layers import Conv2d as Conv2d
from lib.layers import Dense as Dense
from lib.layers import DepthwiseConv2d as DepthwiseConv2d
from lib.layers import Dropout as Dropout
from lib.layers import Flatten as Flatten
from lib.layers import GlobalAvgPool2d as GlobalAvgPool2d
from lib.layers import MaxPool2d as MaxPool2d
from lib.layers.kind import MAX_LAYERS as MAX_LAYERS
from lib.losses import LOSSES as _LOSSES
from lib.losses import Loss as Loss
from lib.optimizers import OPTIMIZERS as _OPTIMIZERS
from lib.schedules import SCHEDULES as _SCHEDULES
from lib.schedules import Schedule as Schedule

if TYPE_CHECKING:
    Optimizer = str
    Layer = LayerKind
else:  # what is allowed is what stands in the tables
    Optimizer = Literal[tuple(_OPTIMIZERS)]
    Layer = Annotated[reduce(or_, LAYERS.values()), Field(discriminator="kind")]

ACTIVATIONS: tuple[Activation, ...] = tuple(_ACTIVATIONS)
OPTIMIZERS: tuple[Optimizer, ...] = tuple(_OPTIMIZERS)
LOSSES: tuple[Loss, ...] = tuple(_LOSSES)
SCHEDULES: tuple[Schedule, ...] = tuple(_SCHEDULES)
# Log-spaced (1, 3, 10, ...) up to 10, so that "crawls" and "explodes" are both one step away.
LEARNING_RATES: tuple[float, ...] = (
    0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0,
)  # fmt: skip
BATCH_SIZES: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
MAX_EPOCHS = 200

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class ModelConfig(BaseModel):
    """The hidden layers, first to last; the class layer (Dense + softmax) is implied."""

    model_config = _FROZEN
    layers: Annotated[tuple[Layer, ...], Field(max_length=MAX_LAYERS)] = ()


def _once_each(keep: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    if len({label for label, _ in keep}) < len(keep):
        raise ValueError("a class is named twice")
    return tuple(sorted(keep))


# (class, per cent): how much of a class stays among the training pictures; classes that are not named keep all.
Keep = Annotated[
    tuple[tuple[Annotated[int, Field(ge=0, le=999)], Annotated[int, Field(ge=0, le=99)]], ...],
    Field(max_length=1_000),
    AfterValidator(_once_each),
]


class DataConfig(BaseModel):
    """Which pictures, how many, and how they are cut into training, validation and test.

    Validation is a seeded slice (`valid_fraction`) of the training pictures. With 0 all of them train and the
    validation curve is measured on the test pictures, as many tutorials do; the page says so.
    """

    model_config = _FROZEN
    name: str = "fashion-mnist"
    train_size: Annotated[int, Field(ge=1)] | None = None  # training pictures after the slice; None: all
    test_size: Annotated[int, Field(ge=1)] | None = None
    valid_fraction: Annotated[float, Field(ge=0.0, le=0.5)] = 0.1
    scale_pixels: bool = True  # False keeps 0..255
    keep: Keep = ()  # classes that train on fewer pictures than there are
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0  # of the slice and the subset


class TrainConfig(BaseModel):
    """How to train: what to minimise, with which optimizer, how fast, how long."""

    model_config = _FROZEN
    optimizer: Optimizer = "adam"
    loss: Loss = "cross-entropy"
    learning_rate: Annotated[float, Field(gt=0.0, le=10.0)] = 0.001  # the largest one of the schedule
    schedule: Schedule = "constant"  # see `lib.schedules`
    batch_size: Annotated[int, Field(ge=1, le=4096)] = 32
    epochs: Annotated[int, Field(ge=1, le=MAX_EPOCHS)] = 5
    time_budget: Annotated[float, Field(gt=0.0, le=86_400.0)] | None = None  # seconds; ends the run if reached first
    weight_decay: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    augment: bool = False
    precision: Literal["auto", "fp32", "bf16"] = "auto"  # auto: what is measured to be faster here


class RunConfig(BaseModel):
    """One whole set-up. Equal configs give equal curves on one machine."""

    model_config = _FROZEN
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    train: TrainConfig = TrainConfig()
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class Refused(ValueError):
    """A file that cannot be used; the text says why, and can be shown whatever the file held."""

    def __init__(self, why: str) -> None:
        text = why.encode("utf-8", "replace").decode()  # half a letter of a pair cannot be sent to a browser
        super().__init__(text if len(text) <= _LONGEST_WORDS else f"{text[:_LONGEST_WORDS]}…")


_LONGEST_WORDS = 400


def first_problem(error: ValidationError) -> str:
    """Say where in a file the first problem is, and what it is: "train.epochs: Input should be ..."."""
    first = error.errors()[0]
    # Names of layer kinds are no part of the file: pydantic puts them where it had to choose.
    place = ".".join(str(part) for part in first["loc"] if part not in LAYERS)
    said = first["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said
