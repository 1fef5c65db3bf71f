"""Experiments on disk: one JSON file each, replaced as a whole, so that a crash leaves the old or the new one."""

import logging
import re
from pathlib import Path

from pydantic import ValidationError

from lib.experiments.records import Experiment
from lib.home import write_whole

logger = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_-]{4,40}")


class Shelf:
    """A folder of experiments. One thread writes; every thread may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, experiment: Experiment) -> None:
        """Write one experiment. HomeFailure if the disk refuses."""
        write_whole(self._path(experiment.id), experiment.model_dump_json())

    def load_all(self) -> list[Experiment]:
        """All that can be read, the oldest first; others, as of another version, are left alone and noted."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(Experiment.model_validate_json(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError, ValidationError) as problem:
                logger.warning("%s is no experiment: %s", path.name, str(problem).splitlines()[0])
        return sorted(found, key=lambda experiment: experiment.created)

    def delete(self, experiment_id: str) -> None:
        """Forget one; nothing happens if it is not there."""
        self._path(experiment_id).unlink(missing_ok=True)

    def _path(self, experiment_id: str) -> Path:
        if not _ID.fullmatch(experiment_id):
            raise ValueError("no id of an experiment")
        return self._folder / f"{experiment_id}.json"
