"""Who needs the teacher, by rules: one reason a student, the most pressing one; the interface makes sentences."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from lib.classroom.presence import Presence
from lib.datasets.catalogue import info
from lib.doctor import examine, measure
from lib.runs import Run

_IDLE_SECONDS = 180.0
_FAILED_STARTS = 4
_GUESSING_EPOCHS = 3
_BETTER = 1.5  # times the accuracy of guessing: less than that has learned nothing
# What the doctor says about how a net learns; that it over-fits or ends early is no reason to come running.
PRESSING = frozenset({"vanishing", "unscaled", "decay", "dropout", "fast", "slow"})
_ORDER = ("hand", "failing", "guessing", "doctor", "broke", "idle")


@dataclass(frozen=True, slots=True)
class Need:
    """Why a student needs somebody; `values` for the sentence."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> int:
        """The more pressing the smaller."""
        return _ORDER.index(self.code)


def need_of(there: Presence | None, runs: list[Run], findings: "Findings") -> Need | None:
    """The most pressing reason; runs: hers, the newest first."""
    now = monotonic()
    if there is not None and there.hand is not None:
        return Need("hand", {"minutes": int((now - there.hand) / 60)})
    failed = _failed_in_a_row(runs) + (there.refused if there is not None else 0)
    if failed >= _FAILED_STARTS:
        return Need("failing", {"count": failed})
    newest = runs[0] if runs else None
    if newest is not None:
        if need := _guessing(newest) or findings.of(newest):
            return need
        if newest.state == "failed":
            return Need("broke", {"run": newest.name})
    works = newest is not None and newest.state in ("running", "pending")
    if there is not None and not works and now - there.active > _IDLE_SECONDS:
        return Need("idle", {"minutes": int((now - there.active) / 60)})
    return None


def _failed_in_a_row(runs: list[Run]) -> int:
    return next((count for count, run in enumerate(runs) if run.state != "failed"), len(runs))


def _guessing(run: Run) -> Need | None:
    accuracy, epochs = run.log.last_valid_accuracy(), run.log.epochs
    done = int(epochs[-1]["epoch"]) if epochs else 0
    guess = 1 / len(info(run.config.data.name).classes)
    if done >= _GUESSING_EPOCHS and accuracy is not None and accuracy < min(_BETTER * guess, (1 + guess) / 2):
        return Need("guessing", {"epochs": done})
    return None


class Findings:
    """What the doctor says of runs, asked once an epoch and of one run at a time: a wall must stay cheap."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Need | None]] = {}
        self._may_ask = True

    def next_look(self) -> None:
        """Another look at the wall: the doctor may be asked once more."""
        self._may_ask = True

    def of(self, run: Run) -> Need | None:
        """What was found last; while a run trains, since when its pictures are in memory."""
        epochs = len(run.log.epochs)
        asked, known = self._known.get(run.id, (0, None))
        if epochs > asked and epochs > 1 and self._may_ask and run.state == "running":
            self._may_ask = False
            known = self._ask(run)
            self._known[run.id] = epochs, known
        return known

    def _ask(self, run: Run) -> Need | None:
        try:
            found = examine(measure(run))
        except (ValueError, LookupError, OSError):  # its pictures went away meanwhile
            return None
        pressing = (rule for rule, checked in found if checked.finding and rule.name in PRESSING)
        rule = next(pressing, None)
        return None if rule is None else Need("doctor", {"rule": rule.name})
