"""What was answered in a lesson as a small file: no names, nothing of the person or the machine."""

import json
from datetime import date
from typing import Any, Final

from lib.lessons import Choose, Lesson, Step
from lib.lessons.verdicts import is_close
from lib.ui.lesson import place
from lib.ui.lesson.progress import Standing, standing
from lib.ui.setup.link import to_link
from lib.ui.words import language

_FORMAT: Final = "glasshouse-answers"
_VERSION: Final = 1


def answers_json(name: str, lesson: Lesson) -> str:
    """The lesson's questions, what was said to each, what the runs showed, and the runs' set-ups."""
    steps = [_step(step, standing(name, lesson, step)) for step in lesson.steps]
    whole = {
        "format": _FORMAT,
        "version": _VERSION,
        "lesson": name,
        "title": lesson.title.said(language()),
        "date": date.today().isoformat(),
        "data": place.data_name(lesson),
        "steps": steps,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _step(step: Step, stands: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {"step": step.id, "title": step.title.said(language())}
    if step.predict:
        told |= {"question": step.predict.question.said(language())} | _said(step, stands)
    if step.run and stands.run and stands.facts:
        told["run"] = {
            "set_up": to_link(stands.run.config),
            "state": stands.run.state,
            "validation_accuracy": stands.facts.accuracies[-1] if stands.facts.accuracies else None,
        }
    if step.check and stands.found:
        told["check"] = {"name": step.check.condition.name, "holds": stands.found.holds}
    return told


def _said(step: Step, stands: Standing) -> dict[str, Any]:
    if stands.said is None:
        return {"said": None, "right": None}
    if isinstance(step.predict, Choose):
        choice = step.predict.choices[max(0, min(int(stands.said), len(step.predict.choices) - 1))]
        right = None if stands.right is None else int(stands.said) in stands.right
        return {"said": choice.text.said(language()), "right": right}
    assert step.predict is not None
    right = None if stands.answer is None else is_close(step.predict, stands.said, stands.answer)
    return {"said": stands.said, "answer": stands.answer, "right": right}
