"""How many seeds an experiment has and how long it takes on this machine, said beside its Start button."""

from collections.abc import Sequence

import streamlit as st

from lib.datasets import DatasetInfo
from lib.experiments import MOST_MEMBERS, Planned, seeds
from lib.models import ShapeError
from lib.runs import TooMuch
from lib.runs.time_needed import Estimate
from lib.ui import words
from lib.ui.setup import expected, session
from lib.ui.setup.controls import held
from lib.ui.words import text
from lib.ui.words.telling import sentence, tell

AS_MANY_AS_FIT = 0
_PATIENCE = 2.0  # seconds for each net that is still being timed when Start is pressed


def choose_seeds(key: str, panels: int) -> int:
    """How many seeds each of `panels` has; `AS_MANY_AS_FIT` until the person says a number."""
    fitting = [AS_MANY_AS_FIT, *(n for n in (1, 3, 6, seeds.MOST) if n == 1 or n * panels <= MOST_MEMBERS)]
    chosen: int = held(
        st.selectbox,
        words.say("compare.seeds_each"),
        fitting,
        format_func=lambda n: str(n) if n else words.say("compare.as_many_as", seconds=text.duration(seeds.SECONDS)),
        key=key,
        help=words.say("compare.equal_nets_differ"),
    )
    return chosen


def seeds_of(planned: Sequence[Planned], chosen: int, info: DatasetInfo) -> int:
    """The number of seeds to start with: `chosen`, or as many as fit; the fewest where nobody knows how long it takes.

    Waits a moment for what is still being timed.
    """
    if chosen != AS_MANY_AS_FIT:
        return chosen
    by_the_clock, timed = _by_the_clock(planned)
    try:
        known = expected.estimates([each.config for each in timed], info, session.owner(), seconds=_PATIENCE)
    except (TooMuch, ShapeError):  # it is said when they are started
        known = None
    return seeds.FEWEST if known is None else _that_fit(planned, by_the_clock, known)


def say_how_long(
    planned: Sequence[Planned],
    info: DatasetInfo,
    chosen: int = 1,
    *,
    panels: int | None = None,
    at_most: bool = False,
    key: str = "experiment-expected",
) -> None:
    """Say it; `planned` is one seed of each; `at_most`: some may be stopped early.

    panels: how many are told apart, with which it is said what the seeds find
    """
    by_the_clock, timed = _by_the_clock(planned)

    def say(known: list[Estimate]) -> tuple[str, None]:
        count = chosen if chosen != AS_MANY_AS_FIT else _that_fit(planned, by_the_clock, known)
        long = text.duration(count * (by_the_clock + sum(each.seconds for each in known)))
        said = words.say(
            "compare.runs_at_most" if at_most else "compare.runs_take", count=count * len(planned), long=long
        )
        return said if panels is None else f"{said}. {sentence(tell(seeds.what_they_find(count, panels)))}", None

    expected.say_how_long(key, [each.config for each in timed], info, say)


def _by_the_clock(planned: Sequence[Planned]) -> tuple[float, list[Planned]]:
    """Seconds of the runs that a clock ends, and the others."""
    return (
        sum(each.config.train.time_budget or 0.0 for each in planned),
        [each for each in planned if not each.config.train.time_budget],
    )


def _that_fit(planned: Sequence[Planned], by_the_clock: float, known: Sequence[Estimate]) -> int:
    each = by_the_clock + sum(estimate.seconds for estimate in known)
    return seeds.that_fit(each, len(planned), most_runs=MOST_MEMBERS)
