"""The numbers behind a number: summed up by hand they are what PyTorch computes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from lib import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    build_model,
    predict,
    record_activations,
)
from lib.explain.terms import ConvolutionSum, FlattenedRow, Place, PoolingWindow, WeightedSum, arithmetic

SHAPE = (2, 9, 7)
ACTIVATIONS = {"relu": lambda z: max(z, 0.0), "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}


def net_of(*layers, shape=SHAPE, seed=1):
    """A net whose biases are not zero, and a picture."""
    net = build_model(ModelConfig(layers=layers), shape, 5, seed=seed)
    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in net.named_parameters():
            if name.endswith("bias"):
                value.copy_(torch.randn(value.shape, generator=dice))
    return net, torch.rand((1, *shape), generator=dice)


def summed_by_hand(made: ConvolutionSum, row: int, column: int) -> float:
    """Window times filter, map by map, in plain Python: what the browser does."""
    top, bottom, left, right = made.padding
    padded = np.pad(made.source.astype(np.float64), ((0, 0), (top, bottom), (left, right)))
    channels, size, _ = made.weights.shape
    total = made.bias
    for channel in range(channels):
        for i in range(size):
            for j in range(size):
                pixel = padded[channel, row * made.stride + i, column * made.stride + j]
                total += pixel * float(made.weights[channel, i, j])
    return total


@settings(max_examples=40, deadline=None)
@given(
    channels=st.integers(1, 3),
    height=st.integers(5, 9),
    width=st.integers(5, 9),
    size=st.integers(1, 5),
    stride=st.integers(1, 3),
    padding=st.sampled_from(["same", "valid"]),
    activation=st.sampled_from(["relu", "sigmoid", "tanh", "linear"]),
    seed=st.integers(0, 99),
)
def test_every_value_of_a_map_is_its_windows_sum(channels, height, width, size, stride, padding, activation, seed):
    layer = Conv2d(3, size, stride=stride, padding=padding, activation=activation)
    net, x = net_of(layer, Flatten(), shape=(channels, height, width), seed=seed)
    made = arithmetic(net, x, "conv1", seed % 3)
    answer = record_activations(net, x)["conv1"][seed % 3].numpy()
    assert isinstance(made, ConvolutionSum)
    assert made.source_layer is None
    assert made.after.shape == made.before.shape == answer.shape
    np.testing.assert_array_equal(made.after, answer)
    for row, column in np.ndindex(*answer.shape):
        total = summed_by_hand(made, row, column)
        assert total == pytest.approx(float(made.before[row, column]), abs=1e-5)
        assert ACTIVATIONS.get(activation, float)(total) == pytest.approx(float(answer[row, column]), abs=1e-5)


def test_a_later_convolution_sums_over_all_maps_of_the_layer_before():
    net, x = net_of(Conv2d(4), BatchNorm(), Dropout(0.5), Conv2d(3), Flatten())
    made = arithmetic(net.train(), x, "conv2", 2)
    kept = record_activations(net, x)
    assert made.source_layer == "norm1"  # dropout makes no numbers of its own
    np.testing.assert_array_equal(made.source, kept["norm1"].numpy())
    assert made.weights.shape == (4, 3, 3)
    assert summed_by_hand(made, 4, 3) == pytest.approx(float(made.before[4, 3]), abs=1e-5)
    assert net.training


@settings(max_examples=25, deadline=None)
@given(height=st.integers(4, 11), width=st.integers(4, 11), size=st.integers(2, 4), keeps=st.sampled_from([0, 1]))
def test_pooling_keeps_the_largest_or_the_mean_and_drops_what_fills_no_window(height, width, size, keeps):
    layer = (MaxPool2d, AvgPool2d)[keeps](size)
    net, x = net_of(layer, Flatten(), shape=(2, height, width))
    made = arithmetic(net, x, "pool1", 1)
    assert isinstance(made, PoolingWindow)
    assert made.keeps == ("max", "average")[keeps]
    assert made.dropped == (height % size, width % size)
    np.testing.assert_array_equal((made.maximum, made.average)[keeps], record_activations(net, x)["pool1"][1].numpy())
    for row, column in np.ndindex(*made.maximum.shape):
        window = made.source[row * size : (row + 1) * size, column * size : (column + 1) * size]
        assert window.max() == made.maximum[row, column]
        assert window.mean() == pytest.approx(float(made.average[row, column]), abs=1e-6)


def test_the_published_example_drops_the_seventh_row_and_column():
    net, x = net_of(MaxPool2d(), Flatten(), shape=(1, 7, 7))
    made = arithmetic(net, x, "pool1", 0)
    assert made.maximum.shape == (3, 3)
    assert made.dropped == (1, 1)


def test_global_pooling_is_one_window_as_large_as_the_map():
    net, x = net_of(Conv2d(4), GlobalAvgPool2d(), Dense(3))
    made = arithmetic(net, x, "pool1", 2)
    assert made.size == (9, 7)
    assert made.dropped == (0, 0)
    assert made.average.item() == pytest.approx(float(record_activations(net, x)["pool1"][2]), abs=1e-6)
    unit = arithmetic(net, x, "dense1", 0)
    assert unit.stack.shape == (4, 1, 1)
    assert unit.stack.layer == "pool1"


def test_a_flattened_row_knows_the_place_of_every_number():
    net, x = net_of(Conv2d(3), MaxPool2d(), Flatten(), Dense(4))
    kept = record_activations(net, x)
    made = arithmetic(net, x, "flatten1", 17)
    assert isinstance(made, FlattenedRow)
    assert made.stack.layer == "pool1"
    for position, value in enumerate(kept["flatten1"].tolist()):
        assert float(kept["pool1"][made.stack.place(position)]) == value == float(made.values[position])


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "linear"])
def test_a_unit_is_its_weighted_sum(activation):
    net, x = net_of(Conv2d(3), Flatten(), BatchNorm(), Dense(6, activation), Dropout(0.3), Dense(4))
    kept = record_activations(net, x)
    for unit in range(6):
        made = arithmetic(net, x, "dense1", unit)
        assert isinstance(made, WeightedSum)
        total = float(made.products.astype(np.float64).sum()) + made.bias
        assert total == pytest.approx(made.before, abs=1e-5)
        assert ACTIVATIONS.get(activation, float)(total) == pytest.approx(float(kept["dense1"][unit]), abs=1e-5)
        assert made.after == pytest.approx(float(kept["dense1"][unit]), abs=1e-6)
    assert made.source_layer == "norm1"
    assert made.stack.place(made.stack.shape[1] * made.stack.shape[2] + 8) == Place(1, 1, 1)
    assert arithmetic(net, x, "dense2", 0).stack is None  # dense1 mixed the maps
    assert arithmetic(net, x, "dense2", 0).source_layer == "dense1"


def test_the_largest_products_come_first():
    net, x = net_of(Flatten(), Dense(2))
    made = arithmetic(net, x, "dense1", 1)
    assert made.stack.shape == SHAPE
    assert made.stack.layer is None  # the picture itself
    sizes = np.abs(made.products[made.largest(10)])
    assert list(sizes) == sorted(np.abs(made.products), reverse=True)[:10]


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_softmax_shows_real_exponentials_however_large_the_logits(scale):
    net, x = net_of(Flatten(), Dense(4))
    made = arithmetic(net, x * scale, "dense2", 3)
    softmax = made.softmax
    assert arithmetic(net, x, "dense1", 3).softmax is None
    assert made.before == pytest.approx(float(softmax.logits[3]), rel=1e-6)
    assert np.isfinite(softmax.exponentials).all()
    np.testing.assert_allclose(softmax.exponentials, np.exp(softmax.logits - softmax.shift))
    np.testing.assert_allclose(softmax.exponentials / softmax.exponentials.sum(), softmax.probabilities)
    np.testing.assert_allclose(softmax.probabilities, predict(net, x * scale)[0].numpy(), atol=1e-5)
    assert scale > 1 or softmax.shift == 0


def test_softmax_takes_the_largest_off_before_it_overflows():
    net, x = net_of(Flatten())
    with torch.no_grad():
        net.get_submodule("dense1").bias.fill_(2000.0)
    softmax = arithmetic(net, x, "dense1", 0).softmax
    assert softmax.shift == softmax.logits.max()
    assert softmax.exponentials.max() == 1.0
    expected = functional.softmax(torch.from_numpy(softmax.logits), 0).numpy()
    np.testing.assert_allclose(softmax.probabilities, expected)


def test_what_cannot_be_explained_is_said():
    net, x = net_of(Conv2d(3), BatchNorm(), Flatten())
    with pytest.raises(KeyError, match=r"conv7.*conv1"):
        arithmetic(net, x, "conv7", 0)
    with pytest.raises(IndexError, match="conv1 has 3"):
        arithmetic(net, x, "conv1", 3)
    with pytest.raises(TypeError, match="norm1"):
        arithmetic(net, x, "norm1", 0)
