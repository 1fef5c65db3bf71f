"""Clusters against scikit-learn's own scores and against blobs whose groups are known."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score, homogeneity_score

from lib import Dense, Flatten, ModelConfig, TrainConfig, build_model, evaluate, fit
from lib.explain.clusters import cluster
from lib.explain.projection import hidden_numbers, pixels
from lib.parts import at_once


def test_S18_groups_that_lie_apart_are_found_without_labels():
    rows, truth = make_blobs(300, 5, centers=4, cluster_std=0.4, random_state=3)
    found = cluster(rows, torch.from_numpy(truth), 4, 4, seed=1)
    assert adjusted_rand_score(truth, found.groups) == 1
    assert found.purity == 1
    assert [found.names[group] for group in found.groups] == truth.tolist()
    # Without labels the groups are the very same: they are only counted afterwards.
    blind = cluster(rows, torch.zeros(300, dtype=torch.long), 4, 4, seed=1)
    assert blind.groups.tolist() == found.groups.tolist()


@given(st.integers(1, 12), st.integers(0, 3))
def test_counts_and_purity_are_what_they_say(groups, seed):
    rng = np.random.default_rng(seed)
    rows, labels = rng.normal(size=(60, 4)), torch.from_numpy(rng.integers(0, 3, 60))
    found = cluster(rows, labels, groups, 3, seed)
    sizes = found.counts.sum(axis=1)
    assert sizes.tolist() == np.bincount(found.groups, minlength=groups).tolist()
    assert (np.diff(sizes) <= 0).all()
    named = np.array(found.names)[found.groups]
    assert found.purity == pytest.approx((named == labels.numpy()).mean())
    assert found.groups.tolist() == cluster(rows, labels, groups, 3, seed).groups.tolist()


def test_S18_a_trained_net_s_features_sort_better_than_pixels_and_the_teacher_better_still(tiny):
    model = build_model(ModelConfig(layers=(Flatten(), Dense(8))), tiny.input_shape, 3, seed=2)
    for _ in fit(model, tiny.train, tiny.valid, TrainConfig(epochs=40, learning_rate=0.01, batch_size=10)):
        pass
    every = torch.arange(len(tiny.test))
    labels = tiny.test.labels
    hidden = at_once(hidden_numbers(model, tiny.test, every))
    by_pixels, by_net = (cluster(rows, labels, 3, 3) for rows in (pixels(tiny.test, every), hidden))
    assert by_net.purity >= by_pixels.purity
    assert homogeneity_score(labels, by_net.groups) > 0.8
    assert evaluate(model, tiny.test).accuracy >= by_net.purity


def test_what_cannot_be_sorted_is_said_in_words():
    rows, labels = np.zeros((3, 2)), torch.zeros(3, dtype=torch.long)
    with pytest.raises(ValueError, match="3 pictures cannot be sorted into 4 groups"):
        cluster(rows, labels, 4, 1)
    with pytest.raises(ValueError, match="no numbers at all"):
        cluster(np.full((3, 2), np.nan), labels, 2, 1)
