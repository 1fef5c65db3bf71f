"""Recorded runs: what a run published, as one JSON file that can be looked at like a run that has ended."""

import json
import logging
import os
import platform
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import torch
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from lib.config import RunConfig
from lib.runs.ready import FOLDER
from lib.runs.run import Run
from lib.runs.store import RunRow, Store
from lib.training.precision import Precision

ID = "recorded-"  # an id in addresses is this and the name of the recording's file
_FORMAT: Final = "glasshouse-recording"
_VERSION: Final = 1

logger = logging.getLogger(__name__)


class NotARecording(ValueError):
    """A file that cannot be read as a recorded run; the text says why."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Machine(_Plain):
    """Where a run was recorded."""

    cpu: str
    cores: int
    system: str


class Score(_Plain):
    """How a recorded net did on the test pictures."""

    loss: float
    accuracy: float  # 0..1
    confusion: tuple[tuple[int, ...], ...]  # counts, rows = truth

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "Score":
        right = sum(row[index] for index, row in enumerate(self.confusion))
        total = sum(map(sum, self.confusion))
        if total == 0 or abs(right / total - self.accuracy) > 1e-9:
            raise ValueError(f"{right} of {total} pictures right is not an accuracy of {self.accuracy}")
        return self


class Recording(_Plain):
    """All that a finished run published: plain data, no weights."""

    format: Literal["glasshouse-recording"] = _FORMAT
    version: Literal[1] = _VERSION
    name: str
    config: RunConfig
    date: date
    machine: Machine
    versions: dict[str, str]
    precision: Precision
    steps: int
    steps_per_epoch: int
    seconds: float  # of training and validation
    test: Score
    answers: tuple[tuple[int, float], ...]  # class and probability for each picture of the strip
    epochs: tuple[dict[str, int | float | None], ...]  # as in `RunLog`; 0 is the random start
    marks: tuple[dict[str, float], ...]
    checks: tuple[tuple[float, float | None, float | None], ...]
    points: tuple[tuple[float, float | None, float | None], ...]  # epochs since the start, training loss, accuracy

    @property
    def message(self) -> str:
        """When and where it was recorded, and what it came to."""
        when, where = f"{self.date.day} {self.date:%B %Y}", f"{self.machine.cpu}, {self.machine.cores} cores"
        how = ", in bfloat16" if self.precision == "bf16" else ""
        result = f"Test accuracy {self.test.accuracy * 100:.1f} %, loss {self.test.loss:.3f}"
        return f"Recorded on {when} on {where}{how}. {result}."


class RecordedRun(Run):
    """A recording as a run that has ended. It has curves and answers, but no weights to look into."""

    has_weights = False

    def __init__(self, run_id: str, recording: Recording) -> None:
        created = datetime.combine(recording.date, datetime.min.time()).timestamp()
        name = f"{recording.name}, recorded"
        row = RunRow(run_id, name, "", recording.config, "finished", recording.message, created)
        super().__init__(row, _Shelf(recording))
        self.recording = recording
        self._published.glimpse = {"step": recording.steps, "answers": recording.answers}


class _Shelf(Store):
    """A store with one recorded run in it, in memory; an ended run writes nothing."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def entries(self, _run_id: str, kind: str) -> list[Any]:
        return list(getattr(self._recording, f"{kind}s"))

    def published_counters(self, _run_id: str) -> dict[str, Any]:
        recording, last = self._recording, self._recording.epochs[-1]
        return {
            "step": recording.steps,
            "steps_per_epoch": recording.steps_per_epoch,
            "epoch": last["epoch"],
            "epochs": last["epoch"],
            "progress": 1.0,
            "seconds": recording.seconds,
            "learning_rate": last["learning_rate"],
            "precision": recording.precision,
        }

    def load_checkpoint(self, _run_id: str) -> None:
        return None


def record(name: str, run: Run) -> Recording:
    """Make a recording of a run that has just finished in this process; ValueError if it has not."""
    status, tested = run.status(), run.tested
    if tested is None:
        raise ValueError(f"{run.name} has not finished, so there is nothing to record.")
    machine = {"cpu": _cpu(), "cores": os.cpu_count() or 1, "system": f"{platform.system()} {platform.machine()}"}
    counters = {name: status[name] for name in ("precision", "steps_per_epoch", "seconds")}
    test = {"loss": tested.loss, "accuracy": tested.accuracy, "confusion": tested.confusion.tolist()}
    published = {kind: getattr(run.log, kind) for kind in ("epochs", "marks", "checks", "points")}
    return Recording.model_validate(
        {
            "name": name,
            "config": run.config,
            "date": datetime.now().astimezone().date(),
            "machine": machine,
            "versions": {"python": platform.python_version(), "torch": str(torch.__version__)},
            **counters,
            "steps": status["step"],
            "test": test,
            "answers": run.glimpse["answers"] if run.glimpse else (),
            **published,
        }
    )


def write_recording(path: Path, recording: Recording) -> None:
    """Write `recording` to `path`, whose folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(recording.model_dump_json() + "\n", encoding="utf-8")


def read_recording(path: Path) -> Recording:
    """Read and check a recording; NotARecording says what is wrong with the file."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        values = None
    if not isinstance(values, dict) or values.get("format") != _FORMAT:
        raise NotARecording(f"{path.name} is no recorded run.")
    if values.get("version") != _VERSION:
        raise NotARecording(f"{path.name} has version {values.get('version')}; this Glasshouse reads {_VERSION}.")
    try:
        return Recording.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise NotARecording(f"{path.name} is damaged: {place}: {first['msg']}.") from None


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


def _cpu() -> str:
    """The processor's name as its maker writes it, where the system tells."""
    about = Path("/proc/cpuinfo")
    if about.is_file():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
