"""A net that learns from pictures that fool it is harder to fool."""

import torch

from lib import Dense, Flatten, ModelConfig, build_model, load_dataset
from lib.config import TrainConfig
from lib.labs.fooling import fooled
from lib.labs.hardening import hardened
from lib.labs.learning import accuracy, cross_entropy, learn, learn_by
from lib.parts import at_once


def test_the_copy_withstands_what_fools_the_net_and_the_net_stays() -> None:
    data = load_dataset("digits", train_size=800)
    config = TrainConfig(learning_rate=0.003, batch_size=32, epochs=6, precision="fp32")
    net = build_model(ModelConfig(layers=(Flatten(), Dense(32))), data.input_shape, 10, seed=0)
    shares = list(learn(net, data.train, data.valid, config, 0))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    before = {name: value.clone() for name, value in net.state_dict().items()}
    copy = at_once(hardened(net, data.train, epochs=4))
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    x, y = data.test.batch(slice(0, 300))

    def withstands(model: torch.nn.Module) -> float:
        with torch.no_grad():
            return float((model(fooled(model, x, y, 24 / 255)).argmax(1) == y).float().mean())

    assert withstands(copy) > withstands(net) + 0.2
    assert accuracy(copy, data.test) > 0.8


def test_the_own_loop_minimises_what_it_is_told_to() -> None:
    data = load_dataset("digits", train_size=300)
    net = build_model(ModelConfig(layers=(Flatten(),)), data.input_shape, 10, seed=0)
    x, y = data.train.batch(slice(0, 300))
    with torch.no_grad():
        start = float(cross_entropy(net, x, y))
    config = TrainConfig(learning_rate=0.01, batch_size=50, epochs=3)
    assert len(list(learn_by(cross_entropy, net, data.train, config, 0))) == 18
    with torch.no_grad():
        assert float(cross_entropy(net, x, y)) < start / 2
