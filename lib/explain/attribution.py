"""What in a picture an answer rests on: Grad-CAM, saliency and the occlusion test."""

from math import ceil

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.explain.activations import hooked
from lib.models.modes import evaluating

_CHUNK = 128  # covered pictures sent through at once: a few megabytes, also for large nets


def grad_cam(model: nn.Module, x: Tensor, layer: str, label: int) -> Tensor:
    """Add up the maps of `layer`, each weighted by how much the score of class `label` grows with it.

    `x` is one picture, `(C, H, W)` or `(1, C, H, W)`; the result `(H', W')` has the size of the layer's maps and is
    never negative: only what speaks for the class is kept. KeyError for an unknown layer, ValueError for one without
    maps. (Selvaraju et al. 2017.)
    """
    kept: dict[str, Tensor] = {}
    with (
        torch.enable_grad(),
        evaluating(model),
        hooked(model, [layer], lambda name, output: kept.update({name: output})),
    ):
        score = model(_one(x))[0, label]
        maps = kept[layer]
        if maps.dim() != 4:
            raise ValueError(f"Grad-CAM needs feature maps, and “{layer}” answers with a row of numbers.")
        (gradient,) = torch.autograd.grad(score, maps)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    return (weights * maps.detach()).sum(dim=1)[0].relu()


def saliency(model: nn.Module, x: Tensor, label: int) -> Tensor:
    """Say for every pixel how strongly the score of class `label` answers to a small change of it.

    `x` is one picture, `(C, H, W)` or `(1, C, H, W)`; the result is `(H, W)`, the absolute gradient, of several
    colours the largest. (Simonyan et al. 2014.)
    """
    x = _one(x).detach().clone().requires_grad_()
    with torch.enable_grad(), evaluating(model):
        (gradient,) = torch.autograd.grad(model(x)[0, label], x)
    return gradient[0].abs().amax(dim=0)


def occlusion(model: nn.Module, x: Tensor, label: int, *, patch: int = 5, stride: int = 2, fill: float = 0.0) -> Tensor:
    """Cover one square of the picture after the other and note how far the probability of class `label` drops.

    `x` is one picture, `(C, H, W)` or `(1, C, H, W)`, `fill` the value that covers (in the numbers the net sees). The
    result `(H, W)` is the mean drop over all squares that cover a pixel, -1..1; below 0 the answer got surer without
    it. A last square may stick out over the edge. ValueError for a stride that leaves gaps. (Zeiler & Fergus 2014.)
    """
    x = _one(x)
    if not 1 <= stride <= patch <= min(x.shape[2:]):
        raise ValueError(f"The stride must be 1 to {patch} (the patch), and the patch must fit into the picture.")
    covers = _squares(x.shape[2], x.shape[3], patch, stride)
    with torch.no_grad(), evaluating(model):
        whole = functional.softmax(model(x), dim=1)[0, label]
        drops = torch.cat(
            [
                whole - functional.softmax(model(x.masked_fill(some, fill)), dim=1)[:, label]
                for some in torch.split(covers, _CHUNK)
            ]
        )
    weights = covers.to(drops.dtype)
    return (drops[:, None, None, None] * weights).sum(dim=0)[0] / weights.sum(dim=0)[0]


def _squares(height: int, width: int, patch: int, stride: int) -> Tensor:
    """Masks `(squares, 1, H, W)`, True where a square covers, row by row from the top left corner."""

    def sides(length: int) -> Tensor:
        starts = torch.arange(ceil((length - patch) / stride) + 1)[:, None] * stride
        places = torch.arange(length)
        return (starts <= places) & (places < starts + patch)

    rows, columns = sides(height), sides(width)
    return (rows[:, None, :, None] & columns[None, :, None, :]).reshape(-1, 1, height, width)


def _one(x: Tensor) -> Tensor:
    x = x[None] if x.dim() == 3 else x
    if len(x) != 1:
        raise ValueError(f"Attribution looks at one picture at a time, not {len(x)}.")
    return x
