"""The closed set of questions that a lesson can ask of a real run: "did the loss bounce?"

Each is a pure function of `Facts`; a lesson's file names it, with its numbers where it has some.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lib.lessons.facts import Facts

Earlier = Mapping[str, Facts]  # the runs of earlier steps, by the steps' ids

_BOUNCE = 0.15  # of the guessing loss: what all rises between epochs come to, for a loss that bounces
_CRAWL = 0.9  # of the first loss: what is left of one that crawls
_TAPER = 2.0  # how much more of the fall lies in the first half of the epochs
_GAP = 0.1  # of the guessing loss: how much validation must fall behind training


class Found(NamedTuple):
    """The answer, and the numbers that it rests on; their names may stand in the lesson's texts, `{accuracy}`."""

    holds: bool
    numbers: dict[str, float]


class Condition(BaseModel):
    """One question; `ask` gives None while it cannot be answered yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    numbers: ClassVar[tuple[str, ...]] = ("accuracy",)  # what may be quoted
    at_once: ClassVar[bool] = False  # can be answered before the run has ended

    def ask(self, run: Facts, earlier: Earlier) -> Found | None:  # noqa: ARG002  (for those that compare)
        """Answer from the run's numbers; None while it goes on, or an earlier one is missing."""
        return self._ask(run) if run.accuracies and (run.ended or self.at_once) else None

    def _ask(self, run: Facts) -> Found | None:
        raise NotImplementedError


def _rises(run: Facts) -> list[float]:
    return [after - before for before, after in pairwise(run.losses) if after > before]


def _bounced(run: Facts) -> bool:
    return run.diverged or sum(_rises(run)) > _BOUNCE * run.guessing_loss


class AccuracyAtLeast(Condition):
    """The last validation accuracy reaches `share`."""

    name: Literal["accuracy_at_least"]
    share: Annotated[float, Field(gt=0.0, le=1.0)]

    def _ask(self, run: Facts) -> Found:
        return Found(run.accuracies[-1] >= self.share and not run.diverged, {"accuracy": run.accuracies[-1]})


class BeatsGuessing(Condition):
    """The last validation accuracy is at least `times` that of guessing."""

    name: Literal["beats_guessing"]
    times: Annotated[float, Field(ge=1.0)] = 2.0

    def _ask(self, run: Facts) -> Found:
        last = run.accuracies[-1]
        return Found(last * run.classes >= self.times and not run.diverged, {"accuracy": last})


class LossBounced(Condition):
    """The loss went up again and again between epochs, or stopped being a number."""

    name: Literal["loss_bounced"]
    numbers: ClassVar[tuple[str, ...]] = ("accuracy", "rises", "lowest_loss", "last_loss")

    def _ask(self, run: Facts) -> Found:
        rises = _rises(run)
        said = {"rises": float(len(rises)), "lowest_loss": min(run.losses), "last_loss": run.losses[-1]}
        return Found(_bounced(run), said | {"accuracy": run.accuracies[-1]})


class LossCrawled(Condition):
    """After the whole run the loss is almost where it began."""

    name: Literal["loss_crawled"]
    numbers: ClassVar[tuple[str, ...]] = ("accuracy", "first_loss", "last_loss")

    def _ask(self, run: Facts) -> Found:
        first, last = run.losses[0], run.losses[-1]
        said = {"first_loss": first, "last_loss": last, "accuracy": run.accuracies[-1]}
        return Found(_CRAWL * first < last <= first and not run.diverged, said)


class CurveTapers(Condition):
    """The loss fell steadily, and most of it early: the second half of the epochs brought much less than the first."""

    name: Literal["curve_tapers"]
    numbers: ClassVar[tuple[str, ...]] = ("accuracy", "early_fall", "late_fall")

    def _ask(self, run: Facts) -> Found | None:
        if len(run.losses) < 3:
            return None
        first, middle, last = run.losses[0], run.losses[len(run.losses) // 2], run.losses[-1]
        early, late = first - middle, middle - last
        said = {"early_fall": early, "late_fall": late, "accuracy": run.accuracies[-1]}
        return Found(early > 0 and early > _TAPER * late and not _bounced(run), said)


class GapGrew(Condition):
    """On validation pictures the loss fell behind that on training pictures."""

    name: Literal["gap_grew"]
    numbers: ClassVar[tuple[str, ...]] = ("accuracy", "train_loss", "last_loss", "lowest_loss")

    def _ask(self, run: Facts) -> Found | None:
        if len(run.train_losses) < 2:
            return None
        first, last = (run.losses[at] - run.train_losses[at] for at in (1 - len(run.losses), -1))
        said = {"train_loss": run.train_losses[-1], "last_loss": run.losses[-1], "lowest_loss": min(run.losses)}
        return Found(last - max(first, 0.0) > _GAP * run.guessing_loss, said | {"accuracy": run.accuracies[-1]})


class StepsTaken(Condition):
    """At least `count` iterations were done; also true of a run that goes on or rests."""

    name: Literal["steps_taken"]
    count: Annotated[int, Field(ge=1)] = 1
    numbers: ClassVar[tuple[str, ...]] = ("steps",)
    at_once: ClassVar[bool] = True

    def _ask(self, run: Facts) -> Found:
        return Found(run.steps >= self.count, {"steps": float(run.steps)})


class _BesideAnother(Condition):
    step: str  # the earlier step whose run this one is held against
    numbers: ClassVar[tuple[str, ...]] = ("accuracy", "other_accuracy")

    def ask(self, run: Facts, earlier: Earlier) -> Found | None:
        """Answer from both runs' numbers; None while one of them goes on or is missing."""
        other = earlier.get(self.step)
        both_ended = run.ended and other is not None and other.ended
        return self._compare(run, other) if other and both_ended and run.accuracies and other.accuracies else None

    def _compare(self, run: Facts, other: Facts) -> Found:
        raise NotImplementedError


class SlowerThan(_BesideAnother):
    """A thousand training pictures took at least `times` as long as in another step's run."""

    name: Literal["slower_than"]
    times: Annotated[float, Field(ge=1.0)] = 1.2
    numbers: ClassVar[tuple[str, ...]] = ("accuracy", "other_accuracy", "times")

    def _compare(self, run: Facts, other: Facts) -> Found:
        times = run.seconds_per_thousand / max(other.seconds_per_thousand, 1e-9)
        said = {"times": times, "accuracy": run.accuracies[-1], "other_accuracy": other.accuracies[-1]}
        return Found(times >= self.times, said)


class _AccuracyBesideAnother(_BesideAnother):
    def _compare(self, run: Facts, other: Facts) -> Found:
        mine, others = run.accuracies[-1], other.accuracies[-1]
        return Found(self._holds(mine - others), {"accuracy": mine, "other_accuracy": others})

    def _holds(self, ahead: float) -> bool:
        raise NotImplementedError


class MoreAccurateThan(_AccuracyBesideAnother):
    """The last validation accuracy is above another step's by more than `by`."""

    name: Literal["more_accurate_than"]
    by: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.01

    def _holds(self, ahead: float) -> bool:
        return ahead > self.by


class LessAccurateThan(_AccuracyBesideAnother):
    """The last validation accuracy is below another step's by more than `by`."""

    name: Literal["less_accurate_than"]
    by: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.01

    def _holds(self, ahead: float) -> bool:
        return -ahead > self.by


class AsAccurateAs(_AccuracyBesideAnother):
    """The last validation accuracy is within `within` of another step's."""

    name: Literal["as_accurate_as"]
    within: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.01

    def _holds(self, ahead: float) -> bool:
        return abs(ahead) <= self.within


def _named(value: Any) -> Any:
    """A name alone stands for the condition with its usual numbers."""
    return {"name": value} if isinstance(value, str) else value


AnyCondition = Annotated[
    Annotated[
        AccuracyAtLeast
        | BeatsGuessing
        | LossBounced
        | LossCrawled
        | CurveTapers
        | GapGrew
        | StepsTaken
        | SlowerThan
        | MoreAccurateThan
        | LessAccurateThan
        | AsAccurateAs,
        Field(discriminator="name"),
    ],
    BeforeValidator(_named),
]
