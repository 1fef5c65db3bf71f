"""What comes out of each layer, and the sentences about layers that cannot work."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

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
    ShapeError,
    build_model,
    summarize,
)

GREY = (1, 28, 28)


def shapes(*layers, shape=GREY):
    return [row.output_shape for row in summarize(ModelConfig(layers=layers), shape, 10).rows[:-1]]


def problem(*layers, shape=GREY):
    with pytest.raises(ShapeError) as caught:
        summarize(ModelConfig(layers=layers), shape, 10)
    return caught.value


def test_S55_padding_stride_and_a_7x7_first_kernel():
    assert shapes(Conv2d(64, 7), Flatten())[0] == (64, 28, 28)
    assert shapes(Conv2d(64, 7, padding="valid"), Flatten())[0] == (64, 22, 22)
    assert shapes(Conv2d(64, 7, 2), Flatten())[0] == (64, 14, 14)
    assert shapes(Conv2d(64, 7, 2, "valid"), Flatten())[0] == (64, 11, 11)
    first, second, _ = shapes(Conv2d(64, 7), Conv2d(128, 3), Flatten())
    assert (first, second) == ((64, 28, 28), (128, 28, 28))


@pytest.mark.parametrize("pool", [MaxPool2d, AvgPool2d])
def test_S58_pooling_7_leaves_3_and_has_no_weights(pool):
    assert shapes(pool(), Flatten(), shape=(256, 7, 7)) == [(256, 3, 3), (2_304,)]
    assert summarize(ModelConfig(layers=(pool(), Flatten())), (256, 7, 7), 10).rows[0].parameters == 0


def test_S58_the_last_row_and_column_are_dropped():
    x = torch.zeros(1, 1, 7, 7)
    x[..., 6, :] = x[..., :, 6] = 100.0  # only there
    net = build_model(ModelConfig(layers=(MaxPool2d(), Flatten())), (1, 7, 7), 10)
    assert net.pool1(x).abs().max() == 0


def test_S56_S57_max_keeps_the_largest_and_average_the_mean():
    x = torch.tensor([[1.0, 2, 5, 6], [3, 4, 7, 8], [0, 0, -1, -2], [0, 1, -3, -4]])[None, None]
    for pool, expected in ((MaxPool2d(), [[4.0, 8.0], [1.0, -1.0]]), (AvgPool2d(), [[2.5, 6.5], [0.25, -2.5]])):
        net = build_model(ModelConfig(layers=(pool, Flatten())), (1, 4, 4), 10)
        assert net.pool1(x)[0, 0].tolist() == expected


def test_S59_flatten_lays_the_maps_out_one_after_the_other():
    x = torch.arange(256 * 9.0).reshape(1, 256, 3, 3)
    net = build_model(ModelConfig(layers=(Flatten(),)), (256, 3, 3), 10)
    assert net.flatten1(x)[0].tolist() == list(range(2_304))


def test_layers_are_named_by_kind_and_number():
    layers = (
        *(Conv2d(2), BatchNorm(), MaxPool2d(), Conv2d(2), AvgPool2d(), Dropout(0.1), GlobalAvgPool2d()),
        *(Flatten(), Dense(3), BatchNorm(), Dropout(0.1)),
    )
    names = [row.name for row in summarize(ModelConfig(layers=layers), GREY, 10).rows]
    assert names == (
        "conv1 norm1 pool1 conv2 pool2 dropout1 pool3 flatten1 dense1 norm2 dropout2 dense2".split()  # noqa: SIM905
    )


def tensorflow_rule(size, kernel, stride):
    """As TensorFlow documents padding "same": (zeros before, zeros after)."""
    total = max(kernel - stride, 0) if size % stride == 0 else max(kernel - size % stride, 0)
    return total // 2, total - total // 2


def convolve_by_hand(x, weight, bias, stride, pads):
    """Slide the window in plain loops over a picture with the zeros written around it."""
    channels, height, width = x.shape
    (top, bottom), (left, right) = pads
    framed = torch.zeros(channels, top + height + bottom, left + width + right)
    framed[:, top : top + height, left : left + width] = x
    size = weight.shape[-1]
    rows = range(0, framed.shape[1] - size + 1, stride)
    columns = range(0, framed.shape[2] - size + 1, stride)
    return torch.stack(
        [
            torch.stack([(framed[:, r : r + size, c : c + size] * w).sum() + b for r in rows for c in columns])
            for w, b in zip(weight, bias, strict=True)
        ]
    ).reshape(len(weight), len(rows), len(columns))


@given(st.integers(1, 6), st.integers(1, 7), st.integers(1, 5), st.integers(1, 4), st.sampled_from(["same", "valid"]))
def test_S55_convolutions_equal_a_window_slid_by_hand(height, width, kernel, stride, padding):
    if padding == "valid" and kernel > min(height, width):
        kernel = min(height, width)
    model = ModelConfig(layers=(Conv2d(2, kernel, stride, padding, "linear"), Flatten()))
    net = build_model(model, (2, height, width), 3, seed=5)
    torch.nn.init.normal_(net.conv1.bias, generator=torch.Generator().manual_seed(1))
    x = torch.rand(2, height, width, generator=torch.Generator().manual_seed(2)) + 0.5
    pads = [(0, 0), (0, 0)]
    if padding == "same":
        pads = [tensorflow_rule(n, kernel, stride) for n in (height, width)]
    expected = convolve_by_hand(x, net.conv1.weight, net.conv1.bias, stride, pads)
    torch.testing.assert_close(net.conv1(x[None])[0], expected, rtol=1e-5, atol=1e-5)
    if padding == "same":
        assert expected.shape[1:] == (-(-height // stride), -(-width // stride))


def test_a_dense_layer_needs_flatten():
    error = problem(Conv2d(8), Dense(32))
    assert (error.layer_index, error.mend.label) == (1, "Add Flatten")
    assert error.reason == "dense1 needs one row of numbers, but feature maps (28×28×8) arrive."
    assert error.mend.layers == (Conv2d(8), Flatten(), Dense(32))


def test_the_class_layer_needs_flatten_too():
    error = problem(Conv2d(8))
    assert (error.layer_index, error.mend.label) == (1, "Add Flatten")
    assert error.reason == "the class layer needs one row of numbers, but feature maps (28×28×8) arrive."


def test_nothing_left_to_pool():
    layers = (MaxPool2d(16), MaxPool2d(2), Flatten())
    error = problem(*layers)
    assert (error.layer_index, error.mend.label) == (1, "Remove this pooling")
    assert error.reason == "pool2 takes 2×2 blocks, but only 1×1×1 arrives: there is nothing left to pool."
    assert error.mend.layers == (MaxPool2d(16), Flatten())


def test_a_window_that_does_not_fit():
    error = problem(Conv2d(8, 7, padding="valid"), Flatten(), shape=(1, 28, 5))
    assert error.reason == ("conv1 slides a 7×7 window, but only 28×5×1 arrives: the window does not fit inside.")
    assert error.mend.layers == (Conv2d(8, 7), Flatten())


def test_maps_do_not_come_back():
    error = problem(Flatten(), Dense(32), Conv2d(8))
    assert error.layer_index == 2
    assert error.reason == "conv1 needs feature maps (height×width×channels), but a row of 32 numbers arrives."
    assert error.mend.label == "Move it before flatten"
    assert error.mend.layers == (Conv2d(8), Flatten(), Dense(32))


class Untouched(TorchDispatchMode):
    """Fails as soon as torch is asked to do anything, allocate included."""

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        raise AssertionError(f"torch was asked for {operation}")


def test_the_table_allocates_nothing():
    huge = ModelConfig(layers=(Conv2d(512, 15), Conv2d(512, 15), Flatten(), Dense(4096), BatchNorm(), Dense(4096)))
    with Untouched():
        summary = summarize(huge, (3, 1024, 1024), 10)
    assert summary.parameters > 2_000_000_000_000
    with Untouched(), pytest.raises(AssertionError, match="torch was asked"):
        torch.zeros(1)
