"""A net's last hidden numbers as points in the plane: principal components and t-SNE.

scikit-learn takes a second to import, so only when somebody asks.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.datasets import Split
from lib.explain.nearest import last_hidden

Points = NDArray[np.float64]  # (N, 2)

_CHUNK = 250
_ROUNDS = 4  # of t-SNE, 250 iterations each: the fewest that scikit-learn takes, and its thousand in all
_PERPLEXITY = 30.0  # about how many neighbours count for a point; scikit-learn's default
_EXAGGERATION = 12.0  # in the first round groups are pulled together this much more; scikit-learn's default


@dataclass(frozen=True, slots=True)
class Projected:
    """N points in the plane; `share` is the part of the variance that the plane holds, where that can be said."""

    points: Points
    share: float | None = None


def hidden_numbers(model: nn.Sequential, split: Split, places: Tensor) -> Generator[float, None, Points]:
    """What arrives at the class layer for the pictures at `places` of `split`: `(N, D)`.

    Yields the share of the work that is done, 0..1.
    """
    before = model[:-1]
    found = []
    for part in torch.split(places, _CHUNK):
        x, _ = split.batch(part)
        found.append(last_hidden(before, x))
        yield min(len(found) * _CHUNK, len(places)) / len(places)
    return torch.cat(found).double().numpy()


def pixels(split: Split, places: Tensor) -> Points:
    """The pictures themselves as rows of numbers, `(N, D)`."""
    return split.batch(places)[0].flatten(1).double().numpy()


def project_pca(values: Points) -> Projected:
    """The plane that keeps most of the variance of `values` `(N, D)`: the first two principal components.

    Rows that are all alike, or have one number only, leave axes without extent; those are 0.
    """
    from sklearn.decomposition import PCA

    _check(values)
    points = np.zeros((len(values), 2))
    if not _differs(values):
        return Projected(points)
    count = min(2, *values.shape)
    fitted = PCA(n_components=count, svd_solver="full")
    points[:, :count] = fitted.fit_transform(values)
    return Projected(points, float(fitted.explained_variance_ratio_.sum()))


def project_tsne(values: Points, seed: int = 0) -> Generator[float, None, Projected]:
    """Lay rows `(N, D)` out so that neighbours stay neighbours. (van der Maaten & Hinton 2008.)

    Yields the share of the work that is done, 0..1, after each round; closing it is a clean stop. Equal rows and seeds
    give equal points on one machine. The rounds are scikit-learn's t-SNE, each beginning where the last one ended, so
    that it can be stopped: what comes out is as good, but not the very same, as of a thousand iterations at once.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    start = project_pca(values)
    if start.share is None or len(values) < 3:
        return Projected(start.points)
    points = start.points / start.points[:, 0].std() * 1e-4  # small, as scikit-learn begins
    rows = (values / values.std()).astype(np.float32)  # squared distances of huge numbers would not fit
    for number in range(_ROUNDS):
        exaggeration = 1.0 if number else _EXAGGERATION
        step = TSNE(
            n_components=2,
            perplexity=min(_PERPLEXITY, (len(values) - 1) / 3),
            early_exaggeration=exaggeration,
            learning_rate=max(len(values) / _EXAGGERATION / 4, 50.0),
            max_iter=250,
            init=points.astype(np.float32),
            random_state=seed,
        )
        # One thread: on a machine that also trains, several wait for each other twenty times as long.
        with threadpool_limits(1, user_api="openmp"):
            points = step.fit_transform(rows)
        yield (number + 1) / _ROUNDS
    return Projected(points.astype(np.float64))


def agreement(values: Points, labels: Tensor, neighbours: int = 5) -> float | None:
    """How often the nearest rows of `values` `(N, D)` have the same label, 0..1; None with too few rows."""
    from sklearn.neighbors import NearestNeighbors

    if len(values) <= neighbours:
        return None
    _check(values)
    near = NearestNeighbors(n_neighbors=neighbours).fit(values).kneighbors(return_distance=False)
    of = labels.numpy()
    return float((of[near] == of[:, None]).mean())


def _check(values: Points) -> None:
    if not np.isfinite(values).all():
        raise ValueError("Only numbers can be laid out: this net's are infinite or no numbers at all.")


def _differs(values: Points) -> bool:
    return bool((values.max(axis=0) > values.min(axis=0)).any())
