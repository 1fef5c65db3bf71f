"""One training iteration under the microscope: every number between a batch and the weights after it."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lib.models.build import FullyConnected


@dataclass(frozen=True)
class Iteration:
    """One real step on a batch of N pictures."""

    x: Tensor  # (N, C, H, W)
    y: Tensor  # (N,)
    activity: dict[str, float]  # mean absolute value that each layer answered
    shapes: dict[str, tuple[int, ...]]  # of these answers, without the batch
    inputs: dict[str, Tensor]  # (N, inputs) of the dense layers at the end of the net, see `dense_end`
    outputs: dict[str, Tensor]  # (N, units) of the same
    output_gradients: dict[str, Tensor]  # (N, units): of the mean loss to those outputs
    logits: Tensor  # (N, classes)
    losses: Tensor  # (N,)
    loss: float  # their mean
    gradients: dict[str, Tensor]  # of every weight and bias, by name
    before: dict[str, Tensor]  # every weight and bias before the update ...
    after: dict[str, Tensor]  # ... and after it
    loss_after: float  # of the same batch, after the update

    @property
    def parameters(self) -> int:
        """How many numbers the step changed at once."""
        return sum(value.numel() for value in self.before.values())


def iterate(
    model: nn.Sequential,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss_of: Callable[[Tensor, Tensor], Tensor],
) -> Iteration:
    """Do one step of training: `model` and `optimizer` move on, as they do in `lib.training.loop`.

    `loss_of` makes the mean loss of logits `(n, classes)` and labels `(n,)`.
    """
    logits, arrived, answers = _watched(model.train(), x)
    names, weights = zip(*model.named_parameters(), strict=True)
    dense = dense_end(model)
    with torch.enable_grad():
        loss = loss_of(logits, y)
    wanted = [*weights, *(answers[name] for name in dense)]
    found = torch.autograd.grad(loss, wanted, allow_unused=True, materialize_grads=True)
    gradients = dict(zip(names, found[: len(names)], strict=True))
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    for name, value in model.named_parameters():
        # Fused kernels go through weights and gradients byte by byte: both must lie in memory the same way.
        value.grad = torch.empty_like(value).copy_(gradients[name])
    optimizer.step()
    optimizer.zero_grad()
    with torch.no_grad():
        losses = torch.stack([loss_of(logits[i : i + 1], y[i : i + 1]) for i in range(len(y))])
        loss_after = float(loss_of(model.eval()(x), y))
    return Iteration(
        x=x,
        y=y,
        activity={name: float(answer.detach().abs().mean()) for name, answer in answers.items()},
        shapes={name: tuple(answer.shape[1:]) for name, answer in answers.items()},
        inputs={name: arrived[name].detach() for name in dense},
        outputs={name: answers[name].detach() for name in dense},
        output_gradients=dict(zip(dense, found[len(names) :], strict=True)),
        logits=logits.detach(),
        losses=losses,
        loss=float(loss.detach()),
        gradients=gradients,
        before=before,
        after={name: value.detach().clone() for name, value in model.named_parameters()},
        loss_after=loss_after,
    )


def _watched(model: nn.Sequential, x: Tensor) -> tuple[Tensor, dict[str, Tensor], dict[str, Tensor]]:
    """The logits, and what arrived at each layer and what it answered, all of them with their way back."""
    arrived: dict[str, Tensor] = {}
    answers: dict[str, Tensor] = {}
    with torch.enable_grad():
        for name, module in model.named_children():
            arrived[name] = x
            x = answers[name] = module(x)
    return x, arrived, answers


def dense_end(model: nn.Sequential) -> list[str]:
    """The dense layers at the end of a net with nothing between them, the class layer last."""
    names: list[str] = []
    for name, module in reversed(list(model.named_children())):
        if not isinstance(module, FullyConnected):
            break
        names.insert(0, name)
    return names
