"""Moved, turned and scaled pictures, against torchvision, plain loops and evaluate(); and what theory says of nets."""

from functools import partial
from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from lib import Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d, MaxPool2d, ModelConfig, build_model, evaluate, predict
from lib.compat import functional as torchvision
from lib.compat import v2
from lib.datasets.splits import Split
from lib.explain.shifting import (
    ANGLES,
    SCALES,
    Robustness,
    accuracy_under,
    answers_when_shifted,
    robustness,
    shifted,
    shifts,
    turned,
)
from tests.going_through import go_through

SHAPE = (1, 6, 6)
CONVOLUTIONAL = (Conv2d(5), MaxPool2d(), Dropout(0.5), Conv2d(4), Flatten(), Dense(7))
DENSE = (Flatten(), Dense(9))
POOLED = (Conv2d(4), Conv2d(6), GlobalAvgPool2d())


def build(layers=CONVOLUTIONAL, seed=3):
    return build_model(ModelConfig(layers=layers), SHAPE, 3, seed)


def with_opinions(net, split):
    """A random net that does not say the same of every picture."""
    x, _ = split.batch(slice(None))
    with torch.no_grad():
        net[-1].bias -= net.eval()(x).median(dim=0).values
    return net


def pictures(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


# ---- the changes ----

sides = st.integers(1, 9)
offsets = st.integers(-11, 11)  # also further than the picture is wide


@given(sides, sides, st.integers(1, 3), offsets, offsets)
def test_a_shift_is_torchvision_s_and_a_plain_loop_s(height, width, channels, dx, dy):
    x = pictures(2, channels, height, width)
    moved = shifted(x, dx, dy, fill=0.25)
    expected = torchvision.affine(
        x, 0.0, [dx, dy], 1.0, [0.0, 0.0], interpolation=v2.InterpolationMode.NEAREST, fill=[0.25]
    )
    assert torch.equal(moved, expected)
    for row, column in product(range(height), range(width)):
        inside = 0 <= row - dy < height and 0 <= column - dx < width
        there = x[:, :, row - dy, column - dx] if inside else torch.full((2, channels), 0.25)
        assert torch.equal(moved[:, :, row, column], there)


@given(
    st.integers(4, 9),
    st.integers(4, 9),
    st.integers(1, 3),
    st.integers(-180, 180),
    st.floats(0.3, 3.0),
)
def test_turning_and_scaling_are_torchvision_s(height, width, channels, degrees, scale):
    x = pictures(2, channels, height, width)
    bilinear = v2.InterpolationMode.BILINEAR
    expected = torchvision.affine(x, float(degrees), [0, 0], scale, [0.0, 0.0], interpolation=bilinear)
    torch.testing.assert_close(turned(x, degrees, scale), expected, atol=2e-4, rtol=0)


def test_a_quarter_turn_goes_clockwise_and_no_turn_changes_nothing():
    x = pictures(2, 1, 7, 7)
    torch.testing.assert_close(turned(x, 90), x.rot90(-1, dims=(2, 3)))
    assert turned(x, 0.0, 1.0) is x


def test_shifts_go_row_by_row_from_the_upper_left():
    assert shifts(1) == [(-1, -1), (0, -1), (1, -1), (-1, 0), (0, 0), (1, 0), (-1, 1), (0, 1), (1, 1)]


# ---- accuracy ----


@pytest.mark.parametrize("limit", [None, 1, 7, 23, 1_000])
@pytest.mark.parametrize("layers", [CONVOLUTIONAL, DENSE, POOLED], ids=["convolutional", "dense", "pooled"])
def test_unmoved_it_is_evaluate_s_accuracy_exactly(layers, limit, tiny):
    net = build(layers)
    _, found = go_through(robustness(net, tiny.test, limit, reach=1))
    judged = evaluate(net, tiny.test, limit=limit).accuracy
    assert found.centred == judged
    assert found.by_shift[1][1] == judged
    assert found.by_angle[ANGLES.index(0)] == judged
    assert found.by_scale[SCALES.index(1.0)] == judged
    assert found.pictures == min(limit or 23, 23)


@pytest.mark.parametrize("layers", [CONVOLUTIONAL, DENSE, POOLED], ids=["convolutional", "dense", "pooled"])
def test_the_map_and_the_curves_are_those_of_a_slow_loop(layers, tiny, monkeypatch):
    """One picture at a time, moved by torchvision."""
    monkeypatch.setattr("lib.explain.shifting._CHUNK", 8)  # 23 pictures: the last part is smaller
    net = with_opinions(build(layers), tiny.test)
    _, found = go_through(robustness(net, tiny.test, reach=2, angles=(-30, 0, 45), scales=(0.5, 1.3)))
    x, y = tiny.test.batch(slice(None))

    def accuracy(degrees=0.0, dx=0, dy=0, scale=1.0):
        bilinear = v2.InterpolationMode.BILINEAR
        right = 0
        for picture, label in zip(x, y, strict=True):
            moved = torchvision.affine(picture, degrees, [dx, dy], scale, [0.0, 0.0], interpolation=bilinear)
            right += int(predict(net, moved[None]).argmax()) == int(label)
        return right / len(y)

    for row, column in product(range(5), range(5)):
        assert found.by_shift[row][column] == accuracy(dx=column - 2, dy=row - 2)
    assert found.by_angle == tuple(accuracy(degrees=degrees) for degrees in (-30.0, 0.0, 45.0))
    assert found.by_scale == tuple(accuracy(scale=scale) for scale in (0.5, 1.3))
    assert len({accuracy for row in found.by_shift for accuracy in row}) > 1


def test_means_are_over_the_square_of_shifts_and_the_range_of_angles():
    cells = np.random.default_rng(0).random((7, 7))
    angles, by_angle = (-60, -30, 0, 30, 60), (0.1, 0.5, 0.9, 0.7, 0.3)
    found = Robustness(10, tuple(map(tuple, cells.tolist())), angles, by_angle, (1.0,), (0.9,))
    assert found.reach == 3
    for pixels in range(4):
        expected = cells[3 - pixels : 4 + pixels, 3 - pixels : 4 + pixels].mean()
        assert found.shifted_up_to(pixels) == pytest.approx(expected)
    assert found.shifted_up_to(0) == found.centred
    assert found.turned_up_to(30) == pytest.approx(np.mean([0.5, 0.9, 0.7]))
    assert found.turned_up_to(0) == 0.9


def test_progress_grows_to_one_and_the_work_may_be_left(tiny):
    net = build().train()
    kept = {name: value.clone() for name, value in net.state_dict().items()}
    shares, _ = go_through(robustness(net, tiny.test, reach=1, angles=(), scales=()))
    assert len(shares) == 9
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    started = robustness(net, tiny.test)
    assert 0 < next(started) < 1
    assert torch.is_grad_enabled()
    started.close()
    assert net.training
    assert all(torch.equal(value, kept[name]) for name, value in net.state_dict().items())


def test_a_net_that_learns_on_meanwhile_is_measured_as_it_was(tiny):
    net = with_opinions(build(DENSE), tiny.test)
    before = evaluate(net, tiny.test).accuracy
    steps = accuracy_under(net, tiny.test, [partial(shifted, dx=0, dy=0)] * 2)
    next(steps)
    net.dense2.bias.data.copy_(torch.tensor([0.0, 1e6, 0.0]))
    assert evaluate(net, tiny.test).accuracy != before
    assert go_through(steps)[1] == [before, before]


# ---- answers to one picture ----


@pytest.mark.parametrize("layers", [CONVOLUTIONAL, DENSE, POOLED], ids=["convolutional", "dense", "pooled"])
def test_answers_are_predict_s_for_every_place(layers, monkeypatch):
    monkeypatch.setattr("lib.explain.shifting._CHUNK", 10)
    net, x = build(layers).train(), pictures(*SHAPE)
    found = answers_when_shifted(net, x, reach=2)
    assert found.shape == (5, 5, 3)
    assert net.training
    for row, column in product(range(5), range(5)):
        expected = predict(net, shifted(x[None], column - 2, row - 2))[0]
        torch.testing.assert_close(found[row, column], expected, atol=1e-6, rtol=1e-5)


def test_answers_are_of_one_picture_at_a_time():
    with pytest.raises(ValueError, match="one picture at a time, not 2"):
        answers_when_shifted(build(), pictures(2, *SHAPE))


# ---- what theory says ----


def whole_numbers(net, seed=0):
    """Small whole numbers as weights: then no sum is rounded, and what should be equal is equal to the last bit."""
    generator = torch.Generator().manual_seed(seed)
    for value in net.parameters():
        value.data.copy_(torch.randint(-3, 4, value.shape, generator=generator))
    return net.eval()


def blob():
    """Something of 4×4 pixels in the middle of an empty 16×16 picture."""
    x = torch.zeros(1, 1, 16, 16)
    x[:, :, 6:10, 6:10] = torch.randint(1, 9, (4, 4), generator=torch.Generator().manual_seed(2))
    return x


@pytest.mark.parametrize("seed", range(4))
def test_X5_convolutions_and_global_average_pooling_do_not_mind_a_shift_away_from_the_edge(seed):
    """Equivariance, then a mean over all places. Two valid 3×3 windows see the whole thing up to 2 pixels off."""
    layers = (Conv2d(5, padding="valid"), Conv2d(7, padding="valid"), GlobalAvgPool2d())
    net = whole_numbers(build_model(ModelConfig(layers=layers), (1, 16, 16), 3), seed)
    x = blob()
    logits = net(x)
    for dx, dy in shifts(2):
        assert torch.equal(net(shifted(x, dx, dy)), logits)
    answers = answers_when_shifted(net, x, reach=2)
    assert torch.equal(answers, answers[2, 2].expand_as(answers))
    at_the_edge = net(shifted(x, 8, 8))  # half of it is gone
    assert not torch.equal(at_the_edge, logits)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("last", [(Flatten(),), (Flatten(), Dense(8))], ids=["class layer", "dense"])
@pytest.mark.parametrize("first", [(), (Conv2d(4, padding="valid"),)], ids=["pixels", "convolution"])
def test_X5_flatten_and_dense_do_mind(first, last, seed):
    net = whole_numbers(build_model(ModelConfig(layers=(*first, *last)), (1, 16, 16), 3), seed)
    logits = net(blob())
    assert sum(torch.equal(net(shifted(blob(), dx, dy)), logits) for dx, dy in shifts(2)) < 25


def test_X5_on_a_torus_accuracy_does_not_depend_on_the_place_at_all(tiny):
    """Circular padding and circular shifts: exactly equivariant everywhere, so the map is flat."""
    circular = nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1, padding_mode="circular"),
        nn.ReLU(),
        nn.Conv2d(6, 6, 3, padding=1, padding_mode="circular"),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 3),
    )
    rolls = [partial(torch.roll, shifts=(dy, dx), dims=(2, 3)) for dx, dy in shifts(3)]
    whole = Split(tiny.test.images % 16, tiny.test.labels, 1.0)  # whole numbers again
    for seed in range(3):
        _, found = go_through(accuracy_under(whole_numbers(circular, seed), whole, rolls))
        assert set(found) == {found[0]}
    _, dense = go_through(accuracy_under(whole_numbers(build(DENSE)), whole, rolls))
    assert len(set(dense)) > 1


def test_what_each_picture_keeps_adds_up_to_the_accuracies(tiny) -> None:
    _, found = go_through(robustness(build(DENSE), tiny.test, 150, reach=3, angles=(0.0,), scales=(1.0,)))
    for pixels in range(4):
        kept, places = found.places_kept(pixels), (2 * pixels + 1) ** 2
        assert kept is not None
        assert len(kept) == found.pictures
        assert float(kept.sum()) / (places * len(kept)) == pytest.approx(found.shifted_up_to(pixels))
