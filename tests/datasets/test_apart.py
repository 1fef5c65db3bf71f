"""Test pictures that are kept apart: nothing that a page, a run or a file can ask for has one of them."""

import io

import numpy as np
import pytest
import torch
from sklearn.model_selection import StratifiedShuffleSplit

from lib import DataConfig, RunConfig, list_datasets, load_dataset
from lib.datasets import load_apart
from lib.datasets.apart import SHARE, apart_seed, keep_apart, parted
from lib.datasets.catalogue import info
from lib.datasets.loaded import whole
from lib.datasets.own import save_own
from lib.export.pictures_npz import picture_file
from lib.runs.places import worker


@pytest.fixture
def hidden():
    keep_apart(11)
    yield
    keep_apart(None)


def pictures_of(split):
    return {each.numpy().tobytes() for each in split.images}


def test_each_class_gives_its_share_as_scikit_learn_s_split_does():
    labels = load_dataset("digits").test.labels
    stays, apart = parted(labels, 3)
    assert sorted([*stays.tolist(), *apart.tolist()]) == list(range(len(labels)))
    split = StratifiedShuffleSplit(1, test_size=len(apart), random_state=0)
    _, theirs = next(split.split(np.zeros(len(labels)), labels.numpy()))
    ours, theirs = labels[apart].bincount(), labels[torch.from_numpy(theirs)].bincount()
    assert int((ours - theirs).abs().max()) <= 1
    assert parted(labels, 3)[1].tolist() == apart.tolist() != parted(labels, 4)[1].tolist()


def test_what_is_kept_apart_is_nowhere_else(hidden):
    keep_apart(None)
    before = load_dataset("digits")
    assert load_apart("digits") is None
    keep_apart(11)
    data, apart = load_dataset("digits", test_size=len(before.test)), load_apart("digits")
    assert (len(apart), len(data.test)) == (len(before.test) // SHARE, info("digits").test_count)
    assert len(data.test) + len(apart) == len(before.test)
    assert pictures_of(apart) | pictures_of(data.test) == pictures_of(before.test)
    everywhere = (data.train, data.valid, data.test, load_dataset("digits", valid_fraction=0.0).valid)
    assert not any(pictures_of(apart) & pictures_of(each) for each in everywhere)
    assert {each.name: each.test_count for each in list_datasets()}["digits"] == len(data.test)
    with np.load(io.BytesIO(picture_file("digits"))) as there:
        assert len(there["test_labels"]) == len(data.test)
    torch.testing.assert_close(load_apart("digits", scale_pixels=False).batch(slice(0, 3))[0] / 255,
                               apart.batch(slice(0, 3))[0])  # fmt: skip


def test_sets_of_one_s_own_keep_nothing_apart(hidden):
    noise = torch.randint(0, 255, (16, 1, 28, 28), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    kept = save_own("mine", "drawing", {"a": list(noise[:8]), "b": list(noise[8:])})
    assert apart_seed() == 11
    assert load_apart(kept.name) is None
    assert len(load_dataset(kept.name).test) == kept.test_count == info(kept.name).test_count


def test_a_worker_of_a_cluster_keeps_the_same_ones_apart(hidden):
    config = RunConfig(data=DataConfig(name="digits", train_size=50))
    here, digest = load_dataset(**config.data.model_dump()), whole("digits").digest
    keep_apart(None)
    with pytest.raises(worker.PicturesNeeded):
        worker._pictures(config, digest, None, None)
    assert pictures_of(worker._pictures(config, digest, 11, None).test) == pictures_of(here.test)
