"""Slices through a net's real loss: along one weight, along the way it walked, or across the plane of that way.

Weights are one long vector here, in the order of `named_parameters`. What else a net keeps (batch norm's running
values) stays as it is at the place where the slice begins.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from lib.explain.backwards import backward
from lib.models.modes import evaluating

LossOf = Callable[[Tensor], Tensor]  # logits (N, classes) -> scalar


class Plane(NamedTuple):
    """Two directions, and where each moment of a way lies on them, seen from its last one."""

    directions: Tensor  # (2, P), each of length 1 and square to the other
    path: Tensor  # (T, 2); the last row is 0, 0
    share: float  # of the squared distances from the end that the plane holds, 0..1


def vector_of(model: nn.Module) -> Tensor:
    """All weights and biases as one vector `(P,)`, a copy."""
    return parameters_to_vector(model.parameters()).detach().clone()


def one_weight(model: nn.Module, parameter: str, index: tuple[int, ...]) -> Tensor:
    """The direction `(P,)` in which a single weight grows, such as "dense1.weight" at (3, 17). KeyError, IndexError."""
    parts = {name: torch.zeros_like(value) for name, value in model.named_parameters()}
    parts[parameter][index] = 1.0
    return torch.cat([part.flatten() for part in parts.values()])


def random_direction(model: nn.Module, seed: int) -> Tensor:
    """A random direction `(P,)`, every filter and unit as long as its own weights; biases stay. (Li et al. 2018.)"""
    generator = torch.Generator().manual_seed(seed)
    parts = []
    for value in model.parameters():
        part = torch.randn(value.shape, generator=generator)
        if value.ndim < 2:
            parts.append(torch.zeros(value.numel()))
            continue
        rows, own = part.flatten(1), value.detach().flatten(1)
        length = rows.norm(dim=1, keepdim=True)
        parts.append((rows * own.norm(dim=1, keepdim=True) / length).flatten())
    return torch.cat(parts)


def plane_of(moments: Sequence[Tensor]) -> Plane:
    """The plane that lies closest to a way through weight space: principal components about its end.

    moments: weights `(P,)` in order, at least two different ones; ValueError otherwise. (Li et al. 2018.)
    """
    steps = torch.stack([moment - moments[-1] for moment in moments]).double()
    if not bool((steps.norm(dim=1) > 0).any()):
        raise ValueError("A way needs two different moments.")
    # Few moments, many weights: the eigenvectors of the small matrix of inner products are enough.
    values, vectors = torch.linalg.eigh(steps @ steps.T)
    right, up = (steps.T @ vectors[:, place] for place in (-1, -2 if len(moments) > 1 else -1))
    right = right / right.norm()
    up = up - right * (right @ up)
    # A way that is straight has no second direction of its own: any that is square to the first will do.
    if float(up.norm()) < 1e-6 * float(steps.norm()):
        up = torch.zeros_like(right)
        up[int(right.abs().argmin())] = 1.0
        up = up - right * (right @ up)
    directions = torch.stack([right, up / up.norm()])
    directions[0] *= -1 if float(steps[0] @ directions[0]) > 0 else 1  # the way goes to the right
    share = float(values[-2:].clamp_min(0).sum() / values.clamp_min(0).sum())
    return Plane(directions.float(), (steps @ directions.T).float(), share)


def losses_at(model: nn.Module, x: Tensor, loss_of: LossOf, directions: Tensor, points: Tensor) -> Iterator[float]:
    """Yield the loss on pictures `x` `(N, C, H, W)` at each of `points` `(n, D)`, seen from the weights of `model`.

    `directions` is `(D, P)`. One value after the other, so that whoever asks can show progress or stop; `model` stays
    as it is. A loss that is no number is infinite.
    """
    moved = deepcopy(model)
    origin = vector_of(model)
    for point in points:
        vector_to_parameters(origin + point.to(origin) @ directions, moved.parameters())
        with torch.no_grad(), evaluating(moved):
            loss = float(loss_of(moved(x)))
        yield loss if loss == loss else float("inf")


def slope_along(model: nn.Module, x: Tensor, loss_of: LossOf, direction: Tensor) -> float:
    """The slope of the loss in a direction `(P,)`: the gradient, one entry per weight, times the direction."""
    gradients = backward(model, x, loss_of).gradients
    return float(torch.cat([gradients[name].flatten() for name, _ in model.named_parameters()]) @ direction)
