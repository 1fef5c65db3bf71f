"""What the runs of an experiment bring to its verdict, panel by panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from lib.telling import Told, told


@dataclass(frozen=True, slots=True)
class Entry:
    """What one run brings to a contest. Accuracies are 0..1; None where the run did not come to its end."""

    panel: str
    test_accuracy: float | None
    train_accuracy: float | None
    seconds: float
    steps: int
    parameters: int
    multiply_adds: int  # of one picture, forward
    validation: tuple[tuple[float, float], ...] = ()  # (epochs since the start, accuracy)
    pictures: int = 0  # trained on
    diverged: bool = False  # which is why there is no test accuracy; else it was stopped, broke off, or lost its net


@dataclass(frozen=True, slots=True)
class Group:
    """All seeds of one panel."""

    panel: str
    entries: tuple[Entry, ...]

    @property
    def scores(self) -> list[float]:
        """Test accuracies of the seeds that came to their end."""
        return [entry.test_accuracy for entry in self.entries if entry.test_accuracy is not None]

    @property
    def is_lost(self) -> bool:
        """Whether half of the seeds or more came to no result."""
        return 2 * len(self.scores) <= len(self.entries)

    @property
    def has_diverged(self) -> bool:
        """Whether it is lost because losses stopped being numbers, and for no other reason."""
        return self.is_lost and all(entry.diverged for entry in self.entries if entry.test_accuracy is None)

    @property
    def middle(self) -> float:
        """The mean test accuracy."""
        return mean(self.scores)

    @property
    def own(self) -> float | None:
        """The mean accuracy on its own training pictures."""
        known = [entry.train_accuracy for entry in self.entries if entry.train_accuracy is not None]
        return mean(known) if known else None

    @property
    def name(self) -> Told:
        """The panel, for a sentence."""
        return told("told.panel", name=self.panel)

    def said(self) -> Told:
        """ "93.1 % ± 0.6"; one seed has no spread."""
        score = told("verdict.score", share=self.middle)
        if len(self.scores) > 1:
            score = told("verdict.score_spread", share=self.middle, spread=stdev(self.scores) * 100)
        diverged = sum(entry.diverged for entry in self.entries)
        other, of = len(self.entries) - len(self.scores) - diverged, len(self.entries)
        if diverged:
            score = told("verdict.score_diverged", score=score, diverged=diverged, all=of)
        return told("verdict.score_lost", score=score, lost=other, all=of) if other else score


def grouped(entries: Sequence[Entry]) -> list[Group]:
    """The runs by panel, in the order in which the panels come."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.panel, []).append(entry)
    return [Group(panel, tuple(group)) for panel, group in found.items()]
