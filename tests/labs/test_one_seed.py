"""A lab's training is the same for the same seed, whatever else draws random numbers in the process."""

import pytest
import torch

from lib.config import Dense, Dropout, Flatten, ModelConfig, TrainConfig
from lib.labs.hardening import hardened
from lib.labs.learning import cross_entropy, learn_by
from lib.models import build_model

MODEL = ModelConfig(layers=(Flatten(), Dense(16), Dropout(0.5), Dense(8)))
CONFIG = TrainConfig(epochs=2, batch_size=10, learning_rate=0.01)


def by_cross_entropy(data, net):
    yield from learn_by(cross_entropy, net, data.train, CONFIG, 3)
    return net


def by_hardening(data, net):
    return (yield from hardened(net, data.train, seed=3, epochs=2))


def end_of(work):
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("trained", [by_cross_entropy, by_hardening])
def test_dropout_draws_from_the_run_s_own_numbers(tiny, trained):
    ends = []
    for elsewhere in (1, 2):
        torch.manual_seed(elsewhere)
        before = torch.random.get_rng_state()
        net = end_of(trained(tiny, build_model(MODEL, tiny.input_shape, len(tiny.classes), 0)))
        assert torch.equal(torch.random.get_rng_state(), before)
        ends.append(torch.cat([value.flatten() for value in net.parameters()]))
    assert torch.equal(*ends)
