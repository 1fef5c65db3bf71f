"""A net that says no numbers has no answer: that is said, never made into probabilities."""

import pytest
import torch

from lib import predict
from lib.nets.classify import Answer, Read, answer, to_csv
from lib.training import NoAnswer, has_numbers
from lib.training.evaluation import best_answers
from tests.training.plain_words import RANDOM, net_of


@pytest.fixture
def broken(tiny):
    net = net_of(tiny, RANDOM)
    with torch.no_grad():
        net.dense1.bias[0] = torch.nan
    return net


def test_predict_says_so(broken, tiny):
    x, _ = tiny.test.batch(slice(0, 3))
    with pytest.raises(NoAnswer, match="no longer numbers"):
        predict(broken, x)
    assert best_answers(broken, x) == []
    assert len(best_answers(net_of(tiny, RANDOM), x)) == 3


def test_a_running_variance_that_is_no_number_counts_too(tiny):
    net = net_of(tiny, RANDOM)
    assert has_numbers(net)
    net.norm1.running_var[0] = torch.inf
    assert not has_numbers(net)


def test_among_many_files_it_is_the_problem_of_each(broken, tiny):
    x, _ = tiny.test.batch(slice(0, 1))
    said = answer(broken, Read("a.png", None, None, x))
    assert said == Answer("a.png", str(NoAnswer()), None)
    assert str(NoAnswer()) in to_csv(tiny.classes, [said])
