"""Batches: how many, which, and what augmentation does to them."""

from itertools import chain

import pytest
import torch
from torch.nn import functional

from lib.data.splits import Split
from lib.training.batches import epoch_batches, generator_for, shifted_and_flipped, steps_per_epoch


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


def moved_by_hand(picture, down, right, mirrored):
    """Move a picture `(C, H, W)`; zeros come in, what leaves is lost."""
    _, height, width = picture.shape
    picture = picture.flip(2) if mirrored else picture
    framed = functional.pad(picture, (2, 2, 2, 2))
    return framed[:, 2 - down : 2 - down + height, 2 - right : 2 - right + width]


def test_augmentation_moves_by_two_pixels_at_most_and_mirrors_half():
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand(2, 7, 9, generator=generator)
    out = shifted_and_flipped(picture.expand(2_000, 2, 7, 9), generator)
    assert out.shape == (2_000, 2, 7, 9)
    counts = {}
    for down in range(-2, 3):
        for right in range(-2, 3):
            for mirrored in (False, True):
                expected = moved_by_hand(picture, down, right, mirrored)
                counts[down, right, mirrored] = int((out == expected).all((1, 2, 3)).sum())
    assert sum(counts.values()) == 2_000  # each picture is one of the 50 that may come out
    assert min(counts.values()) > 10  # about 40 of each
    assert sum(n for (_, _, mirrored), n in counts.items() if mirrored) == pytest.approx(1_000, abs=100)


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
