"""What a place is: it opens runs, and takes their turns."""

from collections.abc import Callable
from typing import Protocol

from lib.datasets import Dataset
from lib.runs.publisher import Publisher
from lib.training.events import RunEnded


class Wishes(Protocol):
    """What people want of a run; asked between two pieces of work."""

    @property
    def goes_on(self) -> bool:
        """False once the run is to pause or to stop."""

    @property
    def steps_wanted(self) -> int:
        """How many single steps are wanted; 0: as many as come."""

    def new_learning_rate(self) -> float | None:
        """Another learning rate from the next step on, told once."""

    def count_steps(self, steps: int) -> None:
        """So many have been done."""


class OpenRun(Protocol):
    """A run that is being trained somewhere."""

    note: str | None  # a sentence for people: from where it goes on, and where; None where all is as it should be

    @property
    def stays_ready(self) -> bool:
        """Whether this may stay in memory while the run is paused."""

    def turn(self, seconds: float, wishes: Wishes) -> RunEnded | None:
        """Work for about so many seconds, or as `wishes` say; the last event once it has ended."""

    def finish_turn(self) -> None:
        """Publish and save everything up to this moment, as before a pause."""


class Place(Protocol):
    """Takes turns. `slots` may be taken at once, on `workers`, which stand on so many `machines`."""

    stretch: float  # how many times as long as on the thread a turn may be, where nobody waits for it
    when_changed: Callable[[], None]  # called when workers come or go

    @property
    def slots(self) -> int:
        """How many turns may be asked for at once; 0 while nobody is there to take one."""

    @property
    def workers(self) -> int:
        """How many turns are computed at once."""

    @property
    def machines(self) -> int:
        """On how many machines: two large nets never share one."""

    @property
    def note(self) -> str | None:
        """A sentence for everybody whose run is here; None where all is as it should be."""

    @property
    def most_slots(self) -> int:
        """How many there will ever be: so many threads wait for turns."""

    def open(self, publisher: Publisher, data: Dataset) -> OpenRun:
        """Take a run up where it stands."""

    def close(self) -> None:
        """Let go of everything; no turn is under way."""
