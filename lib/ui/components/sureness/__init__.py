"""How sure a net is against how right it is, as two drawings; see `sureness`."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.ui.components import Index, heard, register


def stop_of(key: str) -> int | None:
    """Where the slider mounted under `key` was last moved to; None before that.

    Read, not heard of: a callback is lost where the page runs again for another reason in the same moment.
    """
    return heard(key, "stop", Index)


def sureness(
    *,
    key: str,
    pictures: int,
    curve: Sequence[tuple[float, float]],
    stops: Sequence[Mapping[str, float | None]],
    chosen: int,
    calibrations: Sequence[Mapping[str, Any]],
    calibration_says: str,
) -> None:
    """Draw coverage against accuracy, with a slider for the threshold, and beside it a reliability diagram.

    pictures: how many test pictures were measured
    curve: (coverage, accuracy) pairs in order of coverage, 0..1
    stops: where the slider can stand: {"threshold", "coverage", "accuracy": None where nothing is left}, each 0..1
    chosen: the stop that holds now; the drawing follows the slider at once, `stop_of` knows of it a moment later
    calibrations: one or two, {"name": "as trained", "ece": 0..1, "bins": [{"count", "confidence", "accuracy"}, ...]},
        the last one is drawn strongly; `calibration_says` is the sentence below
    """
    data = {
        "pictures": pictures,
        "curve": [list(point) for point in curve],
        "stops": [dict(stop) for stop in stops],
        "chosen": chosen,
        "calibrations": [dict(each) for each in calibrations],
        "calibrationSays": calibration_says,
    }
    mount = register("sureness")
    mount(key=key, data=data, default={"stop": None}, on_stop_change=lambda: None)
