import threading
import time

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lib.config import DataConfig
from lib.datasets import DatasetUnavailable, Split, load_dataset, loaded
from lib.datasets.catalogue import info
from lib.datasets.splits import Cut


def as_set(split):
    return {bytes(image.numpy().tobytes()) for image in split.images}


def digits_tested():
    return loaded.whole("digits").test_labels.bincount().tolist()


def test_config_fields_are_the_options():
    config = DataConfig(name="digits", train_size=100, test_size=50, valid_fraction=0.2)
    digits = load_dataset(**config.model_dump())
    assert (len(digits.train), len(digits.valid), len(digits.test)) == (100, 283, 50)
    for part in (digits.train, digits.valid, digits.test):
        shares = info("digits").train_counts if part is not digits.test else digits_tested()
        wanted = torch.tensor(shares) * len(part) / sum(shares)
        assert (part.labels.bincount(minlength=10) - wanted).abs().max() < 1.5
    assert digits.input_shape == (1, 28, 28) == tuple(digits.train.images.shape[1:])


def test_parts_never_overlap():
    doodles = load_dataset("doodles", valid_fraction=0.3)
    train, valid, test = as_set(doodles.train), as_set(doodles.valid), as_set(doodles.test)
    assert len(train) == 7_000
    assert not train & valid
    assert not train & test
    assert not valid & test


def test_validation_does_not_depend_on_train_size():
    few = load_dataset("digits", train_size=50, seed=3)
    many = load_dataset("digits", train_size=500, seed=3)
    assert torch.equal(few.valid.images, many.valid.images)
    assert as_set(few.train) < as_set(many.train)


def test_one_seed_one_choice():
    first = load_dataset("digits", train_size=200, seed=1)
    state = torch.get_rng_state()
    other = load_dataset("digits", train_size=200, seed=2)
    again = load_dataset("digits", train_size=200, seed=1)
    assert torch.equal(first.train.images, again.train.images)
    assert not torch.equal(first.train.images, other.train.images)
    assert not torch.equal(first.valid.images, other.valid.images)
    assert torch.equal(torch.get_rng_state(), state)  # the process-wide generator is left alone


def test_without_a_slice_nothing_is_copied_and_test_stands_in():
    whole_set = loaded.whole("digits")
    digits = load_dataset("digits", valid_fraction=0)
    assert digits.train.images.data_ptr() == whole_set.train_images.data_ptr()
    assert digits.valid is digits.test
    assert len(digits.train) == 1_415


def test_equal_options_share_memory():
    first = load_dataset("doodles", train_size=500)
    assert load_dataset("doodles", train_size=500) is first
    assert load_dataset("doodles", train_size=501) is not first


@pytest.mark.parametrize(("scale_pixels", "factor"), [(True, 255), (False, 1)])
def test_batch(scale_pixels, factor):
    digits = load_dataset("digits", scale_pixels=scale_pixels)
    index = torch.tensor([5, 2])
    x, y = digits.train.batch(index)
    assert x.dtype == torch.float32
    torch.testing.assert_close(x, digits.train.images[index] / factor)
    assert torch.equal(y, digits.train.labels[[5, 2]])
    before = digits.train.images.clone()
    digits.train.batch(slice(0, 7))[0].zero_()
    assert torch.equal(digits.train.images, before)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "imagenet"}, "no data set called 'imagenet'; there are fashion-mnist"),
        ({"train_size": 1_400}, "Digits has 1,275 training pictures once validation has its slice; 1,400"),
        ({"train_size": 1_416, "valid_fraction": 0}, "Digits has 1,415 training pictures; 1,416"),
        ({"train_size": 0}, "0 cannot be taken"),
        ({"test_size": 383}, "Digits has 382 test pictures; 383"),
        ({"valid_fraction": 0.9}, "between 0 and half"),
        ({"valid_fraction": float("nan")}, "between 0 and half"),
    ],
)
def test_impossible_wishes_are_answered_in_words(options, words):
    with pytest.raises(ValueError, match=words):
        load_dataset(**{"name": "digits", **options})


def test_split_refuses_other_tensors():
    images, labels = torch.zeros(2, 1, 4, 4, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64)
    assert len(Split(images, labels)) == 2
    with pytest.raises(ValueError, match="uint8"):
        Split(images.float(), labels)
    with pytest.raises(ValueError, match="int64"):
        Split(images, labels[:1])


def test_concurrent_loads_read_once(home, monkeypatch):
    calls = []

    def slow(name):
        calls.append(name)
        time.sleep(0.1)
        images = torch.zeros(20, 1, 28, 28, dtype=torch.uint8)
        return loaded.Whole(images, torch.arange(20) % 10, images, torch.arange(20) % 10)

    monkeypatch.setattr(loaded, "_read", slow)
    got = []
    threads = [threading.Thread(target=lambda: got.append(loaded.whole("mnist"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["mnist"]
    assert len({id(one) for one in got}) == 1


def test_missing_files_are_a_sentence_with_three_ways_out(home):
    with pytest.raises(DatasetUnavailable) as caught:
        load_dataset("kmnist")
    sentence = str(caught.value)
    assert "press Download" in sentence
    assert "python -m lib.cli fetch kmnist" in sentence
    assert str(home / "data" / "kmnist") in sentence
    assert "digits or doodles" in sentence
    assert "\n" not in sentence


@pytest.mark.fashion
def test_fashion_mnist_is_the_real_one():
    fashion = load_dataset("fashion-mnist", valid_fraction=0)
    assert (len(fashion.train), len(fashion.test)) == (60_000, 10_000)
    assert fashion.train.labels.bincount().tolist() == [6_000] * 10
    assert fashion.test.labels.bincount().tolist() == [1_000] * 10
    assert fashion.train.labels[:5].tolist() == [9, 0, 0, 3, 0]
    assert fashion.test.labels[:5].tolist() == [9, 2, 1, 1, 6]
    assert fashion.classes[9] == "Ankle boot"
    # The training mean 0.2860 and deviation 0.3530 that the literature normalises with.
    pixels = fashion.train.images.double() / 255
    assert pixels.mean().item() == pytest.approx(0.2860, abs=1e-4)
    assert pixels.std().item() == pytest.approx(0.3530, abs=1e-4)
    assert pixels.shape[1:] == fashion.input_shape


@pytest.mark.fashion
def test_fashion_mnist_cut_is_balanced():
    fashion = load_dataset("fashion-mnist", train_size=5_000, test_size=1_000)
    assert fashion.train.labels.bincount().tolist() == [500] * 10
    assert fashion.valid.labels.bincount().tolist() == [600] * 10
    assert fashion.test.labels.bincount().tolist() == [100] * 10


def test_ten_cuts_of_one_set_take_hardly_more_than_the_set(quick_digits):
    cuts = [load_dataset("digits", train_size=600, seed=seed) for seed in range(10)]
    parts = [part for cut in cuts for part in (cut.train, cut.valid)]
    assert len({id(part) for part in parts}) == 20
    held = [value for part in parts for value in vars(part).values() if torch.is_tensor(value)]
    kept = {each.untyped_storage().data_ptr(): each.untyped_storage().nbytes() for each in held}
    assert sum(kept.values()) < 1.5 * loaded.whole("digits").train_images.nbytes


@given(st.data())
def test_a_cut_is_the_pictures_that_were_chosen(data):
    """Whatever is asked of it: all of them, some of them, a stretch of them."""
    count = data.draw(st.integers(1, 30))
    images = torch.randint(0, 256, (count, 1, 2, 3), dtype=torch.uint8)
    labels = torch.arange(count)
    chosen = torch.tensor(data.draw(st.lists(st.integers(0, count - 1), min_size=1)))
    cut, plain = Cut(Split(images, labels, 0.5, False), chosen), Split(images[chosen], labels[chosen], 0.5, False)
    assert len(cut) == len(plain)
    assert (cut.scale, cut.mirrors) == (0.5, False)
    assert cut.images.equal(plain.images)
    assert cut.labels.equal(plain.labels)
    some = torch.tensor(data.draw(st.lists(st.integers(0, len(chosen) - 1))), dtype=torch.int64)
    stretch = slice(data.draw(st.integers(0, 9)), data.draw(st.integers(0, 40)), data.draw(st.integers(1, 4)))
    for index in (some, stretch):
        assert cut.pixels(index).equal(plain.pixels(index))
        for mine, its in zip(cut.batch(index), plain.batch(index), strict=True):
            assert mine.equal(its)
    moved = cut.to(torch.device("meta"))
    assert (len(moved), moved.images.shape, moved.scale) == (len(plain), plain.images.shape, 0.5)
