"""How a step stands: what was said, which run it reads, and what that run shows."""

from typing import NamedTuple

from lib.config import RunConfig
from lib.lessons import Choose, Facts, Lesson, Step, facts_of
from lib.lessons.conditions import Found
from lib.lessons.controls import path_of
from lib.lessons.verdicts import answer_of, right_choices
from lib.runs import Run
from lib.ui.lesson import figures, place
from lib.ui.setup import session


class Standing(NamedTuple):
    """One step, as far as it has got."""

    said: float | None  # a choice's place, or a number with shares as 0..1
    run: Run | None
    facts: Facts | None  # of that run
    found: Found | None  # what the check says
    right: frozenset[int] | None  # the choices that are right
    answer: float | None  # the number that was asked for
    known: dict[str, float]  # numbers of the set-up, or of the data alone

    @property
    def is_answered(self) -> bool:
        """True if the question can be resolved."""
        return self.right is not None or self.answer is not None

    @property
    def numbers(self) -> dict[str, float]:
        """All that the step's texts may quote, but for the name of the data."""
        return self.known | (self.found.numbers if self.found else {})


def standing(name: str, lesson: Lesson, step: Step) -> Standing:
    """Read how a step stands now."""
    notes = place.notes(name)
    runs: dict[str, str] = notes.get("runs", {})
    run = _run(runs.get(step.run_of or step.id)) if step.has_run else None
    facts = _facts(run)
    earlier = {other: read for other, run_id in runs.items() if (read := _facts(_run(run_id)))}
    config = expected(lesson, step)
    data = place.data_name(lesson)
    known = figures.of_setup(run.config if run and step.run else config) if config else figures.of_data(data)
    right, answer = None, None
    if isinstance(step.predict, Choose):
        right = right_choices(step.predict, facts, earlier)
    elif step.predict:
        counted = figures.per_class(data) if step.predict.answer == "per_class" else None
        answer = answer_of(step.predict, facts, known | ({} if counted is None else {"per_class": counted}))
    found = step.check.condition.ask(facts, earlier) if step.check and facts else None
    return Standing(notes.get("said", {}).get(step.id), run, facts, found, right, answer, known)


def expected(lesson: Lesson, step: Step) -> RunConfig | None:
    """The set-up that the step brings, on the pictures of this machine."""
    return session.fitted(step.setup.config(place.data_name(lesson))) if step.setup else None


def fits(step: Step, wanted: RunConfig, config: RunConfig) -> bool:
    """True if a set-up is the step's, but for what its visible controls may change."""
    if step.show is None:
        return wanted.data.name == config.data.name
    changed = config.model_dump()
    for control in step.show:
        *group, field = path_of(control).split(".")
        source, target = wanted.model_dump(), changed
        for part in group:
            source, target = source[part], target[part]
        target[field] = source[field]
    return RunConfig.model_validate(changed) == wanted


def adopt(name: str, lesson: Lesson, step: Step) -> None:
    """Take the run in view for the step's if this browser trained it with the step's set-up, by whatever button."""
    run, wanted = session.current_run(), expected(lesson, step)
    if not step.run or run is None or wanted is None or not session.is_mine(run):
        return
    taken = place.notes(name).get("runs", {})
    if run.id not in taken.values() and fits(step, wanted, run.config):
        place.note(name, "runs", step.id, run.id)


def _run(run_id: str | None) -> Run | None:
    return session.find_run(run_id) if run_id else None


def _facts(run: Run | None) -> Facts | None:
    return facts_of(run, len(session.dataset_info(run.config.data.name).classes)) if run else None
