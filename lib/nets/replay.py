"""What a replay needs beside the curves: what the net said at moments of its past."""

from typing import TYPE_CHECKING

from lib.datasets import DatasetUnavailable
from lib.nets.recording_file import Moment
from lib.runs.driver import strip_of
from lib.training.batches import steps_per_epoch
from lib.training.evaluation import best_answers

if TYPE_CHECKING:
    from lib.runs.run import Run


def moments(run: "Run") -> tuple[Moment, ...]:
    """What the net said to the strip of test pictures, with the weights that were kept along the way.

    Nothing for a run without weights, or whose pictures are not here any more.
    """
    try:
        data = run.pictures
    except DatasetUnavailable:
        return ()
    x, _ = data.test.batch(strip_of(data))
    each = steps_per_epoch(len(data.train), run.config.train.batch_size)
    found = []
    for step in run.snapshots():
        net = run.model_at(step)
        if net is not None:  # its weights may have just been let go
            found.append(Moment(at=round(step / each, 5), answers=tuple(best_answers(net, x))))
    return tuple(found)
