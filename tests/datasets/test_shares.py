"""Every class keeps its share: held out, in training of any size, and in testing; however uneven the classes are."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.config import DataConfig
from lib.datasets import load_dataset
from lib.datasets.balance import balanced_order, burst_sizes, cut, held_out_counts
from lib.datasets.catalogue import info, list_datasets
from lib.datasets.loaded import Whole, delete, whole
from lib.datasets.own import save_own
from lib.runs.limits import TooMuch, check_pictures

_counts = st.lists(st.integers(1, 9) | st.integers(1, 400), min_size=2, max_size=10)
_fraction = st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.3, 0.5]) | st.floats(0.0, 0.5)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def labelled(counts, seed=0):
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    return labels[torch.randperm(len(labels), generator=seeded(seed))]


def counted(labels, index, classes):
    return torch.bincount(labels[index], minlength=classes)


@settings(max_examples=150, deadline=None)
@given(_counts, _fraction, st.integers(0, 99))
def test_a_slice_takes_its_share_of_every_class_and_leaves_some_of_each(counts, fraction, seed):
    labels = labelled(counts, seed)
    held, order = cut(labels, fraction, seeded(seed))
    assert sorted([*held.tolist(), *order.tolist()]) == list(range(len(labels)))
    assert counted(labels, held, len(counts)).tolist() == held_out_counts(counts, fraction)
    for count, taken in zip(counts, held_out_counts(counts, fraction), strict=True):
        assert taken < count
        if not fraction:
            assert taken == 0
        elif count > 1:
            assert taken >= 1
            assert taken == 1 or abs(taken - count * fraction) <= 0.5


@settings(max_examples=100, deadline=None)
@given(_counts, _fraction, st.integers(0, 99))
def test_any_beginning_of_the_order_holds_every_class_and_its_share_of_it(counts, fraction, seed):
    labels, classes = labelled(counts, seed), len(counts)
    _, order = cut(labels, fraction, seeded(seed))
    left = counted(labels, order, classes)
    sofar = torch.nn.functional.one_hot(labels[order], classes).cumsum(0)
    assert (sofar[classes - 1 :] >= 1).all()  # one of each class comes first
    size = torch.arange(1, len(order) + 1)[:, None]
    beyond = (sofar - size * left / len(order)).abs()
    # The first picture of each class puts the others back by at most one each; beside that they are as good as exact.
    assert beyond.max() <= classes + 1
    if min(counts) >= 50:
        assert beyond[classes:].max() <= 2.5
    assert sofar[-1].equal(left)


@given(st.integers(2, 10), st.integers(1, 60), st.integers(0, 99), st.data())
def test_even_classes_are_dealt_in_turn(classes, count, seed, data):
    labels = labelled([count] * classes, seed)
    order = balanced_order(labels, seeded(seed))
    start = data.draw(st.integers(0, len(labels) - 1))
    found = counted(labels, order[start : start + data.draw(st.integers(1, 40))], classes)
    assert found.max() - found.min() <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=30), min_size=2, max_size=6),
    st.floats(0.01, 0.5),
    st.integers(0, 99),
)
def test_pictures_that_belong_together_stay_together(groups, fraction, seed):
    labels = torch.tensor([label for label, sizes in enumerate(groups) for size in sizes for _ in range(size)])
    numbers = iter(range(10_000))
    alike = torch.tensor([number for sizes in groups for size in sizes for number in [next(numbers)] * size])
    mixed = torch.randperm(len(labels), generator=seeded(seed))
    labels, alike = labels[mixed], alike[mixed]
    held, order = cut(labels, fraction, seeded(seed), alike)
    assert sorted([*held.tolist(), *order.tolist()]) == list(range(len(labels)))
    assert not set(alike[held].tolist()) & set(alike[order].tolist())
    bursts = [[size for size in sizes if size > 1] for sizes in groups]
    assert [sorted(each) for each in bursts] == burst_sizes(labels, alike)
    taken = counted(labels, held, len(groups)).tolist()
    assert taken == held_out_counts([sum(sizes) for sizes in groups], fraction, bursts)
    for sizes, count in zip(groups, taken, strict=True):
        assert count < sum(sizes)
        if len(sizes) > 1:
            assert count >= 1
            assert abs(count - max(1, sum(sizes) * fraction)) <= max(sizes)


def noise(count, seed):
    return list(torch.from_numpy(np.random.default_rng(seed).integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)))


@pytest.mark.parametrize("counts", [(5, 50), (8, 100), (5, 30, 30), (5, 5), (20, 40)])
@pytest.mark.parametrize("fraction", [0.05, 0.1, 0.2, 0.5])
def test_small_classes_of_ones_own_are_trained_validated_and_tested(home, counts, fraction):
    kept = save_own("Uneven", "drawing", {f"class {n}": noise(count, n) for n, count in enumerate(counts)})
    there = info(kept.name).training_count(fraction)
    before = set()
    for size in (len(counts), there // 2, there):
        data = load_dataset(kept.name, valid_fraction=fraction, train_size=size)
        trained, held, tested = (part.labels.bincount(minlength=len(counts)) for part in data_parts(data))
        assert min(*trained.tolist(), *held.tolist(), *tested.tolist()) >= 1
        now = {picture.numpy().tobytes() for picture in data.train.images}
        assert before <= now
        before = now
    total = torch.tensor(counts)
    for part in (trained, held, tested):
        assert (part - total * part.sum() / total.sum()).abs().max() <= 1.6  # the small class has at least one of each
    with pytest.raises(ValueError, match="cannot be taken"):
        load_dataset(kept.name, valid_fraction=fraction, train_size=there + 1)


def data_parts(data):
    return data.train, data.valid, data.test


@pytest.mark.parametrize("fraction", [0.0, 0.001, 0.05, 0.1, 0.2, 0.333, 0.5])
def test_what_is_said_beforehand_is_what_is_cut(home, quick_digits, fraction):
    bursts = [picture + shift for picture in torch.stack(noise(6, 3)) // 2 for shift in (0, 1, 2)]
    own = save_own("Bursts", "drawing", {"still": bursts, "moving": noise(11, 4), "few": noise(5, 5)}).name
    for name in ("digits", "doodles", "mnist-5k", own):
        about = info(name)
        data = load_dataset(name, valid_fraction=fraction)
        assert len(data.train) == about.training_count(fraction)
        assert len(data.valid) == (about.validation_count(fraction) or len(data.test))
        assert whole(name).train_labels.bincount().tolist() == list(about.train_counts)
        check_pictures(DataConfig(name=name, train_size=len(data.train), valid_fraction=fraction), about)
        with pytest.raises(TooMuch, match="training pictures"):
            check_pictures(DataConfig(name=name, train_size=len(data.train) + 1, valid_fraction=fraction), about)


def test_every_set_that_can_be_had_says_how_many_of_each_class():
    mnist = next(each for each in list_datasets() if each.name == "mnist")
    assert (mnist.train_count, max(mnist.train_counts)) == (60_000, 6_742)
    for each in list_datasets():
        assert len(each.train_counts) == len(each.classes)


def test_a_set_is_known_by_what_it_holds_and_not_by_where_it_lies(home, monkeypatch):
    """A set that was deleted made room in memory for another one, which was then answered with its pictures."""
    held, wrong = [], 0
    for number in range(25):
        kept = save_own(f"Set {number}", "drawing", {f"cat {number}": noise(6, number), "dog": noise(6, 100 + number)})
        mine = load_dataset(kept.name)
        held.append(mine)
        wrong += (mine.name, mine.classes) != (kept.name, kept.classes)
        delete(kept.name, "")
    assert wrong == 0
    contents = {}
    pictures = torch.stack(noise(20, 7))
    monkeypatch.setattr("lib.datasets.loaded._read", lambda _: Whole(contents["x"], LABELS, contents["x"], LABELS))
    for number in range(3):  # the same name, the same home, other pictures
        contents["x"] = pictures + number
        monkeypatch.setattr("lib.datasets.loaded._loaded", {})
        assert load_dataset("mnist", valid_fraction=0).train.images.equal(contents["x"])


LABELS = torch.arange(20) % 10
