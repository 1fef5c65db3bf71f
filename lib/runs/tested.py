"""How a run did on the test pictures, also when it ended in an earlier process."""

from math import isfinite

from lib.runs.run import Run
from lib.training import Evaluation, evaluate


def tested(run: Run) -> Evaluation | None:
    """What was measured at the end of `run`, or is measured now in the same loss and precision.

    None where there is nothing to measure with: no weights, or weights that are no longer numbers. Raises
    DatasetUnavailable.
    """
    found = run.tested
    if found is None and run.has_weights and run.weights() is not None:
        _, net = run.model()
        precision = run.status().get("precision", "fp32")
        found = evaluate(net, run.dataset.test, run.config.train.loss, precision=precision)
    return found if found is not None and isfinite(found.loss) else None
