"""Where a run can be taken up again: its newest weights, optimizer and position, and the ones before."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from lib.config import RunConfig
from lib.home import HomeFailure, failures_at, read_about, read_tensors, write_tensors
from lib.home.files import set_aside

_NEWEST, _BEFORE = "checkpoint.safetensors", "previous.safetensors"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Tensors and plain counters of `TrainState`."""

    tensors: dict[str, Tensor]
    counters: dict[str, Any]
    newest: bool = True
    config: RunConfig | None = None  # of the run it was made by, as far as the file says

    def weights(self) -> tuple[int, dict[str, Tensor]]:
        """`(step, weights)` as a model takes them."""
        values = {name[6:]: value for name, value in self.tensors.items() if name.startswith("model.")}
        return self.counters["step"], values


class Checkpoints:
    """One run's folder: the newest checkpoint, and the one before until the run has ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, config: RunConfig, checkpoint: Checkpoint, about: dict[str, Any]) -> None:
        """Write a checkpoint; the newest one so far becomes the one before. HomeFailure if the disk refuses.

        about: what a row of the data base knows of the run, so that it can be found again without one
        """
        path = self._folder / _NEWEST
        header = {
            "config": config.model_dump_json(),
            "counters": json.dumps(checkpoint.counters),
            "run": json.dumps(about),
        }
        draft = self._folder / "next.safetensors"
        write_tensors(draft, checkpoint.tensors, header)
        # Between these two the one before is the newest: killed there, a run goes on a few seconds earlier.
        with failures_at(path):
            if path.exists():
                path.replace(self._folder / _BEFORE)
            draft.replace(path)

    def whole(self) -> Iterator[Checkpoint]:
        """Those that can be read, the newest first."""
        for name in (_NEWEST, _BEFORE):
            yield from self._read(name)

    def put_damaged_aside(self, *, all_of_them: bool = False) -> bool:
        """Keep a newest one that is no use under another name, so that it does not become the one before.

        all_of_them: neither of the two is of use
        False if there is none: a process was killed before it was in its place.
        """
        paths = [self._folder / name for name in ((_NEWEST, _BEFORE) if all_of_them else (_NEWEST,))]
        there = [path for path in paths if path.exists()]
        for path in there:
            with suppress(HomeFailure):
                set_aside(path)
        return bool(there)

    def forget_before(self) -> None:
        """Keep the newest alone: the run has ended."""
        with suppress(OSError):
            (self._folder / _BEFORE).unlink(missing_ok=True)

    def header(self) -> dict[str, Any] | None:
        """`config` as text, `counters` and `run` of the newest whole one, for a run that is found without its row."""
        for name in (_NEWEST, _BEFORE):
            with suppress(HomeFailure, KeyError, ValueError, TypeError):
                _, about = read_tensors(self._folder / name)
                run = json.loads(about.get("run", "{}"))
                return {"config": about["config"], "counters": json.loads(about["counters"]), "run": run}
        return None

    def published(self) -> dict[str, Any] | None:
        """The counters that viewers saw last, from the header alone."""
        with suppress(HomeFailure, KeyError, ValueError, TypeError):
            found: dict[str, Any] | None = json.loads(read_about(self._folder / _NEWEST)["counters"]).get("published")
            return found
        return None

    def _read(self, name: str) -> Iterator[Checkpoint]:
        with suppress(HomeFailure, KeyError, ValueError, TypeError):
            tensors, about = read_tensors(self._folder / name)
            config = RunConfig.model_validate_json(about["config"])
            yield Checkpoint(tensors, json.loads(about["counters"]), name == _NEWEST, config)
