"""What a run measured, as plain data, and what can be read from its curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from lib.datasets.catalogue import info
from lib.experiments.records import Result
from lib.nets.net import Net
from lib.runs import Run
from lib.runs.log import Point, RunLog
from lib.runs.test_results import tested
from lib.training import guessing_loss

PARTS = 20  # stretches that a curve is looked at in
LEAST_POINTS = 5  # fewer say nothing about ups and downs
_ENOUGH_POINTS = 10  # with fewer published, the means of whole epochs may say more: on fast machines runs are short


@dataclass(frozen=True, slots=True)
class Curve:
    """The training loss of one run on its way, and what it is to be compared with."""

    name: str
    rate: float  # learning rate
    start: float  # loss before the first step
    guess: float  # loss of guessing
    points: tuple[tuple[float, float], ...]  # (epochs since the start, mean loss since the point before), inf allowed
    diverged: bool = False  # the run ended because the loss was no number any more

    @property
    def peak(self) -> float:
        """The highest point."""
        return inf if self.diverged else max((loss for _, loss in self.points), default=self.start)

    @property
    def end(self) -> float:
        """The mean over the last fifth of the way; inf if it diverged."""
        return inf if self.diverged else self.mean(0.8, 1.0)

    def mean(self, first: float, last: float) -> float:
        """The mean loss between two shares of the way; of the nearest point if there is none between them."""
        if not self.points:
            return self.start
        length = self.points[-1][0]
        inside = [loss for at, loss in self.points if first * length < at <= last * length]
        if not inside:
            middle = (first + last) / 2 * length
            inside = [min(self.points, key=lambda point: abs(point[0] - middle))[1]]
        return sum(inside) / len(inside)

    def rises(self) -> float:
        """How far the loss went up in the second half, all rises between twentieths of the way added."""
        means = [self.mean(part / PARTS, (part + 1) / PARTS) for part in range(PARTS // 2, PARTS)]
        return sum(max(after - before, 0.0) for before, after in pairwise(means))


def curve_of(name: str, run: Net) -> Curve:
    """The curve of a run that has ended."""
    guess = guessing_loss(len(info(run.config.data.name).classes), run.config.train.loss)
    points = [(at or 0.0, loss) for at, loss, _ in run.log.points]
    epochs = [(float(epoch["epoch"]), epoch["train_loss"]) for epoch in run.log.epochs if epoch["epoch"]]
    if len(points) < min(_ENOUGH_POINTS, len(epochs)):
        points = epochs
    first = next((epoch["valid_loss"] for epoch in run.log.epochs if epoch["epoch"] == 0), None)
    return Curve(
        name,
        run.config.train.learning_rate,
        first if first is not None else guess,
        guess,
        tuple((at, inf if loss is None else loss) for at, loss in points),
        run.has_diverged,
    )


def result_of(run: Run) -> Result:
    """What a run that has ended came to. One that ended in an earlier process is tested again."""
    status, last = run.status(), _last_whole(run.log)
    score = run.test_numbers if run.state == "finished" else None
    if score is None and run.state == "finished" and (found := tested(run)):  # of a version that did not keep it
        score = {"loss": found.loss, "accuracy": found.accuracy}
    seen: dict[str, float | None] = {
        name: last.get(name) for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy")
    }
    if score is not None:
        seen |= {"test_loss": score["loss"], "test_accuracy": score["accuracy"]}
    position = max([last.get("epoch") or 0.0, *(point[0] or 0.0 for point in run.log.points[-1:])])
    assert run.state in ("finished", "stopped", "failed")
    return Result(
        state=run.state,
        steps=status["step"],
        epochs=position,
        seconds=status["seconds"],
        diverged=run.has_diverged,
        **seen,
    )


def reached(points: Sequence[Point], accuracy: float) -> float | None:
    """Epochs until the validation accuracy first was `accuracy` or more; None if it never was."""
    return next((at for at, _, found in points if at is not None and found is not None and found >= accuracy), None)


def validation_of(log: RunLog) -> list[Point]:
    """Everything measured on validation pictures, in order: `[epochs, loss, accuracy]`."""
    whole: list[Point] = [[float(e["epoch"]), e["valid_loss"], e["valid_accuracy"]] for e in log.epochs]
    return sorted([*whole, *log.checks], key=lambda point: point[0] or 0.0)


def _last_whole(log: RunLog) -> dict[str, float | None]:
    return log.epochs[-1] if log.epochs else {}
