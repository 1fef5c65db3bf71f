"""How long an experiment will take on this machine, said beside its Start button before anything trains."""

from collections.abc import Sequence

import streamlit as st

from lib.data import DatasetInfo
from lib.experiments import Planned
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.runs.estimate import estimate
from lib.ui import text
from lib.ui.setup_panel import split_sizes


def say_how_long(planned: Sequence[Planned], info: DatasetInfo, *, at_most: bool = False) -> None:
    """Say it; looked at again until the measurement is there. `at_most`: some may be stopped early."""
    try:
        seconds = _known_seconds(planned, info)
    except (TooMuch, ShapeError) as problem:
        st.caption(f":orange[{problem}]")
        return
    if seconds is None:
        st.fragment(_say_again, run_every=0.5)(planned, info)
    else:
        long = f"about {text.duration(seconds)}"
        st.caption(f"{len(planned)} runs, {f'at most {long}' if at_most else f'{long} on this machine'}")


def _say_again(planned: Sequence[Planned], info: DatasetInfo) -> None:
    if _known_seconds(planned, info) is not None:
        st.rerun()  # so that nothing polls any more
    st.caption("measuring this machine …", width="content")


def _known_seconds(planned: Sequence[Planned], info: DatasetInfo) -> float | None:
    """Seconds for all runs together; None while this machine is being measured in the background."""
    total = 0.0
    for config in (each.config for each in planned):
        if config.train.time_budget:
            total += config.train.time_budget
            continue
        train, valid = split_sizes(config, info)
        known = estimate(config, info.input_shape, len(info.classes), pictures=train, valid=valid, wait=0.03)
        if known is None:
            return None
        total += known.seconds
    return total
