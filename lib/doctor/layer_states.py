"""Look at what every hidden layer of a net does with pictures it was not trained on."""

from collections.abc import Generator

import torch
from torch import Tensor, nn

from lib.activations import ACTIVATIONS
from lib.config import Activation, Loss
from lib.datasets import Split, spread
from lib.doctor.measurements import LayerState, LayerWeights, Looked
from lib.explain.activations import hooked
from lib.explain.backwards import backward, gradient_sizes
from lib.models.build import Convolution, FullyConnected
from lib.models.modes import evaluating
from lib.training.losses import loss_of

_CHUNK = 100
_BINS = 10
_FLAT = 0.1  # of the largest slope


def look(
    model: nn.Sequential,
    split: Split,
    classes: int,
    pictures: int,
    *,
    loss: Loss = "cross-entropy",
    start: nn.Sequential | None = None,
) -> Generator[float, None, Looked]:
    """Send `pictures` of `split`, spread evenly over it, through `model` and sum up what its layers answer.

    loss: what training made small; start: the net before its first step, to compare the weights with.
    Yields the share of the work that is done, 0..1; closing it is a clean stop.
    """
    watched = _watched(model)
    sums = {name: _Sum(activation) for name, activation in watched.items()}
    hits = torch.zeros(2, classes, dtype=torch.int64)  # pictures and right answers of each class
    places = spread(len(split), pictures)
    brightest = float(split.pixels(places).max())
    inputs = torch.zeros(_BINS, dtype=torch.float64)
    done = 0
    for part in torch.split(places, _CHUNK):
        x, labels = split.batch(part)
        with (
            torch.no_grad(),
            evaluating(model),
            hooked(model, watched, lambda name, output: sums[name].add(output)),
        ):
            right = model(x).argmax(dim=1) == labels
        # On the pixels as they are stored: scaled ones may be rounded beyond the last bin.
        inputs += torch.histc(split.pixels(part).float(), _BINS, 0.0, max(brightest, 1.0)).double()
        hits += torch.stack([torch.bincount(labels[some], minlength=classes) for some in (labels >= 0, right)])
        done += len(part)
        yield done / len(places)
    there, found = hits.tolist()
    return Looked(
        pictures=len(places),
        highest=brightest * split.scale,
        inputs=tuple(int(count) for count in inputs),
        layers=tuple(sums[name].state(name) for name in watched),
        recalls=tuple(hit / count if count else None for count, hit in zip(there, found, strict=True)),
        weights=_weights(model, split.batch(places[:_CHUNK]), loss, start),
    )


def _weights(
    model: nn.Sequential, batch: tuple[Tensor, Tensor], loss: Loss, start: nn.Sequential | None
) -> tuple[LayerWeights, ...]:
    x, labels = batch
    sizes = gradient_sizes(backward(model, x, lambda logits: loss_of(logits, labels, loss)).gradients)
    pulls = {size.layer: size.mean_absolute for size in reversed(sizes) if size.kind == "weight"}
    scaling = {name for name, module in model.named_children() if isinstance(module, nn.modules.batchnorm._BatchNorm)}
    return tuple(
        LayerWeights(name, pull, _root_mean_square(model, name), _root_mean_square(start, name) if start else None)
        for name, pull in pulls.items()
        if name not in scaling
    )


def _root_mean_square(model: nn.Sequential, layer: str) -> float:
    return float(model.get_parameter(f"{layer}.weight").detach().square().mean().sqrt())


class _Sum:
    """What one layer has answered so far."""

    def __init__(self, activation: Activation) -> None:
        self.activation = activation
        self.silent: Tensor | None = None  # (units,), whether each was so far
        self.flat, self.answers = 0, 0

    def add(self, output: Tensor) -> None:
        """Take in the answers `(N, units)` or `(N, filters, H, W)` to some pictures."""
        where = ACTIVATIONS[self.activation].flat
        assert where is not None
        units = output.transpose(0, 1).flatten(1)
        silent = where.silent(units).all(dim=1) if where.silent else torch.zeros(len(units), dtype=torch.bool)
        self.silent = silent if self.silent is None else self.silent & silent
        if where.slope:
            self.flat += int((where.slope(output) < _FLAT).sum())
        self.answers += output.numel()

    def state(self, name: str) -> LayerState:
        """Sum it up."""
        assert self.silent is not None
        silent = float(self.silent.double().mean())
        return LayerState(name, self.activation, len(self.silent), silent, self.flat / self.answers)


def _watched(model: nn.Sequential) -> dict[str, Activation]:
    """The hidden layers whose activation can go flat, first to last."""
    found = {}
    for name, module in list(model.named_children())[:-1]:
        if isinstance(module, Convolution | FullyConnected) and ACTIVATIONS[module.activation].flat:
            found[name] = module.activation
    return found
