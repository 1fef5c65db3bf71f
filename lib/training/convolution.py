"""A convolution whose weight gradient is one matrix product: the same sums, sooner where maps are small.

Every window of the input becomes a row. Then ∂L/∂W = Gᵀ R, with R the rows and G the gradient at each window's place,
filter by filter. oneDNN's own kernel for bfloat16 takes up to three times as long at 7×7 on processors with matrix
units (AMX), and is even or faster elsewhere: `lib.training.calibration` measures it, layer by layer.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.models.build import Convolution

Padding = tuple[int, int]
_LEAST_WINDOW = 512  # numbers in a window; below it the rows cost more than the product saves, on every processor tried
_MOST_BYTES = 256 << 20  # of all rows


def can_go_by_rows(layer: nn.Module, x: Tensor) -> bool:
    """Whether the weight gradient of this layer, fed with `x` `(N, C, H, W)`, may be taken by rows at all."""
    if not isinstance(layer, Convolution) or layer.pad is not None:
        return False
    plain = layer.stride == (1, 1) and layer.dilation == (1, 1) and layer.groups == 1
    window = layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]
    return plain and window >= _LEAST_WINDOW and x.numel() // layer.in_channels * window * 4 <= _MOST_BYTES


def sums_by_rows(layer: Convolution, x: Tensor) -> Tensor:
    """Give `layer.before_activation(x)`; its weight gradient will be taken by rows.

    Casts as autocast would: whoever computes in bfloat16 gets sums in bfloat16.
    """
    kind = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else layer.weight.dtype
    bias = None if layer.bias is None else layer.bias.to(kind)
    sums: Tensor = _ByRows.apply(x.to(kind), layer.weight.to(kind), bias, layer.padding)  # type: ignore[no-untyped-call]
    return sums


def weight_gradient(x: Tensor, gradient: Tensor, weight: Tensor, padding: Padding) -> Tensor:
    """Sum over all windows of `x` `(N, C, H, W)`, each times its `gradient` `(N, O, H', W')`; shaped like `weight`."""
    filters, channels, *kernel = weight.shape
    rows = windows_as_rows(x, (kernel[0], kernel[1]), padding)
    product = gradient.permute(0, 2, 3, 1).reshape(-1, filters).t() @ rows
    return product.view(filters, *kernel, channels).permute(0, 3, 1, 2)


def kernel_weight_gradient(x: Tensor, gradient: Tensor, weight: Tensor, padding: Padding) -> Tensor:
    """The same by torch's own kernel."""
    of_weight: Tensor = _gradients(x, gradient, weight, padding, (False, True, False))[1]
    return of_weight


def windows_as_rows(x: Tensor, kernel: tuple[int, int], padding: Padding) -> Tensor:
    """`(N, C, H, W)` -> `(N·H'·W', kernel·kernel·C)`: what each position of the window sees, channels innermost."""
    (down, across), (tall, wide) = padding, kernel
    padded = functional.pad(x.permute(0, 2, 3, 1), (0, 0, across, across, down, down)).contiguous()
    pictures, height, width, channels = padded.shape
    a, b, c, d = padded.stride()
    positions = (pictures, height - tall + 1, width - wide + 1)
    windows = padded.as_strided((*positions, tall, wide, channels), (a, b, c, b, c, d))
    return windows.reshape(-1, tall * wide * channels)


class _ByRows(torch.autograd.Function):
    """Forward and the gradient for the layer below by oneDNN, the weight gradient by rows."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, padding: Padding) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.padding, ctx.has_bias = padding, bias is not None
        return functional.conv2d(x, weight, bias, padding=padding)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor, Tensor | None, None]:
        (gradient,), (x, weight) = gradients, ctx.saved_tensors
        below = None
        if ctx.needs_input_grad[0]:
            below = _gradients(x, gradient, weight, ctx.padding, (True, False, False))[0]
        of_bias = gradient.sum((0, 2, 3)) if ctx.has_bias else None
        return below, weight_gradient(x, gradient, weight, ctx.padding), of_bias, None


def _gradients(x: Tensor, gradient: Tensor, weight: Tensor, padding: Padding, wanted: tuple[bool, ...]) -> Any:
    return torch.ops.aten.convolution_backward(
        gradient, x, weight, None, (1, 1), padding, (1, 1), False, (0, 0), 1, wanted
    )
