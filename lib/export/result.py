"""How a run did on the test pictures, also when it ended long ago or was recorded elsewhere."""

from dataclasses import dataclass
from math import isfinite

from lib.data import DatasetUnavailable
from lib.runs import Run
from lib.runs.recording import RecordedRun
from lib.training import evaluate


@dataclass(frozen=True)
class Result:
    """On all test pictures."""

    loss: float
    accuracy: float  # 0..1
    confusion: tuple[tuple[int, ...], ...]  # counts, rows = truth


def result_of(run: Run) -> Result | None:
    """What was measured at the run's end, or is measured now; None where there is nothing to measure with."""
    if isinstance(run, RecordedRun):
        test = run.recording.test
        return Result(test.loss, test.accuracy, test.confusion)
    found = run.tested
    if found is None:
        try:
            if run.weights() is None:
                return None
            _, net = run.model()
            precision = run.status().get("precision", "fp32")
            found = evaluate(net, run.dataset.test, run.config.train.loss, precision=precision)
        except DatasetUnavailable:
            return None
    if not isfinite(found.loss):  # weights that are no longer numbers answer nothing
        return None
    return Result(found.loss, found.accuracy, tuple(tuple(row) for row in found.confusion.tolist()))
