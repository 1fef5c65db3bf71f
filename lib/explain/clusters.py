"""Rows of numbers sorted without a teacher: k-means, and how its groups meet labels that it never saw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Clustering:
    """N rows in k groups, beside labels that the grouping never saw."""

    groups: NDArray[np.int64]  # (N,), 0..k-1, the largest group first
    counts: NDArray[np.int64]  # (k, classes): how many of each class are in a group

    @property
    def names(self) -> list[int]:
        """The class that each group has most of."""
        return [int(place) for place in self.counts.argmax(axis=1)]

    @property
    def purity(self) -> float:
        """The share of rows that are right when every group is named after the class it has most of."""
        return float(self.counts.max(axis=1).sum() / self.counts.sum())


def cluster(rows: Rows, labels: Tensor, groups: int, classes: int, seed: int = 0) -> Clustering:
    """Sort rows `(N, D)` into `groups` by k-means, without a look at `labels`, and count those afterwards.

    ValueError for more groups than rows, or for rows that are no numbers. Equal rows and seeds give equal groups.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    if not np.isfinite(rows).all():
        raise ValueError("Only numbers can be sorted: this net's are infinite or no numbers at all.")
    if not 1 <= groups <= len(rows):
        raise ValueError(f"{len(rows):,} pictures cannot be sorted into {groups:,} groups.")
    with threadpool_limits(1, user_api="openmp"):  # on a machine that also trains, several wait for each other
        found = KMeans(groups, n_init=4, random_state=seed).fit_predict(rows)
    order = np.argsort(-np.bincount(found, minlength=groups), kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(groups)
    named = place[found]
    counts = np.zeros((groups, classes), dtype=np.int64)
    np.add.at(counts, (named, labels.numpy()), 1)
    return Clustering(named.astype(np.int64), counts)
