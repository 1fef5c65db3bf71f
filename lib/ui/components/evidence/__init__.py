"""The measured numbers behind one sentence of the doctor, as a small chart; see `evidence`."""

from collections.abc import Mapping
from typing import Any

from lib.ui.components import register


def evidence(*, key: str, chart: Mapping[str, Any]) -> None:
    """Draw a chart of `lib.doctor`: `asdict` of its `Lines` or its `Bars`; new numbers are drawn in place."""
    register("evidence")(key=key, data=dict(chart))
