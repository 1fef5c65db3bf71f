"""What the projector shows, and a shelf of moments that were kept of it."""

import secrets
import threading
import time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lib.classroom.curve import described
from lib.classroom.keeping import read_kept, write_kept
from lib.classroom.record import Refused
from lib.runs import Registry

Screen = Literal["door", "runs", "moment", "question", "votes", "leaderboard"]
MOST_RUNS = 4  # side by side
_MOST_MOMENTS, _MOST_BYTES = 60, 4_000_000
_FILE = "shelf.json"


class Moment(BaseModel):
    """What stood on the projector: runs without names, as they were."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[0-9a-f]{8}$", default_factory=lambda: secrets.token_hex(4))
    made: float = Field(default_factory=time.time)
    caption: str = Field(default="", max_length=120)
    runs: tuple[dict[str, Any], ...] = Field(max_length=MOST_RUNS)


_SHELF: TypeAdapter[tuple[Moment, ...]] = TypeAdapter(tuple[Moment, ...])


class Showing:
    """The projector of a class: one screen at a time, up to four runs on it."""

    def __init__(self, folder: Path) -> None:
        self.screen: Screen = "door"
        self.run_ids: tuple[str, ...] = ()
        self._moment: str | None = None
        self._path = folder / _FILE
        self._lock = threading.RLock()
        self._shelf = read_kept(self._path, _SHELF, _MOST_BYTES, "The shelf") or ()

    def show_run(self, run_id: str) -> None:
        """Put a run beside those that are shown; one that is shown is taken off."""
        with self._lock:
            if run_id in self.run_ids:
                self.run_ids = tuple(each for each in self.run_ids if each != run_id)
            elif len(self.run_ids) >= MOST_RUNS:
                raise Refused("four_are_shown")
            else:
                self.run_ids = (*self.run_ids, run_id)
            self.screen = "runs" if self.run_ids else "door"

    def turn_to(self, screen: Screen) -> None:
        """Show another screen; what was shown is there again later."""
        self.screen = screen

    def clear(self) -> None:
        """Nothing but the door."""
        with self._lock:
            self.screen, self.run_ids, self._moment = "door", (), None

    def runs(self, registry: Registry) -> list[dict[str, Any]]:
        """The shown runs as they are now, or as they were in the moment that is shown; no names."""
        if self.screen == "moment":
            return list(moment.runs) if (moment := self._find(self._moment)) else []
        found = (registry.find(run_id) for run_id in self.run_ids)
        return [described(run) for run in found if run is not None]

    # ---- the shelf ----

    @property
    def shelf(self) -> tuple[Moment, ...]:
        """The moments that were kept, the oldest first."""
        return self._shelf

    def caption(self) -> str:
        """What was written below the moment that is shown."""
        moment = self._find(self._moment) if self.screen == "moment" else None
        return moment.caption if moment else ""

    def keep_moment(self, caption: str, registry: Registry) -> Moment:
        """Put what is shown on the shelf; Refused if no run is shown, or the shelf is full."""
        with self._lock:
            if self.screen != "runs" or not (runs := self.runs(registry)):
                raise Refused("nothing_shown")
            if len(self._shelf) >= _MOST_MOMENTS:
                raise Refused("shelf_full")
            moment = Moment(caption=" ".join(caption[:120].split()), runs=tuple(runs))
            self._keep((*self._shelf, moment))
            return moment

    def show_moment(self, key: str) -> None:
        """Show what was kept."""
        with self._lock:
            if self._find(key) is not None:
                self._moment, self.screen = key, "moment"

    def forget_moment(self, key: str) -> None:
        """Take a moment off the shelf."""
        with self._lock:
            self._keep(tuple(each for each in self._shelf if each.key != key))
            if self._moment == key:
                self._moment, self.screen = None, "door"

    def forget_all(self) -> None:
        """Empty the shelf and the projector."""
        with self._lock:
            self.clear()
            self._keep(())

    def _find(self, key: str | None) -> Moment | None:
        return next((each for each in self._shelf if each.key == key), None)

    def _keep(self, shelf: tuple[Moment, ...]) -> None:
        self._shelf = shelf
        write_kept(self._path, _SHELF, shelf, "The shelf")
