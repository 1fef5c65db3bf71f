"""Predict first: a question to the class, answers that fill bars without a name, and a run that decides."""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lib.classroom.curve import guess_of
from lib.classroom.keeping import read_kept, write_kept
from lib.classroom.record import Refused, Student
from lib.config import RunConfig
from lib.lessons import Choose, lessons
from lib.lessons.progress import read_notebook
from lib.runs import Run

OUTCOMES = ("learns", "little", "guesses", "breaks")  # of a run, by rules; the interface has words for them
_WELL, _BETTER = 0.8, 1.5  # accuracy that counts as learned; times the accuracy of guessing
_MOST_OPTIONS, _MOST_QUESTIONS, _MOST_BYTES = 6, 200, 4_000_000
_FILE = "answers.json"


class Question(BaseModel):
    """One question; `answers`: what each student, by key, believes. kind "run": its options are OUTCOMES."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[0-9a-f]{8}$", default_factory=lambda: secrets.token_hex(4))
    made: float = Field(default_factory=time.time)
    kind: Literal["own", "run"]
    text: str = Field(max_length=300)
    options: tuple[str, ...] = Field(max_length=_MOST_OPTIONS)
    config: RunConfig | None = None
    run: str | None = None  # the one that decides, or has decided
    right: int | None = None
    open: bool = True
    answers: dict[str, int] = Field(default_factory=dict)

    def counts(self) -> list[int]:
        """How many chose each option; nobody's name."""
        found = Counter(self.answers.values())
        return [found[place] for place in range(len(self.options))]


_ALL: TypeAdapter[tuple[Question, ...]] = TypeAdapter(tuple[Question, ...])


class Asking:
    """The questions of a class, the newest last; at most one is open."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._lock = threading.RLock()
        self._all = read_kept(self._path, _ALL, _MOST_BYTES, "The answers of the class") or ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All that were asked, the oldest first."""
        return self._all

    def newest(self) -> Question | None:
        """The one that was asked last."""
        return self._all[-1] if self._all else None

    def open_one(self) -> Question | None:
        """The one that can be answered now."""
        newest = self.newest()
        return newest if newest is not None and newest.open else None

    def ask(self, text: str, options: Sequence[str]) -> Question:
        """Ask the class something of the teacher's own; Refused without two different options."""
        said = list(dict.fromkeys(" ".join(each[:100].split()) for each in options))
        said = [each for each in said if each][:_MOST_OPTIONS]
        if len(said) < 2:
            raise Refused("too_few_options")
        return self._add(Question(kind="own", text=" ".join(text[:300].split()), options=tuple(said)))

    def ask_about(self, config: RunConfig) -> Question:
        """Ask what a set-up will do; `OUTCOMES` are the answers, and its run decides."""
        return self._add(Question(kind="run", text="", options=OUTCOMES, config=config))

    def answer(self, student: Student, key: str, choice: int) -> None:
        """A student's answer, which she may change while the question is open."""
        with self._lock:
            asked = self.open_one()
            if asked is None or asked.key != key or not 0 <= choice < len(asked.options):
                raise Refused("not_open")
            self._change(asked, answers={**asked.answers, student.key: choice})

    def close(self) -> None:
        """No answer counts from now on."""
        with self._lock:
            if (asked := self.open_one()) is not None:
                self._change(asked, open=False)

    def let_decide(self, run: Run) -> None:
        """From now on this run decides the question about its set-up."""
        with self._lock:
            if (asked := self.newest()) is not None:
                self._change(asked, open=False, run=run.id)

    def decide(self, right: int) -> None:
        """This option came true."""
        with self._lock:
            asked = self.newest()
            if asked is not None and 0 <= right < len(asked.options):
                self._change(asked, open=False, right=right)

    def settle(self, run: Run | None) -> None:
        """Note what the deciding run showed, once it has ended."""
        asked = self.newest()
        if asked is None or run is None or asked.right is not None or run.id != asked.run:
            return
        if (outcome := outcome_of(run)) is not None:
            self.decide(OUTCOMES.index(outcome))

    def forget_all(self) -> None:
        """No question was ever asked."""
        with self._lock:
            self._keep(())

    def _add(self, question: Question) -> Question:
        with self._lock:
            self.close()
            self._keep((*self._all, question)[-_MOST_QUESTIONS:])
            return question

    def _change(self, question: Question, **changed: object) -> None:
        new = question.model_copy(update=changed)
        self._keep(tuple(new if each.key == question.key else each for each in self._all))

    def _keep(self, questions: tuple[Question, ...]) -> None:
        self._all = questions
        write_kept(self._path, _ALL, questions, "The answers of the class")


def outcome_of(run: Run) -> str | None:
    """What a run that has ended did, by rules on its newest validation accuracy; None before its end."""
    if not run.has_ended:
        return None
    if run.state == "failed":
        return "breaks"
    accuracy, guess = run.log.last_valid_accuracy(), guess_of(run) / 100
    if accuracy is None or accuracy < min(_BETTER * guess, (1 + guess) / 2):
        return "guesses"
    return "learns" if accuracy >= _WELL else "little"


def lesson_counts(students: Iterable[Student]) -> dict[str, dict[str, list[int]]]:
    """How the class answered the lessons' questions with choices: by lesson and step, so many each; no names."""
    found: dict[str, dict[str, list[int]]] = {}
    books = [read_notebook(student.owner) for student in students]
    for name, lesson in lessons()[0].items():
        for step in lesson.steps:
            if not isinstance(step.predict, Choose):
                continue
            said = [book.get(name, {}).get("said", {}).get(step.id) for book in books]
            counts = [sum(each == place for each in said) for place in range(len(step.predict.choices))]
            if any(counts):
                found.setdefault(name, {})[step.id] = counts
    return found
