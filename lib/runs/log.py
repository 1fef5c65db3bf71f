"""What a run has published: points of the curve, epochs, marks. Append-only, readable from any thread."""

import math
import threading
from collections.abc import Callable
from typing import Any

from lib.runs.store import Store
from lib.training.events import EpochEnd

Point = list[float | None]  # [epochs since the start, training loss, training accuracy]
_DIGITS = 5  # of a position
_START_NAMES = ("valid_loss", "valid_accuracy")
_EPOCH_NAMES = ("train_loss", "train_accuracy", *_START_NAMES, "seconds", "learning_rate")


def _number(value: float, digits: int) -> float | None:
    """Rounded for the wire; None for what JSON cannot say (infinite, not a number)."""
    return round(value, digits) if math.isfinite(value) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_point(value: Any) -> bool:
    numbers = (
        isinstance(value, list | tuple) and len(value) == 3 and all(each is None or _is_number(each) for each in value)
    )
    return numbers and value[0] is not None and value[0] >= 0


def _is_epoch(value: Any) -> bool:
    """An epoch with all its numbers; that before the first step has no training."""
    if not isinstance(value, dict) or not _is_number(value.get("epoch")) or value["epoch"] < 0:
        return False
    names = _EPOCH_NAMES if value["epoch"] else _START_NAMES
    return all(name in value and (value[name] is None or _is_number(value[name])) for name in names)


def _is_mark(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_number(value.get(name)) for name in ("at", "learning_rate"))


class RunLog:
    """One run's published history, kept on disk as it grows."""

    def __init__(self, run_id: str, store: Store) -> None:
        self._run_id = run_id
        self._store = store
        self._lock = threading.Lock()  # what is shown is kept, or waits to be: never one without the other
        self.lost = 0  # entries that could not be read: damage costs them, not the others
        self.points: list[Point] = self._kept("point", _is_point)
        self.epochs: list[dict[str, Any]] = self._kept("epoch", _is_epoch)
        self.marks: list[dict[str, Any]] = self._kept("mark", _is_mark)
        self.checks: list[Point] = self._kept("check", _is_point)
        self.shortened = 0  # how often the tail was taken back; readers that see it change start anew

    def add_mean(self, position: float, loss: float, accuracy: float) -> None:
        """Publish a mean of several steps at `position`, counted in epochs."""
        position = round(position, _DIGITS)
        point: Point = [position, _number(loss, 5), _number(accuracy, 5)]
        with self._lock:
            self._store.append(self._run_id, "point", [(position, point)])
            self.points.append(point)

    def add_start(self, valid_loss: float, valid_accuracy: float) -> None:
        """Publish what the random start scored, as epoch 0."""
        self._add_epoch(
            {"epoch": 0, "valid_loss": _number(valid_loss, 5), "valid_accuracy": _number(valid_accuracy, 5)}
        )

    def add_epoch(self, event: EpochEnd) -> None:
        """Publish the end of an epoch; one that was cut short stands where it came to, at 2.06 for 6 % of the third."""
        names = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "seconds")
        numbers = {name: _number(getattr(event, name), 6) for name in names}
        # Six figures, not six decimals: schedules end near 0.
        place = event.epoch if event.share == 1.0 else round(event.position, _DIGITS)
        self._add_epoch({"epoch": place} | numbers | {"learning_rate": float(f"{event.learning_rate:.6g}")})

    def add_check(self, position: float, loss: float, accuracy: float) -> None:
        """Publish validation on a sample, between epochs."""
        position = round(position, _DIGITS)
        check: Point = [position, _number(loss, 5), _number(accuracy, 5)]
        with self._lock:
            self._store.append(self._run_id, "check", [(position, check)])
            self.checks.append(check)

    def add_mark(self, position: float, learning_rate: float) -> None:
        """Publish that the learning rate was changed at `position`."""
        position = round(position, _DIGITS)
        mark = {"at": position, "learning_rate": learning_rate}
        with self._lock:
            self._store.append(self._run_id, "mark", [(position, mark)])
            self.marks.append(mark)

    def forget_after(self, position: float) -> None:
        """Take back what lies beyond `position`: the run goes on from an earlier checkpoint."""
        position = round(position, _DIGITS) + 1e-9  # rounded as the entries are, so that the last one stays
        with self._lock:
            self._store.forget_after(self._run_id, position)
            self.points = [point for point in self.points if (point[0] or 0.0) <= position]
            self.epochs = [epoch for epoch in self.epochs if epoch["epoch"] <= position]
            self.marks = [mark for mark in self.marks if mark["at"] <= position]
            self.checks = [check for check in self.checks if (check[0] or 0.0) <= position]
            self.shortened += 1

    def last_valid_accuracy(self) -> float | None:
        """The newest validation accuracy, 0..1: of a whole epoch, or of a sample since; None where its loss is none.

        What the random start scored is none either: nobody trained that.
        """
        if self.checks and (not self.epochs or (self.checks[-1][0] or 0.0) > self.epochs[-1]["epoch"]):
            _, loss, accuracy = self.checks[-1]
        elif self.epochs and self.epochs[-1]["epoch"] > 0:
            loss, accuracy = self.epochs[-1]["valid_loss"], self.epochs[-1]["valid_accuracy"]
        else:
            return None
        return None if loss is None else accuracy

    def entries(self) -> dict[str, list[tuple[float, Any]]]:
        """Everything, by kind, with positions: as it is kept."""
        with self._lock:
            return {
                "point": [(point[0] or 0.0, point) for point in self.points],
                "epoch": [(float(epoch["epoch"]), epoch) for epoch in self.epochs],
                "mark": [(mark["at"], mark) for mark in self.marks],
                "check": [(check[0] or 0.0, check) for check in self.checks],
            }

    def _kept(self, kind: str, is_sound: Callable[[Any], bool]) -> list[Any]:
        values, bad = self._store.entries(self._run_id, kind)
        sound = [value for value in values if is_sound(value)]
        self.lost += bad + len(values) - len(sound)
        return sound

    def _add_epoch(self, epoch: dict[str, Any]) -> None:
        with self._lock:
            self._store.append(self._run_id, "epoch", [(float(epoch["epoch"]), epoch)])
            self.epochs.append(epoch)
