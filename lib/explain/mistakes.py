"""What a net gets wrong: which class it takes for which, how surely, and since when it knew better."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lib.datasets import Split, spread
from lib.explain.confidence import collect, logits_of, soften


@dataclass(frozen=True, slots=True)
class Answered:
    """What a net answers to N pictures of a split."""

    places: Tensor  # (N,) where each picture stands in its split
    labels: Tensor  # (N,)
    probabilities: Tensor  # (N, classes), float64; no numbers where the net gave no answer

    @property
    def answers(self) -> Tensor:
        """The class of each answer, `(N,)`; -1 where there is none, which is right for no picture."""
        there = self.probabilities.isfinite().all(dim=1)
        return self.probabilities.argmax(dim=1).where(there, -1)

    def counts(self) -> Tensor:
        """The confusion matrix `(classes, classes)` of the pictures with an answer: rows = truth, columns = answer."""
        classes, answers = self.probabilities.shape[1], self.answers
        cells = (self.labels * classes + answers)[answers >= 0]
        return torch.bincount(cells, minlength=classes**2).reshape(classes, classes)

    def cell(self, truth: int, answer: int) -> list[int]:
        """Which of the N pictures stand in one cell of the matrix, the surest answer first."""
        return self._surest((self.labels == truth) & (self.answers == answer))

    def mistakes(self) -> list[int]:
        """Which of the N pictures are answered wrongly, the surest answer first."""
        return self._surest(self.labels != self.answers)

    def _surest(self, those: Tensor) -> list[int]:
        there = those.nonzero().flatten()
        order = self.probabilities[there].amax(dim=1).argsort(descending=True, stable=True)
        return [int(place) for place in there[order]]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class is told from the others; None where nothing can be divided by."""

    precision: float | None  # of the pictures that got this answer, the share that is right
    recall: float | None  # of the pictures of this class, the share that is found
    f1: float | None  # the harmonic mean of the two
    pictures: int


@dataclass(frozen=True, slots=True)
class Learned:
    """Since when a net answers a picture rightly. Steps are optimizer updates."""

    since: int | None  # the first moment from which it stays right; None if the last answer is wrong
    last_right: int | None  # the last moment with a right answer; None if there was none


def answer_split(model: nn.Module, split: Split, pictures: int | None = None) -> Generator[float, None, Answered]:
    """Send `pictures` of `split`, spread evenly over it (None: all), through `model`.

    Yields the share of the work that is done, 0..1; closing it is a clean stop.
    """
    outputs = yield from collect(model, split, pictures)
    return Answered(spread(len(split), pictures), outputs.labels, outputs.probabilities())


def answer_now(model: nn.Module, split: Split, places: Tensor) -> Answered:
    """What `model` answers to the pictures at `places` `(N,)` of `split`."""
    x, labels = split.batch(places)
    return Answered(places, labels, soften(logits_of(model, x)))


def class_scores(counts: Tensor) -> list[ClassScore]:
    """Precision, recall and F1 of each class of a confusion matrix `(classes, classes)`, rows = truth."""
    right, truth, answered = (values.tolist() for values in (counts.diagonal(), counts.sum(dim=1), counts.sum(dim=0)))
    return [
        ClassScore(
            precision=hits / said if said else None,
            recall=hits / there if there else None,
            f1=2 * hits / (there + said) if there + said else None,
            pictures=there,
        )
        for hits, there, said in zip(right, truth, answered, strict=True)
    ]


def largest_confusion(counts: Tensor) -> tuple[int, int] | None:
    """The pair (truth, answer) that is confused most often; None if all answers are right."""
    wrong = counts.clone().fill_diagonal_(0)
    if not bool(wrong.any()):
        return None
    place = int(wrong.argmax())
    return place // len(counts), place % len(counts)


def learned(steps: Sequence[int], right: Tensor) -> list[Learned]:
    """Say for each picture since when it is answered rightly.

    steps: T moments, in order; right: `(T, N)`, True where the answer of a moment to a picture is right.
    """
    found = []
    for story in right.T.tolist():
        since = last_right = None
        for step, hit in zip(steps, story, strict=True):
            if not hit:
                since = None
                continue
            last_right = step
            since = step if since is None else since
        found.append(Learned(since, last_right))
    return found
