"""What the home takes on disk: measured, held within its limit, and cleared away when somebody asks for it."""

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lib.home.files import size_of
from lib.home.space import delete_all
from lib.runs.limits import TooMuch
from lib.runs.store import RunRow, Store
from lib.telling import told

_FRESH_SECONDS = 10.0  # before the whole folder is measured again

_FULL = (
    "Glasshouse's folder takes {there:,.0f} MB{more}; this machine allows {most:,} MB. "
    "Clear away runs that have ended, on Compare, under Runs, or delete data sets of your own, on Data."
)


@dataclass(frozen=True, slots=True)
class Clearable:
    """What one browser may have deleted: runs that have ended, its own or nobody's, and what nobody needs."""

    run_ids: tuple[str, ...] = ()
    left_over: tuple[Path, ...] = ()
    bytes: int = 0


class Space:
    """One home's place on disk. Every method may be called from any thread."""

    def __init__(self, folder: Path, store: Store, most_mb: int) -> None:
        self._folder, self._store, self.most_mb = folder, store, most_mb
        self._lock = threading.Lock()
        self._measured, self._bytes = float("-inf"), 0
        self._ended: dict[str, int | None] = {}  # bytes of runs that have ended: they change only here

    def bytes(self) -> int:
        """What the home takes, data sets too, as it was a few seconds ago at most."""
        with self._lock:
            if time.monotonic() - self._measured > _FRESH_SECONDS:
                self._bytes, self._measured = size_of(self._folder), time.monotonic()
            return self._bytes

    def own_bytes(self) -> int:
        """What the data sets take that people made here: part of `bytes`, and theirs alone to delete."""
        return size_of(self._folder / "data" / "own")

    def clearable(self, owner: str, but: Collection[str] = ()) -> Clearable:
        """What `owner` may clear away.

        but: ids of runs that are in use, and stay
        """
        ended = [run_id for run_id in self._store.ended_ids((owner, "")) if run_id not in but]
        runs = {run_id: size for run_id in ended if (size := self._bytes_of(run_id)) is not None}
        left_over = tuple(self._store.left_over())
        files = sum(size_of(path) if path.is_dir() else _size_of(path) for path in left_over)
        return Clearable(tuple(runs), left_over, files + sum(runs.values()))

    def delete_left_over(self, wanted: Clearable) -> None:
        """Delete the files among what was offered, as far as they are still left over."""
        still = set(self._store.left_over())
        delete_all(path for path in wanted.left_over if path in still)
        self.changed()

    def changed(self) -> None:
        """Something was deleted: measure again."""
        with self._lock:
            self._measured = float("-inf")

    def make_room(self, coming: int = 0) -> None:
        """Hold the limit before a run starts or a data set is kept, which takes `coming` bytes.

        Moments of the runs that ended first go, until the rest fits. TooMuch, in words, if that is not enough; curves,
        weights and data sets are nobody's to take.
        """
        if coming:
            self.changed()  # many sets may come in one moment
        too_many = self.bytes() + coming - self.most_mb * 1_000_000
        if not self.most_mb or too_many <= 0:
            return
        for run_id in self._store.ended_ids():
            too_many -= self._store.snapshots(run_id).let_go()
            self._ended.pop(run_id, None)
            if too_many <= 0:
                break
        self.changed()
        if too_many > 0:
            added, there = max(coming / 1e6, 0.1), self.bytes() / 1e6
            more = f", and this would add {added:,.1f} MB" if coming else ""
            said = told("refused.home_full", there=there, most=self.most_mb)
            if coming:
                said = told("refused.home_full_coming", there=there, coming=added, most=self.most_mb)
            raise TooMuch(_FULL.format(there=there, more=more, most=self.most_mb), said)

    def _bytes_of(self, run_id: str) -> int | None:
        """What a run that has ended takes; None for one that this version cannot read, and does not touch."""
        if run_id not in self._ended:
            sound = isinstance(self._store.find(run_id), RunRow)
            self._ended[run_id] = size_of(self._store.folder_of(run_id)) if sound else None
        return self._ended[run_id]


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone in between
        return 0
