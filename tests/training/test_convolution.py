"""The weight gradient by rows is torch's own: for any window, at any size, in both precisions, and in a whole run."""

import json
from dataclasses import asdict

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from lib import Conv2d, Dense, DepthwiseConv2d, Flatten, MaxPool2d, ModelConfig, TrainConfig, build_model, fit
from lib.training import TrainState, calibration
from lib.training.convolution import can_go_by_rows, kernel_weight_gradient, weight_gradient, windows_as_rows
from lib.training.fast_forward import forward
from lib.training.precision import Arithmetic, computing_in

WIDE = ModelConfig(layers=(Conv2d(64, 3), MaxPool2d(2), Conv2d(8, 3), Flatten(), Dense(5)))
CONFIG = TrainConfig(batch_size=6, epochs=2, learning_rate=0.01, precision="fp32")
AUTO = TrainConfig(batch_size=6)


@st.composite
def _cases(draw):
    pictures, channels, filters = (draw(st.integers(1, 5)) for _ in range(3))
    kernel = (draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    padding = tuple(draw(st.integers(0, size - 1)) for size in kernel)
    sides = tuple(draw(st.integers(max(1, size - 2 * pad), 9)) for size, pad in zip(kernel, padding, strict=True))
    return pictures, channels, filters, kernel, padding, sides, draw(st.integers(0, 99))


@given(_cases(), st.booleans())
def test_every_window_counts_as_torch_counts_it(case, channels_last):
    pictures, channels, filters, kernel, padding, sides, seed = case
    draw = torch.Generator().manual_seed(seed)
    form = torch.channels_last if channels_last else torch.contiguous_format
    x = torch.randn(pictures, channels, *sides, generator=draw, dtype=torch.float64).to(memory_format=form)
    weight = torch.randn(filters, channels, *kernel, generator=draw, dtype=torch.float64)
    gradient = torch.randn(functional.conv2d(x, weight, padding=padding).shape, generator=draw, dtype=torch.float64)
    expected = torch.nn.grad.conv2d_weight(x, weight.shape, gradient, padding=padding)
    torch.testing.assert_close(weight_gradient(x, gradient, weight, padding), expected)
    torch.testing.assert_close(kernel_weight_gradient(x, gradient, weight, padding), expected)


def test_a_row_is_what_the_window_sees():
    x = torch.arange(2 * 2 * 3 * 3.0).view(2, 2, 3, 3)
    rows = windows_as_rows(x, (2, 2), (0, 0))
    assert rows.shape == (2 * 2 * 2, 2 * 2 * 2)
    assert torch.equal(rows[0].view(2, 2, 2).permute(2, 0, 1), x[0, :, :2, :2])
    assert torch.equal(rows[-1].view(2, 2, 2).permute(2, 0, 1), x[1, :, 1:, 1:])


def _gradients(net, x, by_rows, precision):
    with computing_in(precision):
        answers = forward(net, x, by_rows)
    assert answers.dtype == (torch.bfloat16 if precision == "bf16" else torch.float32)
    return answers, torch.autograd.grad(answers.float().square().sum(), list(net.parameters()))


@pytest.mark.parametrize(("precision", "close"), [("fp32", 1e-5), ("bf16", 2e-2)])
def test_a_whole_net_gets_the_same_gradients(precision, close):
    net = build_model(WIDE, (1, 14, 14), 3)
    x = torch.randn(6, 1, 14, 14, generator=torch.Generator().manual_seed(1))
    answers, usual = _gradients(net, x, (), precision)
    ours, by_rows = _gradients(net, x, ("conv1", "conv2"), precision)
    assert torch.equal(ours, answers)  # the way there is the same kernel
    for a, b in zip(by_rows, usual, strict=True):
        assert a.dtype == torch.float32
        assert torch.linalg.vector_norm(a - b) <= close * torch.linalg.vector_norm(b)


@pytest.mark.parametrize(
    ("layer", "side", "can"),
    [
        (Conv2d(8, 3), 7, True),
        (Conv2d(8, 3, padding="valid"), 7, True),
        (Conv2d(8, 4), 7, False),  # zeros that are not the same on both sides
        (Conv2d(8, 3, 2), 7, False),
        (Conv2d(8, 1), 7, False),  # a window of 64 numbers
        (DepthwiseConv2d(3), 7, False),
        (Conv2d(8, 3), 2_048, False),  # rows of a gigabyte and more
    ],
)
def test_only_plain_wide_windows_may(layer, side, can):
    net = build_model(ModelConfig(layers=(layer, Flatten())), (64, 7, 7), 2)
    assert can_go_by_rows(net[0], torch.empty(2, 64, side, side, device="meta")) is can


def _curve(tiny, by_rows, stop_after=None):
    net = build_model(WIDE, tiny.input_shape, 3)
    state = TrainState(net, CONFIG)
    state.arithmetic = Arithmetic("fp32", by_rows=by_rows)
    losses = []
    for event in fit(net, tiny.train, tiny.test, CONFIG, state=state):
        if event.kind == "step_end":
            losses.append(float(event.loss))
            if len(losses) == stop_after:
                break
    return losses, state


def test_a_run_by_rows_goes_on_after_a_break_bit_for_bit(tiny):
    whole, _ = _curve(tiny, ("conv2",))
    usual, _ = _curve(tiny, ())
    assert len(whole) > 6
    assert whole == pytest.approx(usual, rel=1e-3)
    begun, state = _curve(tiny, ("conv2",), stop_after=3)
    tensors, counters = state.to_tensors()
    net = build_model(WIDE, tiny.input_shape, 3)
    resumed = TrainState(net, CONFIG)
    resumed.restore(tensors, json.loads(json.dumps(counters)))  # as a checkpoint is kept
    assert resumed.arithmetic == state.arithmetic
    rest = [float(e.loss) for e in fit(net, tiny.train, tiny.test, CONFIG, state=resumed) if e.kind == "step_end"]
    assert begun + rest == whole


@pytest.mark.parametrize(("kernel", "rows", "chosen"), [(1.0, 0.5, ("conv2",)), (1.0, 0.95, ()), (1.0, 2.0, ())])
def test_it_is_taken_where_it_was_measured_to_be_faster(monkeypatch, kernel, rows, chosen):
    monkeypatch.setattr(calibration, "_known", {})
    monkeypatch.setattr(calibration, "_TINY_SECONDS", 0)
    monkeypatch.setattr(calibration, "_gradient_seconds", lambda *_: (kernel, rows))
    net = build_model(WIDE, (1, 14, 14), 3)
    x, y = torch.zeros(4, 1, 14, 14), torch.zeros(4, dtype=torch.long)
    found = calibration.choose_arithmetic(net, x, y, AUTO)
    assert found.by_rows == chosen  # conv1 sees one channel: too little for rows
    monkeypatch.setattr(calibration, "_known", {})
    assert calibration.choose_arithmetic(net, x, y, AUTO) == found  # from its file


def test_both_ways_are_really_timed():
    net = build_model(WIDE, (1, 14, 14), 3)
    seconds = calibration._gradient_seconds(net.conv2, torch.zeros(4, 64, 7, 7), Arithmetic("bf16"))
    assert all(0 < each < 60 for each in seconds)


def test_a_state_from_before_the_choice_opens(tiny):
    net = build_model(WIDE, tiny.input_shape, 3)
    state = TrainState(net, CONFIG)
    state.arithmetic = Arithmetic("bf16", cores=1)
    tensors, counters = state.to_tensors()
    counters["arithmetic"] = {name: value for name, value in asdict(state.arithmetic).items() if name != "by_rows"}
    again = TrainState(build_model(WIDE, tiny.input_shape, 3), CONFIG)
    again.restore(tensors, counters)
    assert again.arithmetic == state.arithmetic
