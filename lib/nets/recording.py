"""Recorded runs: what a run published, as one JSON file that can be looked at like a run that has ended."""

import hashlib
import logging
import re
from contextlib import suppress
from datetime import datetime
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from lib.datasets.absent import tell
from lib.datasets.own import OwnSet, find_own
from lib.home import home, write_whole
from lib.nets.ready import FOLDER
from lib.nets.recording_file import NotARecording, Recording, read_recording, to_bytes
from lib.nets.replay import moments
from lib.nets.shelf import Shelf
from lib.pictures.names import clean_name
from lib.runs.run import Run
from lib.runs.store import RunRow
from lib.runs.test_results import tested
from lib.training import Evaluation
from lib.training.machine import this_machine

ID = "recorded-"  # an id in addresses is this and the name of the recording's file
_OPENED = re.compile(rf"{ID}[0-9a-f]{{24}}")  # one that somebody brought
_MOST_OPENED = 200  # of those, kept on disk

logger = logging.getLogger(__name__)


class RecordedRun(Run):
    """A recording as a run that has ended. It has curves and answers, but no weights to look into."""

    has_weights = False

    def __init__(self, run_id: str, recording: Recording) -> None:
        created = datetime.combine(recording.date, datetime.min.time()).timestamp()
        name = f"{recording.name}, recorded"
        result = {"counters": _counters(recording)}
        row = RunRow(run_id, name, "", recording.config, "finished", recording.message, created, result)
        super().__init__(row, Shelf(_published(recording)))
        self.recording = recording
        self.tell()
        self._published.glimpse = {"step": recording.steps, "answers": recording.answers}

    def tell(self) -> None:
        """Let the pictures be known that it learned from, should they be somebody's own and not here."""
        pictures, counted = self.recording.pictures, self.recording.test.confusion
        if pictures:
            told = pictures.model_dump() | {"train_count": sum(pictures.train_counts), "still": ()}
            told |= {"test_count": sum(map(sum, counted)), "deleted": False, "absent": True}
            tell(OwnSet(self.config.data.name, **told))


def _published(recording: Recording) -> dict[str, list[Any]]:
    marks = [mark.model_dump() for mark in recording.marks]
    return {kind: list(getattr(recording, f"{kind}s")) for kind in ("point", "epoch", "check")} | {"mark": marks}


def _counters(recording: Recording) -> dict[str, Any]:
    last = recording.epochs[-1]
    epochs = ceil(last["epoch"] or 0)
    return {
        "step": recording.steps,
        "steps_per_epoch": recording.steps_per_epoch,
        "epoch": epochs,
        "epochs": epochs,
        "progress": 1.0,
        "seconds": recording.seconds,
        "learning_rate": last["learning_rate"],
        "precision": recording.precision,
    }


def record(name: str, run: Run) -> Recording:
    """Make a recording of a run that has finished; ValueError, in words, if it has not.

    The test result of a run that finished in an earlier process is measured anew, which can take some seconds.
    """
    tested, status = _tested(run), run.status()
    counters = {name: status[name] for name in ("precision", "steps_per_epoch", "seconds")}
    test = {"loss": tested.loss, "accuracy": tested.accuracy, "confusion": tested.confusion.tolist()}
    published = {kind: getattr(run.log, kind) for kind in ("epochs", "marks", "checks", "points")}
    kept = run.checkpoint()
    counted = kept.counters if kept else {}
    arithmetic = counted.get("arithmetic") or {}
    said = moments(run)
    return Recording.model_validate(
        {
            "name": name,
            "config": run.config,
            "pictures": _pictures(run),
            "date": datetime.fromtimestamp(run.created).date(),
            **(counted.get("trained_on") or this_machine()),
            **counters,
            "channels_last": arithmetic.get("channels_last", True),
            "steps": status["step"],
            "test": test,
            "answers": run.glimpse["answers"] if run.glimpse else said[-1].answers if said else (),
            "moments": said,
            **published,
        }
    )


def _pictures(run: Run) -> dict[str, Any] | None:
    """What is told of a data set of somebody's own: others do not know it."""
    own = find_own(run.config.data.name)
    if own is None:
        return None
    named = {"title": clean_name(own.title), "classes": tuple(map(clean_name, own.classes))}
    return named | {"kind": own.kind, "train_counts": own.train_counts, "bursts": own.bursts}


def _tested(run: Run) -> Evaluation:
    if run.state != "finished":
        raise ValueError(f"{run.name} has not finished, so there is nothing to record.")
    found = tested(run)
    if found is None:
        raise ValueError(f"The weights of {run.name} cannot be read, so its test result cannot be measured.")
    return found


def write_recording(path: Path, recording: Recording) -> None:
    """Write `recording` to `path`, whose folder is made if need be."""
    write_whole(path, to_bytes(recording))


def keep_recording(recording: Recording) -> RecordedRun:
    """Keep a recording that somebody brought, so that its address works as long as it is among the last ones."""
    shipped = next((run for run in recorded_runs().values() if run.recording == recording), None)
    if shipped:
        return shipped
    content = to_bytes(recording)
    run_id = ID + hashlib.sha256(content).hexdigest()[:24]
    path = _place(run_id)
    write_whole(path, content)
    kept = sorted(path.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)
    for old in kept[:-_MOST_OPENED]:
        old.unlink(missing_ok=True)
    return RecordedRun(run_id, recording)


def find_recorded(run_id: str) -> RecordedRun | None:
    """The recorded run with this id: one that ships, or one that somebody brought."""
    if shipped := recorded_runs().get(run_id):
        return shipped
    if not _OPENED.fullmatch(run_id) or not (path := _place(run_id)).is_file():
        return None
    if found := _opened(path):
        found.tell()
    return found


@lru_cache(maxsize=32)
def _opened(path: Path) -> RecordedRun | None:
    with suppress(OSError, NotARecording):
        return RecordedRun(ID + path.stem, read_recording(path))
    return None


def _place(run_id: str) -> Path:
    return home().absolute() / "recordings" / f"{run_id.removeprefix(ID)}.json"


@cache
def recorded_runs() -> dict[str, RecordedRun]:
    """The recorded runs that ship, by id. A file that is none is left out and noted in the log."""
    found = {}
    for path in sorted(FOLDER.glob("*.json"), key=lambda path: path.stem):
        try:
            found[ID + path.stem] = RecordedRun(ID + path.stem, read_recording(path))
        except NotARecording as problem:
            logger.warning("%s", problem)
    return found


def recorded_run(preset: str | None) -> RecordedRun | None:
    """The recorded run of a preset, if there is one."""
    return recorded_runs().get(f"{ID}{preset}")
