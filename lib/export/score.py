"""How a run did on the test pictures, also when it ended long ago or was recorded elsewhere."""

from dataclasses import dataclass

from lib.datasets import DatasetUnavailable
from lib.runs import Run
from lib.runs.test_results import tested


@dataclass(frozen=True)
class Score:
    """On all test pictures."""

    loss: float
    accuracy: float  # 0..1
    confusion: tuple[tuple[int, ...], ...]  # counts, rows = truth


def score_of(run: Run) -> Score | None:
    """What was measured at the run's end, or is measured now; None where there is nothing to measure with."""
    if run.recording:
        test = run.recording.test
        return Score(test.loss, test.accuracy, test.confusion)
    try:
        found = tested(run)
    except DatasetUnavailable:
        return None
    if found is None:
        return None
    return Score(found.loss, found.accuracy, tuple(tuple(row) for row in found.confusion.tolist()))
