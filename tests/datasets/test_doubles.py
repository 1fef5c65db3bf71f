"""The same picture is kept once, and pictures that are nearly the same never train and test both."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lib.datasets import load_dataset
from lib.datasets.loaded import whole
from lib.datasets.own import Kind, save_own, shrink
from lib.pictures.doubles import nearly_equal, without_doubles

pytestmark = pytest.mark.usefixtures("home")


def scene(seed: int) -> Image.Image:
    """Blobs of colour, as a room out of focus."""
    draw = np.random.default_rng(seed)
    small = draw.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((240, 180), Image.Resampling.BICUBIC)


def burst(seed: int, count: int, kind: Kind = "photo") -> list[torch.Tensor]:
    """One scene, photographed `count` times from the hand: moved, turned and lit a little differently."""
    draw = np.random.default_rng(1_000 + seed)
    found = []
    for _ in range(count):
        x, y = draw.normal(20, 1.5, 2)
        frame = scene(seed).rotate(draw.normal(0, 0.7), Image.Resampling.BILINEAR)
        pixels = np.asarray(frame.crop((x, y, x + 190, y + 140)), dtype=float) * draw.normal(1, 0.02)
        noisy = Image.fromarray((pixels + draw.normal(0, 4, pixels.shape)).clip(0, 255).astype(np.uint8))
        small = shrink(noisy, kind)
        assert small is not None
        found.append(small)
    return found


def bytes_of(images):
    return {image.numpy().tobytes() for image in images}


def test_bursts_are_seen_as_such_and_other_scenes_are_not():
    pictures = [picture for seed in range(30) for picture in burst(seed, 4)]
    alike = nearly_equal([pictures], "photo")[0].view(30, 4)
    assert (alike == alike[:, :1]).float().mean() > 0.97
    assert len(alike[:, 0].unique()) == 30


@pytest.mark.parametrize("name", ["doodles", "mnist-5k"])
def test_drawings_of_one_kind_are_not_taken_for_one_drawing(name):
    data = load_dataset(name, valid_fraction=0)
    classes = [list(data.train.images[data.train.labels == label][:60]) for label in range(10)]
    _, members = nearly_equal(classes, "drawing")[0].unique(return_counts=True)
    assert members[members > 1].sum() / 600 < 0.1


def test_a_burst_lies_on_one_side_of_every_cut():
    classes = {name: [x for seed in range(9) for x in burst(first + seed, 5)] for name, first in (("a", 0), ("b", 50))}
    kept = save_own("Bursts", "photo", classes)
    full = whole(kept.name)
    data = load_dataset(kept.name, valid_fraction=0.2)
    sides = [bytes_of(part.images) for part in (data.train, data.valid, data.test)]
    for first in (0, 50):
        for seed in range(9):
            mine = bytes_of(burst(first + seed, 5))
            assert sum(bool(mine & side) for side in sides) == 1
    assert len(full.test_labels) == kept.test_count
    for part in (data.train, data.valid, data.test):
        assert part.labels.bincount(minlength=2).min() >= 5


def test_a_class_of_one_scene_is_still_cut_so_that_it_can_be_tested():
    kept = save_own(
        "One scene", "photo", {"still": burst(1, 12), "moving": [x for seed in range(2, 14) for x in burst(seed, 1)]}
    )
    assert kept.still == (0,)
    data = load_dataset(kept.name, valid_fraction=0.2)
    for part in (data.train, data.valid, data.test):
        assert part.labels.bincount(minlength=2).min() >= 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), max_size=20), min_size=1, max_size=4))
def test_each_picture_is_kept_once_where_it_comes_first(numbers):
    pictures = [[torch.full((1, 28, 28), number, dtype=torch.uint8) for number in each] for each in numbers]
    kept, left_out = without_doubles(pictures)
    values = [[int(picture[0, 0, 0]) for picture in each] for each in kept]
    flat = [value for each in values for value in each]
    assert len(flat) == len(set(flat)) == len({value for each in numbers for value in each})
    assert left_out == [len(before) - len(after) for before, after in zip(numbers, values, strict=True)]
    assert flat == list(dict.fromkeys(value for each in numbers for value in each))


def test_the_same_picture_is_never_in_training_and_test():
    some = [x for seed in range(8) for x in burst(seed, 1)]
    other = [x for seed in range(20, 28) for x in burst(seed, 1)]
    kept = save_own("Twice", "photo", {"one": some * 3, "two": [*other, *some[:2], *other]})
    assert kept.train_count + kept.test_count == 16
    full = whole(kept.name)
    assert not bytes_of(full.train_images) & bytes_of(full.test_images)
    with pytest.raises(ValueError, match="at least 5 different pictures; “two” has fewer"):
        save_own("Few", "photo", {"one": some, "two": [other[0]] * 9})
