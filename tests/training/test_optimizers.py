"""Our one call against `torch.optim`, whatever the gradients look like in memory."""

import pytest
import torch

from lib.config import OPTIMIZERS, TrainConfig
from lib.training.optimizers import Update, make_optimizer

SHAPES = ((6, 3, 3, 3), (6,), (4, 1, 5, 5), (7, 12), (1,))


def weights():
    generator = torch.Generator().manual_seed(0)
    made = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in SHAPES]
    made[0].data = made[0].data.contiguous(memory_format=torch.channels_last)
    return made


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_weights_as_torch(optimizer):
    config = TrainConfig(optimizer=optimizer, weight_decay=0.01, learning_rate=0.01)
    ours, theirs = weights(), weights()
    mine, reference = make_optimizer(ours, config), make_optimizer(theirs, config)
    update = Update(mine)
    generator = torch.Generator().manual_seed(1)
    for step in range(12):
        rate = 0.01 / (1 + step)
        gradients = [torch.randn(shape, generator=generator) for shape in SHAPES]
        for group in (*mine.param_groups, *reference.param_groups):
            group["lr"] = rate
        for parameter, gradient in zip(theirs, gradients, strict=True):
            parameter.grad = torch.empty_like(parameter).copy_(gradient)
        reference.step()
        update(gradients)  # the first one laid out otherwise than its weights
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True)), step
    assert all(parameter.grad is None for parameter in ours)
    kept, expected = mine.state_dict()["state"], reference.state_dict()["state"]
    for index, values in expected.items():
        for name, value in values.items():
            assert torch.equal(torch.as_tensor(kept[index][name]), torch.as_tensor(value)), name


def test_lion_moves_every_weight_by_the_rate_up_or_down():
    """By its formulas, for twelve steps; what is left of a weight after its decay is moved."""
    config = TrainConfig(optimizer="lion", learning_rate=0.01, weight_decay=0.1)
    ours, plain = weights(), [weight.detach().clone() for weight in weights()]
    momenta = [torch.zeros_like(weight) for weight in plain]
    update = Update(make_optimizer(ours, config))
    generator = torch.Generator().manual_seed(3)
    for _ in range(12):
        gradients = [torch.randn(shape, generator=generator) for shape in SHAPES]
        update(gradients)
        for weight, momentum, gradient in zip(plain, momenta, gradients, strict=True):
            weight *= 1 - 0.01 * 0.1
            weight -= 0.01 * torch.sign(0.9 * momentum + 0.1 * gradient)
            momentum.copy_(0.99 * momentum + 0.01 * gradient)
    for mine, its in zip(ours, plain, strict=True):
        torch.testing.assert_close(mine.detach(), its)


def test_a_torch_without_that_kernel_will_do(monkeypatch):
    monkeypatch.delattr(torch, "_fused_adam_")
    ours, theirs = weights(), weights()
    update, reference = Update(make_optimizer(ours, TrainConfig())), torch.optim.Adam(theirs, lr=0.001)
    for step in range(3):
        gradients = [torch.full(shape, 0.1 * step - 0.1) for shape in SHAPES]
        for parameter, gradient in zip(theirs, gradients, strict=True):
            parameter.grad = gradient
        reference.step()
        # torch's own fused optimizer needs the kernel too, so this one is told to do without
        update._group["fused"] = False
        update(gradients)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b)
