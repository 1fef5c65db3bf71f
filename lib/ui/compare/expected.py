"""How long an experiment will take on this machine, said beside its Start button before anything trains."""

from collections.abc import Sequence

from lib.data import DatasetInfo
from lib.experiments import Planned
from lib.runs.estimate import Estimate
from lib.ui import expected, text


def say_how_long(planned: Sequence[Planned], info: DatasetInfo, *, at_most: bool = False) -> None:
    """Say it; `at_most`: some may be stopped early."""
    by_the_clock = sum(each.config.train.time_budget or 0.0 for each in planned)
    timed = [each.config for each in planned if not each.config.train.time_budget]

    def say(known: list[Estimate]) -> tuple[str, None]:
        long = f"about {text.duration(by_the_clock + sum(each.seconds for each in known))}"
        return f"{len(planned)} runs, {f'at most {long}' if at_most else f'{long} on this machine'}", None

    expected.say_how_long("experiment-expected", timed, info, say)
