"""What torch loads at the first step of its life, before anybody waits for that step."""

import torch
from torch import nn
from torch.nn import functional


def warm_up() -> None:
    """Do one step of a tiny net that is nobody's: it loads a second's worth of torch's own modules."""
    random = torch.Generator().manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 2, 3, bias=False), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 2))
    x = torch.rand((4, 1, 8, 8), generator=random)
    weights = list(net.parameters())
    optimizer = torch.optim.Adam(weights)
    loss = functional.cross_entropy(net(x), torch.tensor([0, 1, 0, 1]))
    for weight, gradient in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = gradient
    optimizer.step()
