"""About how large the files are that take a while to make, so that the page can say it before they are asked for."""

from math import prod

from lib.datasets.catalogue import info
from lib.models.shapes import plan
from lib.nets.recording_file import to_bytes
from lib.runs import Run

_SHOWN = 16  # maps of a layer, in the report


def weights_bytes(run: Run) -> int:
    """Four bytes a weight, and a header."""
    data = info(run.config.data.name)
    planned = plan(run.config.model, data.input_shape, len(data.classes))
    return 4 * sum(step.parameters for step in planned) + 150 * len(planned) + 700


def onnx_bytes(run: Run) -> int:
    """The weights, and a few words about every operation."""
    return weights_bytes(run) + 2_000 * len(run.config.model.layers)


def pictures_bytes(run: Run) -> int:
    """A share of a byte for every pixel: drawings have much empty paper, photos none."""
    data = info(run.config.data.name)
    share = 0.25 if data.input_shape[0] == 1 else 0.9
    return round((data.train_count + data.test_count) * prod(data.input_shape) * share)


def report_bytes(run: Run) -> int:
    """Page and tables, two curves, and a small picture for every map that is shown."""
    data = info(run.config.data.name)
    classes, points = len(data.classes), len(run.log.points) + len(run.log.checks)
    page = 9_500 + 24 * points + 190 * len(run.log.epochs) + 62 * classes**2
    if not run.has_weights:
        return page
    drawn = [
        step.output_shape for step in plan(run.config.model, data.input_shape, classes) if len(step.output_shape) == 3
    ]
    return page + sum(round(min(_SHOWN, shape[0]) * (1_250 + 0.95 * shape[1] * shape[2])) for shape in drawn)


def recording_bytes(run: Run) -> int:
    """Set-up and result, points, epochs, and what the net said at the moments that were kept."""
    if run.recording:
        return len(to_bytes(run.recording))
    points = len(run.log.points) + len(run.log.checks)
    classes = len(info(run.config.data.name).classes)
    return 1_500 + 25 * points + 175 * len(run.log.epochs) + 3 * classes**2 + 110 * len(run.snapshots())
