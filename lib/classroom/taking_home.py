"""What a teacher takes home of a class, as one zip; and what is wiped when the class ends."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from lib.classroom.asking import lesson_counts
from lib.classroom.record import Student
from lib.classroom.room import Room
from lib.config import RunConfig
from lib.datasets.own import delete_own, own_sets
from lib.export.catalogue import file_stem
from lib.export.html_report import report
from lib.export.metrics import metrics_csv
from lib.lessons.progress import forget_notebook
from lib.runs import Registry, Run
from lib.runs.spreadsheet import Cell, as_file, separated

_MOST_RUNS, _MOST_REPORTS = 40, 3  # of each student: curves of so many, whole reports of so many
_END_SECONDS = 30.0  # at most, for a run to end: on a busy machine its step takes a while


class Gone(NamedTuple):
    """How much was wiped."""

    students: int
    runs: int
    sets: int


def zip_of(room: Room, registry: Registry) -> bytes:
    """Reports and curves by student, answers as counts and as a table, and the shelf. No browser's secret name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        folders = _folders(room.students)
        for student in room.students:
            runs = runs_of(student, registry)[:_MOST_RUNS]
            for place, run in enumerate(runs):
                stem = f"{folders[student.key]}/{file_stem(f'{run.first_name} {run.own_name}')}"
                archive.writestr(f"{stem}.csv", metrics_csv(run))
                if place < _MOST_REPORTS and run.has_ended:
                    archive.writestr(f"{stem}.html", report(run))
        archive.writestr("answers.csv", _answers(room))
        if room.leaderboard.entries:
            archive.writestr("leaderboard.csv", _leaderboard(room))
        archive.writestr("lessons.json", json.dumps(lesson_counts(room.students), indent=1))
        for data in sorted({each.data for each in room.gathering.all}):
            for picture in room.gathering.of(data):
                if (content := room.gathering.bytes_of(picture)) is not None:
                    archive.writestr(f"pictures/{data}/{picture.label}-{picture.key}.png", content)
        shelf = [moment.model_dump(mode="json") for moment in room.showing.shelf]
        archive.writestr("shelf.json", json.dumps(shelf, ensure_ascii=False, indent=1))
    return written.getvalue()


def runs_of(student: Student, registry: Registry) -> list[Run]:
    """A student's runs, the newest first."""
    return registry.newest_of(student.owner, _MOST_RUNS)


def wipe(room: Room, registry: Registry) -> Gone:
    """Forget the class: its students with their runs, sets and lesson answers, its shelf, what was turned off.

    The code and the teacher's own runs stay.
    """
    students = room.students
    room.forget_students()
    room.showing.forget_all()
    room.asking.forget_all()
    room.gathering.forget_all()
    room.leaderboard.forget_all()
    return clear_away(students, registry)


def clear_away(students: Iterable[Student], registry: Registry) -> Gone:
    """Delete what these have made: their runs, which end first, their sets and their lesson answers."""
    gone = Counter[str]()
    for student in students:
        gone["students"] += 1
        while runs := runs_of(student, registry):
            for run in runs:
                run.stop(run.owner)
            before = gone["runs"]
            for run in runs:
                if run.wait(_END_SECONDS) and run.has_ended:
                    registry.delete(run, run.owner)
                    gone["runs"] += 1
            if gone["runs"] == before:  # none of them ends
                break
        forget_notebook(student.owner)
        for own in own_sets():
            if own.owner == student.owner and not own.deleted:
                delete_own(own.name, student.owner)
                gone["sets"] += 1
    return Gone(gone["students"], gone["runs"], gone["sets"])


def _answers(room: Room) -> bytes:
    rows: list[list[Cell]] = [["asked", "question", "answer", "count", "came true"]]
    for asked in room.asking.questions:
        when = datetime.fromtimestamp(asked.made).strftime("%Y-%m-%d %H:%M")
        for place, (option, count) in enumerate(zip(asked.options, asked.counts(), strict=True)):
            true = "" if asked.right is None else "yes" if asked.right == place else "no"
            rows.append([when, asked.text or _set_up(asked.config), option, count, true])
    return as_file(separated(rows))


def _leaderboard(room: Room) -> bytes:
    names = {student.key: student.name for student in room.students if student.state == "in"}
    rows: list[list[Cell]] = [["place", "name", "accuracy", "right", "pictures", "parameters", "seconds", "run"]]
    for line in room.leaderboard.standings(list(names)):
        entry = line.entry
        rows.append([line.place, names[entry.student], entry.accuracy, entry.right, len(entry.answers),
                     entry.parameters, entry.seconds, entry.name])  # fmt: skip
    return as_file(separated(rows))


def _set_up(config: RunConfig | None) -> str:
    return "" if config is None else f"What does rate {config.train.learning_rate:g} with {config.train.optimizer} do?"


def _folders(students: tuple[Student, ...]) -> dict[str, str]:
    """A folder's name for each student, by key; names that become the same are numbered."""
    seen, found = Counter[str](), dict[str, str]()
    for student in students:
        stem = file_stem(student.name).removeprefix("glasshouse-")
        seen[stem] += 1
        found[student.key] = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
    return found
