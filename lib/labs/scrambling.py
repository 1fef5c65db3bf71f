"""Do explanations lie? Scramble a net layer by layer: one that shows the same picture all along explains nothing."""

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.explain.attribution import grad_cam, occlusion, saliency
from lib.explain.surgery import convolutions

METHODS = ("grad_cam", "saliency", "occlusion", "edges")


def scrambled(model: nn.Sequential, layers: int, seed: int = 0) -> nn.Sequential:
    """A copy in which the numbers of the last `layers` layers that learn were shuffled, each layer's among themselves.

    So they keep their sizes and lose what they mean (Adebayo et al. 2018, there from the output back too).
    """
    copy = deepcopy(model)
    generator = torch.Generator().manual_seed(seed)
    for name in list(reversed(learning_layers(copy)))[:layers]:
        for parameter in copy.get_submodule(name).parameters():
            with torch.no_grad():
                order = torch.randperm(parameter.numel(), generator=generator)
                parameter.copy_(parameter.flatten()[order].view_as(parameter))
    return copy


def learning_layers(model: nn.Sequential) -> list[str]:
    """The names of the layers that have parameters, first to last."""
    return [name for name, module in model.named_children() if any(True for _ in module.parameters())]


def explanations(model: nn.Sequential, x: Tensor, label: int, patch: int = 4) -> dict[str, Tensor]:
    """Maps `(H, W)` of what speaks for the class by each method; "edges" never asks the net, for comparison."""
    found = {"saliency": saliency(model, x, label), "occlusion": occlusion(model, x, label, patch=patch)}
    found["edges"] = edges(x[0])
    if layers := convolutions(model):
        cam = grad_cam(model, x, layers[-1], label)
        found["grad_cam"] = functional.interpolate(cam[None, None], size=x.shape[2:], mode="bilinear")[0, 0]
    return {name: found[name] for name in METHODS if name in found}


def edges(picture: Tensor) -> Tensor:
    """How strongly the brightness of `(C, H, W)` changes at each pixel (Sobel)."""
    grey = picture.mean(dim=0, keepdim=True)[None]
    across = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    both = torch.stack([across, across.T])[:, None]
    slopes = functional.conv2d(functional.pad(grey, (1, 1, 1, 1), mode="replicate"), both)
    return slopes.square().sum(dim=1).sqrt()[0]


def agreement(first: Tensor, second: Tensor) -> float:
    """Spearman's rank correlation of two maps: 1 where they rank all pixels alike, about 0 where by chance.

    0 where one of them is the same everywhere.
    """
    ranks = [_ranks(each.flatten().double()) for each in (first, second)]
    centred = [each - each.mean() for each in ranks]
    size = float((centred[0].square().sum() * centred[1].square().sum()).sqrt())
    return float((centred[0] * centred[1]).sum()) / size if size else 0.0


def _ranks(values: Tensor) -> Tensor:
    """Ranks from 0, equal values share their mean."""
    _, inverse, counts = torch.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum(0).double()
    ranks: Tensor = (ends - (counts.double() + 1) / 2)[inverse]
    return ranks
