"""Digits and doodles: the sets that are always there."""

import time

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage

from lib.datasets import list_datasets, load_dataset
from lib.datasets.scans import load_digits, show_digit
from lib.pen import sketchbook
from lib.pen.doodles import KINDS, draw_doodles


@pytest.fixture(scope="module")
def digits():
    return load_digits()


def test_digits_are_scikit_learns(digits):
    from sklearn.datasets import load_digits as oracle

    pixels, target = oracle(return_X_y=True)
    train_images, train_labels, test_images, test_labels = digits
    assert train_images.shape == (1_415, 1, 28, 28)
    assert test_images.shape == (382, 1, 28, 28)
    both = torch.cat([train_labels, test_labels])
    assert both.bincount().tolist() == np.bincount(target).tolist()
    # Every picture is one of theirs, with their label.
    theirs = {np.array(show_digit(p.reshape(8, 8))).tobytes(): label for p, label in zip(pixels, target, strict=True)}
    ours = [image.numpy().tobytes() for image in torch.cat([train_images, test_images])]
    assert [theirs[image] for image in ours] == both.tolist()
    assert len(set(ours)) == len(theirs) == 1_797
    assert ours == list(theirs)  # in their order, which is that of the forms: other people wrote the last 382


def test_digits_lie_as_mnists_do(digits):
    images = digits[0][:200, 0].numpy()
    for image in images:
        rows, columns = np.nonzero(image > 32)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
        assert np.abs(np.array(ndimage.center_of_mass(image)) + 0.5 - 14).max() < 0.6
        assert image.max() == 255
        assert not image[[0, -1]].any()


def test_a_digit_keeps_its_shape():
    from sklearn.datasets import load_digits as oracle

    for pixels in oracle().images[:50]:
        shown = show_digit(pixels)
        back = np.array(shown.crop(shown.getbbox()).resize((8, 8), Image.Resampling.BOX), dtype=float)
        box = Image.fromarray((pixels * 15).astype(np.uint8))
        theirs = np.array(box.crop(box.getbbox()).resize((8, 8), Image.Resampling.BOX), dtype=float)
        assert np.corrcoef(back.ravel(), theirs.ravel())[0, 1] > 0.65


def test_doodles_are_drawn_quickly_and_the_same_for_a_seed():
    start = time.process_time()
    images, labels = draw_doodles(12_000, seed=5)
    assert time.process_time() - start < 5
    assert images.shape == (12_000, 1, 28, 28)
    assert images.dtype == torch.uint8
    assert labels.bincount().tolist() == [1_200] * 10
    state = torch.get_rng_state()
    again, _ = draw_doodles(200, seed=6)
    assert torch.equal(again, draw_doodles(200, seed=6)[0])
    assert not torch.equal(again, draw_doodles(200, seed=7)[0])
    assert torch.equal(torch.get_rng_state(), state)
    assert len({image.numpy().tobytes() for image in images}) > 11_990


def test_doodles_lie_as_prepare_lays_drawings():
    images, _ = draw_doodles(1_000, seed=8)
    longer, off = [], []
    for image in images[:, 0].numpy():
        rows, columns = np.nonzero(image > 32)
        longer.append(max(np.ptp(rows), np.ptp(columns)) + 1)
        off.append(np.abs(np.array(ndimage.center_of_mass(image)) + 0.5 - 14).max())
        assert image.max() == 255
    assert np.median(longer) == 20
    assert min(longer) >= 16
    assert max(longer) <= 24
    assert np.median(off) < 1.5


def test_kinds_can_be_told_apart():
    """The nearest of 2,000 others, by plain pixels, is of the same kind almost always."""
    images, labels = draw_doodles(2_000, seed=1)
    others, truth = draw_doodles(300, seed=2)
    nearest = torch.cdist(others.flatten(1).float(), images.flatten(1).float()).argmin(1)
    assert (labels[nearest] == truth).float().mean() > 0.8


def test_the_catalogue_tells_the_truth_about_them():
    for entry in list_datasets():
        if entry.offline:
            dataset = load_dataset(entry.name, valid_fraction=0)
            assert (len(dataset.train), len(dataset.test)) == (entry.train_count, entry.test_count)
            assert dataset.classes == entry.classes
            assert dataset.input_shape == entry.input_shape
    assert next(e.classes for e in list_datasets() if e.name == "doodles") == tuple(KINDS)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(sketchbook, "TRAIN_COUNT", 30)
    monkeypatch.setattr(sketchbook, "TEST_COUNT", 10)


def count_draws(monkeypatch):
    calls = []
    draw = sketchbook.doodles.draw_doodles
    monkeypatch.setattr(sketchbook.doodles, "draw_doodles", lambda *a: (calls.append(a), draw(*a))[1])
    return calls


def test_doodles_are_drawn_once_and_kept(home, few, monkeypatch):
    calls = count_draws(monkeypatch)
    first = sketchbook.load_doodles()
    second = sketchbook.load_doodles()
    assert len(calls) == 2  # training and test
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert [path.suffix for path in (home / "data" / "doodles").iterdir()] == [".safetensors"]


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-100] + bytes([d[-100] ^ 1]) + d[-99:], lambda d: d[: len(d) // 2], lambda _: b""]
)
def test_a_damaged_sketchbook_is_drawn_again(home, few, monkeypatch, damage):
    first = sketchbook.load_doodles()
    (kept,) = (home / "data" / "doodles").iterdir()
    good = kept.read_bytes()
    kept.unlink()
    kept.write_bytes(damage(good))
    calls = count_draws(monkeypatch)
    again = sketchbook.load_doodles()
    assert len(calls) == 2
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert kept.read_bytes() == good


def test_doodles_do_without_a_disk(tmp_path, few, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "file"))
    assert len(sketchbook.load_doodles()[0]) == 30
