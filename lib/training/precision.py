"""Which numbers to compute with, and how they lie in memory. `lib.training.calibration` finds out what is fastest."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn

Precision = Literal["fp32", "bf16"]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a run computes: part of what makes its curve, so it is kept with the run.

    Weights, optimizer and loss are float32 either way; `precision` is that of the forward and the backward pass.
    `channels_last` lays pictures and filters out colour by colour within each pixel, as most kernels like it.
    """

    precision: Precision = "fp32"
    channels_last: bool = True
    speedup: float | None = None  # times as fast as in float32, where that was measured
    cores: int | None = None  # that a step is computed on; None before that is chosen
    device: str = "cpu"
    by_rows: tuple[str, ...] = ()  # layers whose weight gradient is one matrix product (`lib.training.convolution`)

    def lay_out(self, model: nn.Module) -> None:
        """Lay the filters of `model` out in this way; a change of storage, not of values."""
        form = torch.channels_last if self.channels_last else torch.contiguous_format
        model.to(memory_format=form)  # type: ignore[call-overload]


def computing_in(precision: Precision, device: str = "cpu") -> AbstractContextManager[None]:
    """Compute the forward pass inside this block in `precision`. Never yield inside: it belongs to the thread."""
    manager: AbstractContextManager[None] = torch.autocast(device, torch.bfloat16, enabled=precision == "bf16")
    return manager
