"""An optimizer at work: made from a set-up, and applied to gradients in as few calls as there can be."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor, nn

from lib.config import TrainConfig
from lib.optimizers import OPTIMIZERS

_KERNELS: dict[type, str] = {kind.torch_class: kind.kernel for kind in OPTIMIZERS.values() if kind.kernel}


def make_optimizer(parameters: Iterable[nn.Parameter], config: TrainConfig) -> torch.optim.Optimizer:
    """Make the optimizer of `config`. Fused kernels update all weights in one call where torch has them."""
    return OPTIMIZERS[config.optimizer].make(parameters, config.learning_rate, config.weight_decay)


class Update:
    """Applies gradients through an optimizer; by torch's own kernel, in one call, where this optimizer has one.

    `torch.optim` looks after many cases at every step, which takes a small net a tenth of its time.
    """

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self._optimizer = optimizer
        (self._group,) = optimizer.param_groups
        self._parameters: list[nn.Parameter] = self._group["params"]
        self._kernel: Callable[[list[Tensor]], None] | None = None

    @torch.no_grad()
    def __call__(self, gradients: Sequence[Tensor]) -> None:
        """Change every weight by its gradient; `gradients` in the order of the optimizer's parameters."""
        pairs = zip(self._parameters, gradients, strict=True)
        alike = [g if g.stride() == p.stride() else torch.empty_like(p).copy_(g) for p, g in pairs]
        if self._kernel is not None:
            self._kernel(alike)
            return
        for parameter, gradient in zip(self._parameters, alike, strict=True):
            parameter.grad = gradient
        self._optimizer.step()
        for parameter in self._parameters:
            parameter.grad = None
        self._kernel = self._find_kernel()  # the first step is the optimizer's: it makes the moments

    def _find_kernel(self) -> Callable[[list[Tensor]], None] | None:
        group = self._group
        kernel = getattr(torch, _KERNELS.get(type(self._optimizer), ""), None)
        if kernel is None or not group["fused"]:  # another optimizer, or a torch that has no such kernel
            return None
        kept = [self._optimizer.state[parameter] for parameter in self._parameters]
        means, squares = ([values[name] for values in kept] for name in ("exp_avg", "exp_avg_sq"))
        # Each keeps its counter: whoever steps the optimizer itself later, after a break, counts every one of them.
        steps: list[Tensor] = [values["step"] for values in kept]
        beta1, beta2 = group["betas"]
        fixed = {"beta1": beta1, "beta2": beta2, "eps": group["eps"], "weight_decay": group["weight_decay"]}

        def update(gradients: list[Tensor]) -> None:
            torch._foreach_add_(steps, 1)
            kernel(
                self._parameters, gradients, means, squares, [], steps,
                lr=group["lr"], amsgrad=False, maximize=False, **fixed,
            )  # fmt: skip

        return update
