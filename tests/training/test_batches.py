"""Batches: how many, which, and what augmentation does to them."""

from itertools import chain

import pytest
import torch

from lib.datasets import Split, load_dataset
from lib.training.batches import epoch_batches, generator_for, steps_per_epoch, varied


@pytest.mark.parametrize(
    ("pictures", "batch_size", "steps"),
    [(60_000, 32, 1_875), (10_000, 32, 313), (32, 32, 1), (33, 32, 2), (1, 32, 1), (7, 1, 7)],
)
def test_S37_iterations_in_an_epoch(pictures, batch_size, steps):
    assert steps_per_epoch(pictures, batch_size) == steps


@pytest.fixture(scope="module")
def numbered():
    """5,000 pictures that each show their own number, so that batches tell which pictures they hold."""
    numbers = torch.arange(5_000)
    images = torch.zeros(5_000, 1, 2, 2, dtype=torch.uint8)
    images[:, 0, 0, 0], images[:, 0, 0, 1] = numbers // 256, numbers % 256
    return Split(images, numbers, 1.0)


def pictures_in(batches):
    return [(x[:, 0, 0, 0] * 256 + x[:, 0, 0, 1]).long().tolist() for x, _ in batches]


@pytest.mark.parametrize("batch_size", [32, 700, 4096])
def test_every_picture_comes_once_an_epoch_with_its_label(numbered, batch_size):
    batches = list(epoch_batches(numbered, batch_size, 3, 1, augment=False))
    assert len(batches) == steps_per_epoch(5_000, batch_size)
    assert [len(y) for _, y in batches[:-1]] == [batch_size] * (len(batches) - 1)
    seen = pictures_in(batches)
    assert seen == [y.tolist() for _, y in batches]
    assert sorted(chain(*seen)) == list(range(5_000))


def test_the_order_depends_on_seed_and_epoch_alone(numbered):
    def first(seed, epoch, batch_size=32):
        return pictures_in(epoch_batches(numbered, batch_size, seed, epoch, augment=False))[0]

    assert first(3, 1) == first(3, 1)
    assert len({tuple(first(seed, epoch)) for seed in range(4) for epoch in range(1, 5)}) == 16
    assert first(3, 1, 8) == first(3, 1)[:8]
    assert first(3, 1) != sorted(first(3, 1))


@pytest.mark.parametrize("augment", [False, True])
@pytest.mark.parametrize("batch_size", [100, 700, 4096])
def test_an_interrupted_epoch_continues_with_the_same_batches(numbered, batch_size, augment):
    whole = list(epoch_batches(numbered, batch_size, 3, 2, augment=augment))
    for start in {0, 1, len(whole) // 2, len(whole) - 1, len(whole)}:
        rest = list(epoch_batches(numbered, batch_size, 3, 2, augment=augment, start=start))
        assert len(rest) == len(whole) - start
        for (x, y), (expected_x, expected_y) in zip(rest, whole[start:], strict=True):
            assert torch.equal(x, expected_x)
            assert torch.equal(y, expected_y)


@pytest.mark.parametrize("scale", [1 / 255, 1.0])
def test_a_net_sees_pixels_times_the_scale(scale):
    images = torch.randint(0, 256, (30, 2, 4, 4), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    split = Split(images, torch.arange(30), scale)
    for x, y in epoch_batches(split, 8, 0, 1, augment=False):
        assert x.dtype == torch.float32
        torch.testing.assert_close(x, images[y].float() * scale)


def maps_of(out, height, width):
    """For each picture that was a table of its own places: the matrix (2, 3) from new places to old ones, in pixels.

    Fitted to the pixels that came from well inside; that they lie on it shows that nothing else was done.
    """
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    here = torch.stack([columns - width / 2, rows - height / 2, torch.ones_like(rows)], dim=-1).double()
    found = []
    for picture in out.double():
        inside = picture[2] > 0.99999  # the third plane was 1 everywhere
        there = picture[:2, inside].T - torch.tensor([width / 2, height / 2])
        matrix = torch.linalg.lstsq(here[inside], there).solution.T
        torch.testing.assert_close(here[inside] @ matrix.T, there, rtol=0, atol=1e-3)
        found.append(matrix)
    return torch.stack(found)


@pytest.mark.parametrize("mirror", [True, False])
@pytest.mark.parametrize(("height", "width"), [(28, 28), (20, 32)])
def test_augmentation_is_a_small_affine_change_and_mirrors_half(height, width, mirror):
    rows, columns = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    places = torch.stack([columns, rows, torch.ones_like(rows)]).expand(600, -1, -1, -1)
    maps = maps_of(varied(places, torch.Generator().manual_seed(0), mirror=mirror), height, width)
    mirrored = maps[:, :, :2].det() < 0
    assert float(mirrored.double().mean()) == pytest.approx(0.5 if mirror else 0, abs=0.07)
    across, along, moved = maps.unbind(2)
    tilt = across[:, 1] / across.norm(dim=1)  # the sine of the angle of what was level
    assert 0.15 < float(tilt.abs().max()) < 0.18
    for size in (across.norm(dim=1), along[:, 1]):
        assert 0.8 < float(size.min()) < 0.92
        assert 1.08 < float(size.max()) < 1.2
    assert 1.8 < float(moved.abs().max()) < 2.01
    assert maps[:, :, 2].mean(0).abs().max() < 0.2
    unlike = maps.flatten(1)
    assert len(unlike.unique(dim=0)) == len(unlike)  # each for itself


def test_augmentation_lets_zeros_in():
    out = varied(torch.ones(200, 1, 8, 8), torch.Generator().manual_seed(0), mirror=True)
    assert out.min() == 0
    assert out.max() <= 1 + 1e-6
    assert (out[:, :, 3:5, 3:5] > 0.999).all()


@pytest.mark.parametrize(("name", "mirrors"), [("digits", False), ("doodles", True)])
def test_a_sign_is_not_mirrored(name, mirrors, quick_digits, monkeypatch):
    asked = []
    monkeypatch.setattr("lib.training.batches.varied", lambda x, _generator, mirror: asked.append(mirror) or x)
    list(epoch_batches(load_dataset(name, train_size=20).train, 8, 0, 1, augment=True))
    assert asked == [mirrors]


def test_augmentation_differs_between_epochs_and_chunks_but_not_between_repeats():
    picture = torch.randint(0, 256, (1, 1, 6, 6), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    same = Split(picture.repeat(4_096, 1, 1, 1), torch.zeros(4_096, dtype=torch.int64))

    def epoch(number):
        return torch.cat([x for x, _ in epoch_batches(same, 1_024, 0, number, augment=True)])

    first = epoch(1)
    assert torch.equal(first, epoch(1))
    assert not torch.equal(first, epoch(2))
    assert not torch.equal(first[:2_048], first[2_048:])  # two chunks


def test_generators_of_near_keys_are_unrelated():
    draws = torch.stack(
        [torch.rand(500, generator=generator_for(seed, epoch)) for seed in range(5) for epoch in range(5)]
    )
    assert float(torch.corrcoef(draws).fill_diagonal_(0).abs().max()) < 0.2
    assert torch.equal(draws[7], torch.rand(500, generator=generator_for(1, 2)))


def test_augmentation_slants_beside_tilting():
    """A tilt turns upright and level lines by one angle; a slant turns the upright ones alone."""
    upright, level = (torch.zeros(400, 1, 29, 29) for _ in range(2))
    upright[:, :, :, 14] = 1.0
    level[:, :, 14] = 1.0

    def slopes(lines, along):
        """How far each line moves sideways for a pixel along it, by least squares over its middle."""
        moved = varied(lines, generator_for(3), mirror=False)[:, 0].transpose(1, along)
        places = torch.arange(29.0) - 14
        middle = (moved * places).sum(2) / moved.sum(2).clamp_min(1e-6)
        inner = slice(7, 22)
        return (middle[:, inner] * places[inner]).sum(1) / places[inner].square().sum()

    turned, tilted = slopes(upright, 1), slopes(level, 2)
    assert tilted.std() > 0.05
    assert (turned + tilted).std() > 0.05  # without a slant the two slopes are opposite, but for the stretch
