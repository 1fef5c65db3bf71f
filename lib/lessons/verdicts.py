"""Hold what somebody said against what the run shows."""

from collections.abc import Mapping

from lib.lessons.conditions import Earlier
from lib.lessons.facts import Facts
from lib.lessons.schema import Choose, Estimate


def right_choices(question: Choose, run: Facts | None, earlier: Earlier) -> frozenset[int] | None:
    """Which answers are right, by their places; None while only the run can tell and it has not."""
    right = set[int]()
    for place, choice in enumerate(question.choices):
        if isinstance(choice.right, bool):
            holds = choice.right
        else:
            found = choice.right.ask(run, earlier) if run else None
            if found is None:
                return None
            holds = found.holds
        if holds:
            right.add(place)
    return frozenset(right)


def answer_of(question: Estimate, run: Facts | None, known: Mapping[str, float]) -> float | None:
    """The number asked for, shares as 0..1; None while only the run can tell and it has not.

    known: the numbers of the set-up and of the data, by the names that lessons use.
    """
    match question.answer:
        case float():
            return question.answer
        case "start_accuracy":
            return run.accuracies[0] if run and run.accuracies else None
        case "accuracy":
            return run.accuracies[-1] if run and run.accuracies and run.ended else None
        case name:
            return known.get(name)


def is_close(question: Estimate, said: float, answer: float) -> bool:
    """True if what was said, a share as 0..1, is as near to the answer as the question wants."""
    return abs(said - answer) <= question.tolerance + 1e-9
