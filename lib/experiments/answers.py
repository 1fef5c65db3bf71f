"""Two nets on the same test pictures: who alone is right on how many, and whether chance between pictures does it."""

from typing import NamedTuple

import torch
from torch import Tensor

from lib.experiments import statistics
from lib.explain.mistakes import Answered
from lib.runs import Run
from lib.runs.test_results import tested
from lib.telling import Told, told


class Beside(NamedTuple):
    """How two nets answer the same pictures."""

    pictures: int
    only_first: int  # right with the first net alone, or more often with it
    only_second: int

    @property
    def chance(self) -> float:
        """McNemar's p."""
        return statistics.mcnemar(self.only_first, self.only_second)

    @property
    def is_told(self) -> bool:
        """Whether the two nets differ by more than chance between pictures explains."""
        return self.chance < statistics.ALPHA


def beside(first: Tensor, second: Tensor) -> Beside:
    """Compare two nets by what each has right, bool `(N,)` of the same pictures."""
    return Beside(len(first), int((first & ~second).sum()), int((second & ~first).sum()))


def more_often(first: Tensor, second: Tensor) -> Beside:
    """Compare two nets by how often each is right on every one of the same pictures, `(N,)`."""
    return Beside(len(first), int((first > second).sum()), int((second > first).sum()))


def right_answers(run: Run) -> Tensor | None:
    """Which test pictures a run has right, bool `(N,)`; None where there is no net to ask.

    Raises DatasetUnavailable.
    """
    found = tested(run)
    return None if found is None else found.probabilities.argmax(1).cpu() == run.pictures.test.labels


def answered(run: Run) -> Answered | None:
    """What a run answers to each of its test pictures; None where there is no net to ask. DatasetUnavailable."""
    found = tested(run)
    if found is None:
        return None
    labels = run.pictures.test.labels
    return Answered(torch.arange(len(labels)), labels, found.probabilities.cpu().double())


def same_test(first: Run, second: Run) -> bool:
    """Whether both are tested on the same pictures in the same order."""
    one, other = first.config.data, second.config.data
    return (one.name, one.test_size, one.seed) == (other.name, other.test_size, other.seed)


def said_of(first: Told | str, second: Told | str, found: Beside) -> tuple[Told, ...]:
    """Two nets in one sentence, and that one seed each is behind them."""
    return _said("answers.pictures", first, second, found)


def said_of_places(first: Told | str, second: Told | str, found: Beside) -> tuple[Told, ...]:
    """The same where every picture was shown in many places, and each net is right in some of them."""
    return _said("answers.places", first, second, found)


def _said(counts: str, first: Told | str, second: Told | str, found: Beside) -> tuple[Told, ...]:
    code = "answers.told" if found.is_told else "answers.close"
    names = {"first": first, "second": second, "only_first": found.only_first, "only_second": found.only_second}
    said = told(counts, pictures=found.pictures, **names)
    return told(code, counts=said, chance=found.chance), told("answers.one_seed_each")
