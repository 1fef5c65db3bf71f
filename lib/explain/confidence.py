"""How sure a net is and how right that is: entropy, margin, temperature scaling, reliability, and what doubt costs."""

from collections.abc import Generator
from dataclasses import dataclass
from math import exp, log

import torch
from torch import Tensor, nn
from torch.nn import functional

from lib.datasets import Split, spread
from lib.models.modes import evaluating

_CHUNK = 250
_LEAST, _MOST = 0.05, 20.0  # temperatures; beyond these a net's sureness says nothing at all


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a net said to N labelled pictures."""

    logits: Tensor  # (N, classes), float64
    labels: Tensor  # (N,)

    def probabilities(self, temperature: float = 1.0) -> Tensor:
        """Probabilities `(N, classes)` after temperature scaling."""
        return soften(self.logits, temperature)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Answers sorted into bins by how sure they are; bins without answers have a confidence and an accuracy of NaN."""

    counts: Tensor  # (bins,)
    confidence: Tensor  # (bins,) mean probability of the answers in a bin
    accuracy: Tensor  # (bins,) share of them that is right

    @property
    def ece(self) -> float:
        """Expected calibration error: the mean gap between confidence and accuracy, each bin by its answers."""
        gaps = (self.confidence - self.accuracy).abs().nan_to_num()
        return float((gaps * self.counts).sum() / self.counts.sum())

    @property
    def surplus(self) -> float:
        """The mean confidence less the accuracy: above 0 the net is surer than it is right."""
        gaps = (self.confidence - self.accuracy).nan_to_num()
        return float((gaps * self.counts).sum() / self.counts.sum())


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left when a net may say "none of these"."""

    coverage: float  # share of the pictures that still get an answer
    accuracy: float | None  # share of those that is right; None where none is left


def collect(model: nn.Module, split: Split, pictures: int | None = None) -> Generator[float, None, Outputs]:
    """Send `pictures` of `split`, spread evenly over it (None: all), through `model`.

    Yields the share of the work that is done, 0..1; closing it is a clean stop.
    """
    index = spread(len(split), pictures)
    total = len(index)
    logits, labels = [], []
    for start in range(0, total, _CHUNK):
        x, y = split.batch(index[start : start + _CHUNK])
        logits.append(logits_of(model, x))
        labels.append(y)
        yield min(start + _CHUNK, total) / total
    return Outputs(torch.cat(logits), torch.cat(labels))


def logits_of(model: nn.Module, x: Tensor) -> Tensor:
    """The scores `(N, classes)`, float64, of pictures `x` `(N, C, H, W)`."""
    with torch.no_grad(), evaluating(model):
        scores: list[Tensor] = [model(part) for part in torch.split(x, _CHUNK)]
        return torch.cat(scores).double()


def soften(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Softmax of `logits / temperature`: above 1 less sure, below 1 surer; the order of the classes stays."""
    return functional.softmax(logits / temperature, dim=-1)


def entropy(probabilities: Tensor) -> Tensor:
    """Entropy in bits along the last dimension: 0 for certainty, log2(classes) for no idea at all."""
    bits: Tensor = torch.special.entr(probabilities).sum(dim=-1) / log(2)
    return bits


def margin(probabilities: Tensor) -> Tensor:
    """The distance, 0..1, between the most likely class and the next one."""
    first, second = probabilities.topk(2, dim=-1).values.unbind(dim=-1)
    return first - second


def fit_temperature(outputs: Outputs) -> float | None:
    """The temperature, 0.05 to 20, under which these pictures' labels are most likely. (Guo et al. 2017.)

    Fit it on validation pictures: on training pictures every net looks surer than it may be. None where every answer
    is right: then each smaller temperature is likelier still, and nothing says how sure the net may be.
    """
    if outputs.logits.argmax(dim=1).equal(outputs.labels):
        return None
    from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]  # with scikit-learn; slow to import

    def loss(log_temperature: float) -> float:
        return float(functional.cross_entropy(outputs.logits / exp(log_temperature), outputs.labels))

    found = minimize_scalar(loss, bounds=(log(_LEAST), log(_MOST)), method="bounded", options={"xatol": 1e-6})
    return exp(found.x)


def reliability(probabilities: Tensor, labels: Tensor, bins: int = 10) -> Reliability:
    """Sort answers into equally wide bins by their probability; a bin has its upper edge. (Guo et al. 2017.)"""
    sure, answers = probabilities.double().max(dim=1)
    edges = torch.linspace(0, 1, bins + 1, dtype=torch.float64)[1:-1]
    place = torch.bucketize(sure, edges)
    counts = torch.bincount(place, minlength=bins)
    right = (answers == labels).double()
    sums = torch.zeros(2, bins, dtype=torch.float64)
    sums[0].index_add_(0, place, sure)
    sums[1].index_add_(0, place, right)
    return Reliability(counts, sums[0] / counts, sums[1] / counts)


def keep_at(probabilities: Tensor, labels: Tensor, threshold: float) -> Kept:
    """Answer only where the best class has at least `threshold`."""
    sure, answers = probabilities.max(dim=1)
    kept = sure >= threshold
    if not kept.any():
        return Kept(0.0, None)
    return Kept(float(kept.double().mean()), float((answers == labels)[kept].double().mean()))


def coverage_curve(probabilities: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Coverage and accuracy, `(M,)` each, for every threshold that makes a difference, the highest first."""
    sure, order = probabilities.max(dim=1).values.sort(descending=True, stable=True)
    right = (probabilities.argmax(dim=1) == labels)[order].double()
    answered = torch.arange(1, len(sure) + 1, dtype=torch.float64)
    last_of_equals = torch.cat([sure[1:] != sure[:-1], torch.ones(1, dtype=torch.bool)])
    return (answered / len(sure))[last_of_equals], (right.cumsum(0) / answered)[last_of_equals]
