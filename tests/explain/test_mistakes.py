"""What a net gets wrong, against scikit-learn; and since when a picture is answered rightly."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support
from torch import nn

from lib.config import Dense, Flatten, ModelConfig
from lib.datasets import spread
from lib.explain.mistakes import (
    Answered,
    Learned,
    answer_now,
    answer_split,
    class_scores,
    largest_confusion,
    learned,
)
from lib.models import build_model
from lib.parts import at_once
from tests.going_through import go_through

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


def answered(truth, probabilities) -> Answered:
    return Answered(torch.arange(len(truth)), torch.tensor(truth), torch.tensor(probabilities, dtype=torch.float64))


def net_for(data):
    return build_model(ModelConfig(layers=(Flatten(), Dense(5))), data.input_shape, len(data.classes), seed=3)


@given(PAIRS)
def test_scores_are_scikit_learns(pairs):
    truth, answers = zip(*pairs, strict=True)
    theirs = confusion_matrix(truth, answers, labels=range(5))
    ours = Answered(torch.arange(len(pairs)), torch.tensor(truth), torch.eye(5, dtype=torch.float64)[list(answers)])
    assert ours.counts().tolist() == theirs.tolist()
    expected = precision_recall_fscore_support(truth, answers, labels=range(5), zero_division=np.nan)
    found = class_scores(ours.counts())
    for name, values in zip(("precision", "recall", "f1"), expected[:3], strict=True):
        mine = [np.nan if getattr(score, name) is None else getattr(score, name) for score in found]
        np.testing.assert_allclose(mine, values, rtol=1e-12)
    assert [score.pictures for score in found] == expected[3].tolist()


@given(PAIRS)
def test_the_largest_confusion_is_the_largest_number_beside_the_diagonal(pairs):
    counts = torch.zeros(5, 5, dtype=torch.int64)
    for truth, answer in pairs:
        counts[truth, answer] += 1
    wrong = {(t, a): int(counts[t, a]) for t in range(5) for a in range(5) if t != a and counts[t, a]}
    found = largest_confusion(counts)
    assert found is None if not wrong else wrong[found] == max(wrong.values())
    assert int(counts.sum()) == len(pairs)  # what was given is left as it is


def test_a_cell_lists_its_pictures_the_surest_first():
    probabilities = [[0.2, 0.8], [0.4, 0.6], [0.9, 0.1], [0.05, 0.95], [0.4, 0.6], [0.3, 0.7]]
    found = answered([0, 0, 0, 0, 0, 1], probabilities)
    assert found.cell(0, 1) == [3, 0, 1, 4]  # equally sure ones in their own order
    assert found.cell(0, 0) == [2]
    assert found.cell(1, 1) == [5]
    assert found.cell(1, 0) == []
    assert found.mistakes() == [3, 0, 1, 4]
    assert answered([1, 0, 1], [[0.9, 0.1], [0.8, 0.2], [0.0, 1.0]]).mistakes() == [0]


@pytest.mark.parametrize("pictures", [None, 7, 500])
def test_answers_of_a_split_are_those_of_the_net(tiny, pictures):
    net = net_for(tiny)
    shares, found = go_through(answer_split(net, tiny.test, pictures))
    x, labels = tiny.test.batch(found.places)
    assert found.labels.equal(labels)
    assert found.places.tolist() == spread(len(tiny.test), pictures).tolist()
    assert found.probabilities.allclose(net.double()(x.double()).softmax(1), atol=1e-6)
    assert shares[-1] == 1.0
    some = answer_now(net.float(), tiny.test, found.places[2:5])
    assert some.answers.equal(found.answers[2:5])


def test_answers_that_are_no_numbers_are_no_answers(tiny):
    """Neither right nor a class: the first class is not what a broken net says."""
    net = net_for(tiny)
    nn.init.constant_(net[-1].weight, torch.nan)
    found = at_once(answer_split(net, tiny.test))
    assert found.answers.tolist() == [-1] * len(tiny.test)
    assert int(found.counts().sum()) == 0
    assert found.mistakes() != []
    assert not (answer_now(net, tiny.test, found.places).answers == found.labels).any()


def test_since_when_it_is_right():
    steps = [0, 1, 2, 4]
    stories = {
        (1, 1, 1, 1): Learned(0, 4),
        (0, 1, 1, 1): Learned(1, 4),
        (1, 0, 0, 1): Learned(4, 4),  # right by chance at first, learned at the end
        (0, 1, 1, 0): Learned(None, 2),  # forgotten
        (0, 0, 0, 0): Learned(None, None),
    }
    right = torch.tensor(list(stories), dtype=torch.bool).T
    assert learned(steps, right) == list(stories.values())


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_from_the_moment_of_learning_on_every_answer_is_right(story):
    steps = [2**n for n in range(len(story))]
    (found,) = learned(steps, torch.tensor(story)[:, None])
    assert (found.since is None) == (not story[-1])
    if found.since is not None:
        first = steps.index(found.since)
        assert all(story[first:])
        assert first == 0 or not story[first - 1]
    assert found.last_right == max((step for step, hit in zip(steps, story, strict=True) if hit), default=None)
