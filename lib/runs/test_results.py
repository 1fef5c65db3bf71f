"""How well a run does: on validation pictures so far, and on test pictures at its end, perhaps long ago."""

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
        found = evaluate(net, run.pictures.test, run.config.train.loss, precision=precision)
    return found if found is not None and isfinite(found.loss) else None


def last_accuracy(run: Run) -> float | None:
    """The newest validation accuracy of `run`, 0..1; None before there is one, and of a net that broke off."""
    return None if run.state == "failed" else run.log.last_valid_accuracy()
