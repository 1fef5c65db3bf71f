"""Random layer lists: each works or can be mended, and what the table says is what torch does."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lib.config import (
    MAX_LAYERS,
    Conv2d,
    Dense,
    GlobalAvgPool2d,
    ModelConfig,
)
from lib.layers import LAYERS
from lib.models import ShapeError, build_model, summarize
from lib.models.shapes import plan
from tests.layers import any_layer

SHAPES = st.sampled_from([(1, 12, 12), (3, 9, 14), (2, 5, 5), (1, 1, 1), (4, 1, 7)])
MOST_MENDS = 4 * MAX_LAYERS
_layer = any_layer(most=6)
LISTS = st.lists(_layer, max_size=8).map(tuple)
LONG_LISTS = st.lists(_layer, min_size=MAX_LAYERS, max_size=MAX_LAYERS).map(tuple)


def problem_of(layers, shape, classes=3):
    """The ShapeError of a layer list, or None if it works."""
    try:
        plan(ModelConfig(layers=layers), shape, classes)
    except ShapeError as error:
        return error
    return None


def mended(layers, shape, classes=3):
    """Press the button until there is none; returns the model it ends in."""
    for _ in range(MOST_MENDS):
        error = problem_of(layers, shape, classes)
        if error is None:
            return ModelConfig(layers=layers)
        assert error.mend is not None, f"no way out of: {error}"
        assert error.mend.layers != layers, f"the button “{error.mend.label}” changes nothing"
        layers = error.mend.layers
    raise AssertionError(f"the mends go round in circles: {layers}")


@given(LISTS | LONG_LISTS, SHAPES)
def test_every_list_works_or_is_mended(layers, shape):
    mended(layers, shape)


def test_global_pooling_twice_is_mended():
    assert mended((GlobalAvgPool2d(), GlobalAvgPool2d()), (1, 12, 12)).layers == (GlobalAvgPool2d(),)


@pytest.mark.parametrize("layers", [(Conv2d(2),) * MAX_LAYERS, (Dense(2),) * MAX_LAYERS])
def test_the_longest_list_is_mended_too(layers):
    assert len(mended(layers, (1, 12, 12)).layers) <= MAX_LAYERS


@given(LISTS, SHAPES)
def test_errors_speak_of_the_layer_and_what_arrived(layers, shape):
    error = problem_of(layers, shape)
    if error is None:
        return
    assert 0 <= error.layer_index <= len(layers)
    assert str(error) == error.reason
    assert error.reason.endswith(".")
    assert len(error.reached) == error.layer_index
    arrived = error.reached[-1].output_shape if error.reached else shape
    expected = "{1}×{2}×{0}".format(*arrived) if len(arrived) == 3 else f"a row of {arrived[0]:,} number"
    assert expected in error.reason


@given(LISTS, SHAPES, st.integers(1, 5))
def test_the_table_agrees_with_a_real_forward_pass(layers, shape, classes):
    model = mended(layers, shape, classes)
    table = summarize(model, shape, classes)
    net = build_model(model, shape, classes)
    assert [row.name for row in table.rows] == [name for name, _ in net.named_children()]

    answers = {}
    for name, module in net.named_children():
        module.register_forward_hook(lambda _m, _i, output, name=name: answers.update({name: tuple(output.shape)}))
    logits = net.eval()(torch.rand(2, *shape))
    assert answers == {row.name: (2, *row.output_shape) for row in table.rows}
    assert logits.shape == (2, classes)

    counted = [sum(p.numel() for p in module.parameters()) for module in net.children()]
    assert [row.parameters for row in table.rows] == counted
    assert table.parameters == sum(p.numel() for p in net.parameters())


@given(LISTS, SHAPES)
def test_multiply_adds_agree_with_torch_s_counter(layers, shape):
    model = mended(layers, shape)
    net = build_model(model, shape, 3).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.rand(1, *shape))
    rows = [row for row in summarize(model, shape, 3).rows if LAYERS[row.kind].sums]
    assert sum(row.multiply_adds for row in rows) == counter.get_total_flops() / 2


@given(LISTS, SHAPES, st.sampled_from([1, 4]))
def test_every_working_list_can_be_trained_even_on_a_last_batch_of_one(layers, shape, pictures):
    net = build_model(mended(layers, shape), shape, 3).train()
    loss = nn.functional.cross_entropy(net(torch.rand(pictures, *shape)), torch.zeros(pictures, dtype=torch.int64))
    loss.backward()
    assert all(p.grad is not None and p.grad.shape == p.shape for p in net.parameters())
