"""Look at what every hidden layer of a net does with pictures it was not trained on."""

from collections.abc import Generator

import torch
from torch import Tensor, nn

from lib.config import Activation, Loss
from lib.data import Split
from lib.doctor.measurements import LayerState, LayerWeights, Looked
from lib.explain.activations import hooked
from lib.explain.backwards import backward, gradient_sizes
from lib.explain.mistakes import spread
from lib.models.build import Convolution, FullyConnected
from lib.models.modes import evaluating
from lib.training.losses import loss_of

_CHUNK = 100
_BINS = 10
_FLAT = 0.1  # of the largest slope
# The slope of an activation from its own output, as a share of its largest.
_SLOPES = {"sigmoid": lambda y: 4 * y * (1 - y), "tanh": lambda y: 1 - y.square()}


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
        self.highest: Tensor | None = None  # (units,)
        self.flat, self.answers = 0, 0

    def add(self, output: Tensor) -> None:
        """Take in the answers `(N, units)` or `(N, filters, H, W)` to some pictures."""
        rows = output.flatten(2).amax(dim=2) if output.dim() > 2 else output
        highest = rows.amax(dim=0)
        self.highest = highest if self.highest is None else torch.maximum(self.highest, highest)
        if slope := _SLOPES.get(self.activation):
            self.flat += int((slope(output) < _FLAT).sum())
        self.answers += output.numel()

    def state(self, name: str) -> LayerState:
        """Sum it up."""
        assert self.highest is not None
        silent = float((self.highest <= 0).double().mean()) if self.activation == "relu" else 0.0
        return LayerState(name, self.activation, len(self.highest), silent, self.flat / self.answers)


def _watched(model: nn.Sequential) -> dict[str, Activation]:
    """The hidden layers whose activation can go flat, first to last."""
    found = {}
    for name, module in list(model.named_children())[:-1]:
        if isinstance(module, Convolution | FullyConnected) and module.activation in ("relu", "sigmoid", "tanh"):
            activation: Activation = module.activation
            found[name] = activation
    return found
