"""Experiments under way: start their runs a few at a time, gather what they come to, judge them. One a process.

The runs are ordinary ones: they take their turns like all others, and anyone may look into them. What was planned and
what came of it is on disk, so a reload, another tab or a restart of the server finds an experiment where it was.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from lib.datasets.owned import check_owner
from lib.experiments.files import Shelf
from lib.experiments.records import Experiment, Member, Planned
from lib.experiments.under_way import Wish, advanced, check_member, open_runs
from lib.home.place import home
from lib.runs import Registry, Run, TooMuch, get_registry
from lib.runs.names import new_id
from lib.runs.pace import Pace
from lib.telling import told
from lib.training.machine import become_training_thread

MOST_MEMBERS = 40
_LOOK_SECONDS = 0.15
_LEAST_SHARE = 0.04  # below it the start, which loads pictures, would make the rest look far too long

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an experiment is."""

    share: float  # 0..1
    done: int  # members
    total: int
    seconds_left: float | None  # None while that is unknown


class Coordinator:
    """All experiments of this process and this folder. Wishes come from any thread; one thread of its own acts."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self._registry, self._shelf = registry, Shelf(folder)
        self._alarm = threading.Condition()
        self._experiments = {each.id: each for each in self._shelf.load_all()}
        self._unwanted: set[str] = set()  # ids of those to be cancelled
        self._watched: dict[str, float] = {}
        self._paces: dict[str, Pace] = {}
        self._closing = False
        for experiment in self._experiments.values():
            if not experiment.has_ended:
                self._take_up(experiment)
        registry.before_closing(self.close)
        self._thread = threading.Thread(target=self._work, name="experiments", daemon=True)
        self._thread.start()

    # ---- wishes ----

    def start(
        self,
        kind: str,
        title: str,
        planned: Sequence[Planned],
        owner: str,
        *,
        at_once: int = 4,
        options: dict[str, Any] | None = None,
    ) -> Experiment:
        """Begin an experiment and return it at once.

        Raises TooMuch, ShapeError or ValueError, in plain words, if any of its runs should not start.
        """
        if not 1 <= len(planned) <= MOST_MEMBERS:
            message = f"An experiment has between 1 and {MOST_MEMBERS} runs, not {len(planned)}."
            raise TooMuch(message, told("refused.members", most=MOST_MEMBERS, count=len(planned)))
        for each in planned:
            check_member(each, self._registry.limits, owner)
            self._registry.doors.check_start(each.config, owner)
        experiment = Experiment(
            id=new_id(),
            kind=kind,
            title=title,
            owner=owner,
            created=time.time(),
            members=tuple(Member(**each.model_dump()) for each in planned),
            options=options or {},
            at_once=at_once,
        )
        with self._alarm:
            going = [each for each in self._experiments.values() if each.owner == owner and not each.has_ended]
            if going:
                message = f"Your experiment “{going[0].title}” is still going. Wait until it ends, or cancel it."
                raise TooMuch(message, told("refused.still_going"))
            self._shelf.save(experiment)
            self._experiments[experiment.id] = experiment
            self._watched[experiment.id] = monotonic()
            self._alarm.notify_all()
        return experiment

    def cancel(self, experiment_id: str, by: str) -> None:
        """Stop its runs and start no more; what there is stays. NotYours if `by` did not start it."""
        self._check_owner(experiment_id, by)
        with self._alarm:
            self._unwanted.add(experiment_id)
            self._alarm.notify_all()

    def delete(self, experiment_id: str, by: str) -> None:
        """Forget an experiment that has ended, and its runs. NotYours, or ValueError if it has not."""
        self._check_owner(experiment_id, by)
        experiment = self.find(experiment_id)
        if experiment is None:
            return
        if not experiment.has_ended:
            raise ValueError(f"“{experiment.title}” is still going. Cancel it first.")
        self._registry.doors.check_deletion(by)
        for member in experiment.members:
            if member.run and (run := self._registry.find(member.run)) and run.wait(2.0):
                self._registry.delete(run, by)
        with self._alarm:
            self._experiments.pop(experiment_id, None)
            self._shelf.delete(experiment_id)

    def _check_owner(self, experiment_id: str, by: str) -> None:
        experiment = self.find(experiment_id)
        if experiment is not None:
            check_owner(f"“{experiment.title}”", experiment.owner, by)

    def watch(self, experiment_id: str) -> None:
        """Somebody is looking: go on if it rested, and let its runs go on too."""
        self._watched[experiment_id] = monotonic()
        for run in self._open_runs(experiment_id):
            run.watch()

    # ---- what there is to see ----

    def find(self, experiment_id: str) -> Experiment | None:
        """The experiment with this id, as it is now."""
        return self._experiments.get(experiment_id)

    def newest(self, limit: int = 20) -> list[Experiment]:
        """The newest experiments, the newest first."""
        with self._alarm:
            return sorted(self._experiments.values(), key=lambda each: -each.created)[:limit]

    def progress(self, experiment_id: str) -> Progress:
        """How far it is; KeyError if there is no such experiment."""
        experiment = self._experiments[experiment_id]
        total = max(len(experiment.members), int(str(experiment.options.get("trials", 0))))  # some plan as they go
        share = sum(self._share(member) for member in experiment.members) / total
        pace = self._paces.setdefault(experiment_id, Pace())
        pace.note(share, 0)
        done = sum(not member.is_open and not member.is_waiting for member in experiment.members)
        known = share >= _LEAST_SHARE and not experiment.has_ended
        left = pace.seconds_left() if known else None
        return Progress(share, done, total, left)

    def wait(self, experiment_id: str, seconds: float) -> bool:
        """Wait until an experiment has ended; False when the time is over."""
        with self._alarm:
            return self._alarm.wait_for(lambda: self._experiments[experiment_id].has_ended, seconds)

    def close(self) -> None:
        """Start nothing any more. Runs under way belong to the registry."""
        with self._alarm:
            self._closing = True
            self._alarm.notify_all()
        self._thread.join(10.0)

    # ---- the thread ----

    def _work(self) -> None:
        become_training_thread()
        while True:
            with self._alarm:
                active = [each for each in self._experiments.values() if not each.has_ended]
                self._alarm.wait(_LOOK_SECONDS if active else None)
                if self._closing:
                    return
                active = [each for each in self._experiments.values() if not each.has_ended]
            for experiment in active:
                wish = Wish(experiment.id in self._unwanted, self._is_watched(experiment.id))
                self._put(experiment, advanced(experiment, self._registry, wish))

    def _is_watched(self, experiment_id: str) -> bool:
        lease = self._registry.limits.lease_seconds
        return not lease or monotonic() - self._watched.get(experiment_id, 0.0) <= lease

    def _put(self, before: Experiment, after: Experiment) -> None:
        if after is before:
            return
        try:
            self._shelf.save(after)
        except OSError as problem:  # a full disk must not end the experiment; it is tried again with the next news
            logger.warning("experiment %s could not be saved: %s", after.id, problem)
        with self._alarm:
            self._experiments[after.id] = after
            if after.has_ended:
                self._unwanted.discard(after.id)
            self._alarm.notify_all()

    def _take_up(self, experiment: Experiment) -> None:
        """Go on after a restart: its runs were paused when the process before ended."""
        self._watched[experiment.id] = monotonic()
        for run in self._open_runs(experiment.id):
            if run.state == "paused":
                run.resume(experiment.owner)

    def _open_runs(self, experiment_id: str) -> list[Run]:
        experiment = self._experiments.get(experiment_id)
        return open_runs(experiment, self._registry) if experiment else []

    def _share(self, member: Member) -> float:
        if member.is_waiting:
            return 0.0
        run = self._registry.find(member.run) if member.is_open and member.run else None
        return 1.0 if run is None or run.has_ended else float(run.status()["progress"])


_only_one = threading.Lock()
_last: list[tuple[Registry, Coordinator]] = []


def get_coordinator() -> Coordinator:
    """The coordinator of this process."""
    registry = get_registry()
    with _only_one:
        if not _last or _last[0][0] is not registry:
            _last[:] = [(registry, Coordinator(registry, home().resolve() / "experiments"))]
        return _last[0][1]
