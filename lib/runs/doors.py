"""Who is asked before a run starts or is deleted, and who is told what came of it: a class has rules of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lib.config import RunConfig
from lib.runs.run import Run


class Doors:
    """What others have to say to starts and deletions; each function is called in the order of coming."""

    def __init__(self) -> None:
        self._may_start: list[Callable[[RunConfig, str], None]] = []
        self._may_delete: list[Callable[[str], None]] = []
        self._may_steer: list[Callable[[Run, float, str], None]] = []
        self._told: list[Callable[[str, bool], None]] = []

    def before_starting(self, may_start: Callable[[RunConfig, str], None]) -> None:
        """Have `may_start(config, owner)` called before every start; it raises TooMuch, in plain words, if not."""
        self._may_start.append(may_start)

    def before_deleting(self, may_delete: Callable[[str], None]) -> None:
        """Have `may_delete(by)` called before every deletion; it raises NotYours, in plain words, if not."""
        self._may_delete.append(may_delete)

    def before_steering(self, may_steer: Callable[[Run, float, str], None]) -> None:
        """Have `may_steer(run, rate, by)` called before a rate is moved; it raises NotYours, in plain words, if not."""
        self._may_steer.append(may_steer)

    def after_starting(self, told: Callable[[str, bool], None]) -> None:
        """Have `told(owner, well)` called after every start: whether it began, or was refused."""
        self._told.append(told)

    @contextmanager
    def starting(self, owner: str) -> Iterator[None]:
        """Tell what comes of the start inside."""
        try:
            yield
        except ValueError:
            self._tell(owner, False)
            raise
        self._tell(owner, True)

    def check_start(self, config: RunConfig, owner: str) -> None:
        """TooMuch, in plain words, if somebody has something against this start."""
        for may_start in self._may_start:
            may_start(config, owner)

    def check_deletion(self, by: str) -> None:
        """NotYours, in plain words, if somebody has something against what `by` wants to delete."""
        for may_delete in self._may_delete:
            may_delete(by)

    def steer(self, run: Run, rate: float, by: str) -> None:
        """Have a run go on with another learning rate; NotYours, in plain words, if somebody is against it."""
        for may_steer in self._may_steer:
            may_steer(run, rate, by)
        run.set_learning_rate(rate, by)

    def _tell(self, owner: str, well: bool) -> None:
        for told in self._told:
            told(owner, well)
