"""The part of the report that looks inside: the first filters, and every layer's maps of one test picture."""

from html import escape

import torch
from torch import Tensor, nn

from lib.explain import record_activations
from lib.export.drawings import DIVERGING, VIRIDIS, gradient, map_image, picture_image, weights_image
from lib.export.weights import NoWeights, trained
from lib.models import describe
from lib.runs import Run
from lib.training import has_numbers

_MOST = 16  # maps or filters of a layer that are drawn


def inside_section(run: Run) -> str:
    """Filters, picture, maps and answer; a sentence where the weights are missing. Raises DatasetUnavailable."""
    try:
        _, net = trained(run)
    except NoWeights as reason:
        return f'<h2>Inside</h2><p class="quiet">{escape(str(reason))}</p>'
    if not has_numbers(net):
        return '<h2>Inside</h2><p class="quiet">The weights of this net are no longer numbers.</p>'
    data = run.pictures
    index = int((data.test.labels == len(data.classes) - 1).nonzero()[0])
    x, _ = data.test.batch(torch.tensor([index]))
    found = record_activations(net, x)
    *hidden, answer = found.items()
    truth = int(data.test.labels[index])
    picture = picture_image(data.test.pixels(slice(index, index + 1))[0])
    seen = f'<img class="seen" src="{picture}" alt="test picture {index:,}">'
    caption = f'<p class="quiet small">test picture {index:,}: {escape(data.classes[truth])}</p>'
    bars = _bars(data.classes, answer[1].softmax(0), truth)
    maps = "".join(_maps(name, values) for name, values in hidden if values.dim() == 3)
    return "".join(
        [
            "<h2>Inside</h2>",
            _filters(net),
            f'<h3>One test picture</h3><div class="answer"><div>{seen}{caption}</div><div>{bars}</div></div>',
            f"<p>{_scale(VIRIDIS, 'lowest', 'highest')}each map from its own lowest to its own highest value.</p>"
            if maps
            else "",
            maps,
        ]
    )


def _filters(net: nn.Sequential) -> str:
    first = next(((name, each) for name, each in net.named_children() if isinstance(each, nn.Conv2d)), None)
    if first is None:
        return ""
    name, layer = first
    weights = layer.weight.detach().mean(1)  # of the colours, where there are several
    limit = float(weights.abs().max())
    shown = weights[:_MOST]
    images = "".join(_image(weights_image(each, limit), f"filter {n + 1}") for n, each in enumerate(shown))
    side = f"{layer.kernel_size[0]}×{layer.kernel_size[1]}"
    colours = "" if layer.weight.shape[1] == 1 else ", the mean over the colours"
    return (
        f"<h3>{name}: {_some(len(shown), len(weights))} filters {side}{colours}</h3>"
        f'<div class="maps">{images}</div><p>{_scale(DIVERGING, f"{-limit:.2f}", f"{limit:.2f}")}weights</p>'
    )


def _maps(name: str, values: Tensor) -> str:
    shown = values[:_MOST]
    images = "".join(_image(map_image(each), f"{name}, map {n + 1}") for n, each in enumerate(shown))
    return (
        f'<h3>{name} <span class="quiet">{_some(len(shown), len(values))} maps, '
        f'{describe(tuple(values.shape))}</span></h3><div class="maps">{images}</div>'
    )


def _bars(classes: tuple[str, ...], shares: Tensor, truth: int) -> str:
    rows = [
        f'<div class="bar{" truth" if index == truth else ""}"><span>{escape(name)}</span>'
        f'<i><b style="width: {share * 100:.1f}%"></b></i><em>{share * 100:.1f} %</em></div>'
        for index, (name, share) in enumerate(zip(classes, shares.tolist(), strict=True))
    ]
    return "".join(rows)


def _some(shown: int, there: int) -> str:
    return f"{there}" if shown == there else f"{shown} of {there}"


def _image(address: str, said: str) -> str:
    return f'<img src="{address}" alt="{escape(said)}">'


def _scale(colours: tuple[tuple[int, int, int], ...], low: str, high: str) -> str:
    bar = f'<span class="scale" style="background: {gradient(colours)}"></span>'
    return f'<span class="quiet small">{low}{bar}{high}</span> '
