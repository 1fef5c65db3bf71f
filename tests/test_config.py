"""Set-ups are values: checked when made, never changed, the same after a journey as text."""

import inspect
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lib import config
from lib.config import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    DataConfig,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
)


@given(st.from_type(RunConfig))
def test_json_and_back_is_the_identity(set_up):
    text = set_up.model_dump_json()
    back = RunConfig.model_validate_json(text)
    assert back == set_up
    assert hash(back) == hash(set_up)
    assert [type(layer) for layer in back.model.layers] == [type(layer) for layer in set_up.model.layers]
    assert RunConfig.model_validate(json.loads(text)) == set_up
    assert back.model_dump_json() == text


@given(st.from_type(RunConfig), st.from_type(RunConfig))
def test_equal_means_equal_text(one, other):
    assert (one == other) == (one.model_dump_json() == other.model_dump_json())


def test_the_signatures_that_notebooks_rely_on():
    def of(kind):
        parameters = inspect.signature(kind).parameters.values()
        return [(p.name, p.default) for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]

    required = inspect.Parameter.empty
    assert of(Conv2d) == [
        ("filters", required),
        ("kernel_size", 3),
        ("stride", 1),
        ("padding", "same"),
        ("activation", "relu"),
    ]
    assert of(Dense) == [("units", required), ("activation", "relu")]
    assert of(MaxPool2d) == of(AvgPool2d) == [("size", 2)]
    assert [name for name, _ in of(Dropout)] == ["rate"]
    assert of(Flatten) == of(GlobalAvgPool2d) == of(BatchNorm) == []


def test_layers_are_made_by_position():
    assert Conv2d(64, 7) == Conv2d(filters=64, kernel_size=7, stride=1, padding="same", activation="relu")
    assert Conv2d(1, 2, 3, "valid", "tanh") == Conv2d(
        filters=1, kernel_size=2, stride=3, padding="valid", activation="tanh"
    )
    assert Dense(5, "sigmoid").activation == "sigmoid"


def test_values_compare_and_hash():
    assert RunConfig() == RunConfig()
    assert len({RunConfig(), RunConfig(), RunConfig(seed=1)}) == 2
    assert Conv2d(8) != Conv2d(9)
    assert MaxPool2d(2) != AvgPool2d(2)
    assert len({Flatten(), Flatten(), BatchNorm()}) == 2


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (RunConfig(), "seed"),
        (TrainConfig(), "epochs"),
        (DataConfig(), "name"),
        (ModelConfig(), "layers"),
        (Conv2d(8), "filters"),
        (Dense(8), "units"),
        (Dropout(), "rate"),
    ],
)
def test_nothing_can_be_changed_afterwards(value, name):
    before = getattr(value, name)
    with pytest.raises((ValidationError, AttributeError)):
        setattr(value, name, before)


@pytest.mark.parametrize("place", [[], ["data"], ["model"], ["train"], ["model", "layers", 0], ["model", "layers", 1]])
def test_unknown_keys_are_refused(place):
    values = RunConfig(model=ModelConfig(layers=(Conv2d(8), Flatten()))).model_dump(mode="json")
    RunConfig.model_validate(values)
    inner = values
    for key in place:
        inner = inner[key]
    inner["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        RunConfig.model_validate(values)


BOUNDS = [
    (lambda v: Conv2d(v), 1, 512),
    (lambda v: Conv2d(8, v), 1, 15),
    (lambda v: Conv2d(8, 3, v), 1, 8),
    (lambda v: Dense(v), 1, 4096),
    (lambda v: MaxPool2d(v), 2, 16),
    (lambda v: AvgPool2d(v), 2, 16),
    (lambda v: DataConfig(seed=v), 0, 2**31 - 1),
    (lambda v: TrainConfig(batch_size=v), 1, 4096),
    (lambda v: TrainConfig(epochs=v), 1, 200),
    (lambda v: RunConfig(seed=v), 0, 2**31 - 1),
    (lambda v: ModelConfig(layers=(Flatten(),) * v), 0, 24),
]


@pytest.mark.parametrize(("make", "low", "high"), BOUNDS)
def test_whole_numbers_have_bounds(make, low, high):
    make(low)
    make(high)
    with pytest.raises(ValidationError):
        make(high + 1)
    if low:
        with pytest.raises(ValidationError):
            make(low - 1)


@pytest.mark.parametrize(
    ("make", "good", "bad"),
    [
        (lambda v: Dropout(v), [0.0, 0.999], [-0.001, 1.0]),
        (lambda v: DataConfig(valid_fraction=v), [0.0, 0.5], [-0.01, 0.501]),
        (lambda v: TrainConfig(learning_rate=v), [1e-300, 10.0], [0.0, -0.1, 10.001]),
        (lambda v: TrainConfig(time_budget=v), [None, 0.01, 86_400.0], [0.0, -1.0, 86_401.0]),
        (lambda v: TrainConfig(weight_decay=v), [0.0, 1.0], [-0.1, 1.1]),
        (lambda v: DataConfig(train_size=v), [None, 1], [0, -1]),
        (lambda v: DataConfig(test_size=v), [None, 1], [0, -1]),
    ],
)
def test_other_numbers_have_bounds(make, good, bad):
    for value in good:
        make(value)
    for value in [*bad, float("nan"), float("inf"), "many"]:
        with pytest.raises(ValidationError):
            make(value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Conv2d(8, padding="full"),
        lambda: Conv2d(8, activation="swish"),
        lambda: Dense(8, "Relu"),
        lambda: TrainConfig(optimizer="tiger"),
        lambda: TrainConfig(loss="hinge"),
        lambda: TrainConfig(schedule="zigzag"),
        lambda: ModelConfig.model_validate({"layers": [{"kind": "conv3d", "filters": 8}]}),
        lambda: ModelConfig.model_validate({"layers": [{"filters": 8}]}),
    ],
)
def test_words_come_from_fixed_lists(make):
    with pytest.raises(ValidationError):
        make()


def test_S36_batches_have_32_pictures_unless_told():
    assert TrainConfig().batch_size == 32


def test_learning_rates_go_up_to_10_in_even_steps():
    rates = config.LEARNING_RATES
    assert list(rates) == sorted(set(rates))
    assert rates[-1] == 10.0
    assert all(b / a <= 3.5 for a, b in pairwise(rates))
    for rate in rates:
        TrainConfig(learning_rate=rate)
