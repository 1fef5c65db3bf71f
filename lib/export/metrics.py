"""What a run measured, as files for other programs: CSV for spreadsheets, events for TensorBoard."""

from collections.abc import Iterator

from lib.export.tensorboard_file import Scalar, event_file
from lib.runs import Run
from lib.runs.spreadsheet import Cell, separated

_NUMBERS = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "learning_rate", "seconds")


def metrics_csv(run: Run, sep: str = ",") -> str:
    """One line for every published point, sample and epoch, in order; what a line does not say is left empty.

    `epochs` counts from the start, so 0.5 is the middle of the first epoch; accuracies are 0..1.
    """
    rows: list[dict[str, Cell]] = []
    for place, loss, accuracy in run.log.points:
        rows.append({"kind": "batches", "epochs": place, "train_loss": loss, "train_accuracy": accuracy})
    for place, loss, accuracy in run.log.checks:
        rows.append({"kind": "sample", "epochs": place, "valid_loss": loss, "valid_accuracy": accuracy})
    for mark in run.log.marks:
        rows.append({"kind": "change", "epochs": mark["at"], "learning_rate": mark["learning_rate"]})
    for epoch in run.log.epochs:
        rows.append({"kind": "epoch", "epochs": epoch["epoch"]} | {name: epoch.get(name) for name in _NUMBERS})
    each, columns = _steps_per_epoch(run), ("epochs", "step", "kind", *_NUMBERS)
    for row in rows:
        row["step"] = round(float(row["epochs"] or 0) * each)
    rows.sort(key=lambda row: float(row["epochs"] or 0))
    return separated([columns, *([row.get(name) for name in columns] for row in rows)], sep)


def tensorboard_events(run: Run) -> bytes:
    """The curves as a TensorBoard event file: scalars by step, training and validation as the charts show them."""
    return event_file(run.created, _scalars(run))


def _scalars(run: Run) -> Iterator[Scalar]:
    each = _steps_per_epoch(run)

    def said(tag: str, place: float, value: float | None) -> Iterator[Scalar]:
        if value is not None:
            yield Scalar(tag, round(place * each), value, run.created + _seconds_at(run, place))

    for place, loss, accuracy in run.log.points:
        yield from said("loss/training", place or 0.0, loss)
        yield from said("accuracy/training", place or 0.0, accuracy)
    validation = [(check[0] or 0.0, check[1], check[2]) for check in run.log.checks]
    validation += [(epoch["epoch"], epoch["valid_loss"], epoch["valid_accuracy"]) for epoch in run.log.epochs]
    for place, loss, accuracy in sorted(validation, key=lambda entry: entry[0]):
        yield from said("loss/validation", place, loss)
        yield from said("accuracy/validation", place, accuracy)
    for epoch in run.log.epochs[1:]:
        yield from said("learning rate", epoch["epoch"], epoch["learning_rate"])


def _seconds_at(run: Run, place: float) -> float:
    """How long the run had worked when it was `place` epochs far."""
    spent = [epoch["seconds"] for epoch in run.log.epochs[1:]]
    whole = min(int(place), len(spent))
    rest = (place - whole) * (spent[whole] if whole < len(spent) else spent[-1] if spent else 0.0)
    return float(sum(spent[:whole]) + rest)


def _steps_per_epoch(run: Run) -> int:
    return int(run.status()["steps_per_epoch"] or 1)
