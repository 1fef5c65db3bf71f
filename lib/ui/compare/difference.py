"""Where two nets differ on the same test pictures, cell by cell; a cell opens what one knows and the other does not."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import streamlit as st
from torch import Tensor

from lib.experiments import answers
from lib.explain.mistakes import Answered
from lib.runs import Run
from lib.ui.components import heard
from lib.ui.components.cell_pictures import cell_pictures
from lib.ui.components.confusion import Cell, confusion_difference
from lib.ui.net.answers import png_base64
from lib.ui.words import number, say, text
from lib.ui.words.field import classes_of

_CHOSEN = "difference-cell"
_MATRIX = "difference-matrix"
_MOST = 12  # pictures of each kind
_MOST_KEPT = 8
_kept: OrderedDict[str, Answered] = OrderedDict()  # of runs that have ended, whose answers never change


def asked(run: Run) -> Answered | None:
    """What a run that has ended answers to its test pictures; None where nobody can be asked. DatasetUnavailable."""
    if run.id not in _kept and (found := answers.answered(run)) is not None:
        _kept[run.id] = found
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return _kept.get(run.id)


def show(runs: Sequence[Run], both: Sequence[Answered]) -> None:
    """The matrix of `runs`' differences, and the pictures of the cell that is chosen, or of all."""
    st.fragment(_draw)(runs, both)


def _draw(runs: Sequence[Run], both: Sequence[Answered]) -> None:
    classes, names = classes_of(runs[0].dataset), [run.name for run in runs]
    chosen = _chosen(len(classes))
    with st.container(key="stack-difference"):
        left, right = st.columns([0.46, 0.54], gap="medium")
    with left:
        first, second = (each.counts() for each in both)
        confusion_difference(
            key=_MATRIX,
            classes=classes,
            cells=cells_of(classes, first, second, names),
            title=say("compare.difference_title"),
            caption=say("compare.difference_caption", first=names[0], second=names[1]),
            says=say("compare.difference_says", first=names[0], second=names[1]),
            chosen=chosen,
            on_chosen=_choose,
        )
    with right:
        for place in (0, 1):
            _pictures(runs, both, place, chosen)


def cells_of(classes: Sequence[str], first: Tensor, second: Tensor, names: Sequence[str]) -> list[list[dict[str, Any]]]:
    """Each cell of two confusion matrices `(classes, classes)`: the first's count less the second's, and in words."""
    more = first - second
    most = max(int(more.abs().max()), 1)

    def cell(truth: int, answer: int) -> dict[str, Any]:
        by = int(more[truth, answer])
        counts = {"first": int(first[truth, answer]), "second": int(second[truth, answer])}
        said = say(
            "compare.difference_right" if truth == answer else "compare.difference_taken",
            truth=classes[truth],
            answer=classes[answer],
            name=names[0],
            name_2=names[1],
            **counts,
        )
        signed = f"{'+' if by > 0 else '−'}{number(abs(by))}" if by else ""
        return {"text": signed, "title": said, "share": abs(by) / most, "better": (by > 0) == (truth == answer)}

    return [[cell(truth, answer) for answer in range(len(classes))] for truth in range(len(classes))]


def only(both: Sequence[Answered], place: int, cell: tuple[int, int] | None) -> list[int]:
    """Which pictures the net at `place` alone has right, those first of which the other is surest.

    cell (truth, answer): only those of that class, and off the diagonal only those that the other takes for `answer`
    """
    knows, errs = both[place], both[1 - place]
    rows = (knows.answers == knows.labels) & (errs.answers != errs.labels)
    if cell is not None:
        rows &= knows.labels == cell[0]
        if cell[0] != cell[1]:
            rows &= errs.answers == cell[1]
    there = rows.nonzero().flatten()
    order = errs.probabilities[there].amax(dim=1).argsort(descending=True, stable=True)
    return [int(row) for row in there[order]]


def _pictures(runs: Sequence[Run], both: Sequence[Answered], place: int, cell: tuple[int, int] | None) -> None:
    classes, test = classes_of(runs[0].dataset), runs[0].pictures.test
    knows, errs = both[place], both[1 - place]
    rows = only(both, place, cell)
    names = {"name": runs[place].name, "other": runs[1 - place].name}
    tiles = []
    for row in rows[:_MOST]:
        truth, answer = classes[int(knows.labels[row])], int(errs.answers[row])
        sure = text.percent(float(knows.probabilities[row].max()))
        tiles.append(
            {
                "place": row,
                "png": png_base64(test.pixels(slice(row, row + 1))[0]),
                "name": say("compare.difference_picture", place=row, truth=truth),
                "truth": truth,
                "answer": classes[answer],
                "share": float(errs.probabilities[row, answer]),
                "right": [False],
                "says": say("compare.difference_knows", name=names["name"], sure=sure),
            }
        )
    shown = say("compare.difference_surest", most=_MOST, other=names["other"]) if len(rows) > _MOST else ""
    cell_pictures(
        key=f"difference-only-{place}",
        title=say("compare.difference_only", **names),
        note=say("compare.difference_count", count=len(rows), which=_which(classes, cell), shown=shown),
        tiles=tiles,
        moments=[0],
        empty=say("compare.difference_none"),
        on_cleared=_clear if cell and not place else None,
        leads_to="all_pictures",
    )


def _which(classes: Sequence[str], cell: tuple[int, int] | None) -> str:
    if cell is None:
        return ""
    truth, answer = classes[cell[0]], classes[cell[1]]
    if truth == answer:
        return f": {truth}"
    return ": " + say("compare.difference_of_taken", truth=truth, answer=answer)


def _choose() -> None:
    if chosen := heard(_MATRIX, "chosen", Cell):
        st.session_state[_CHOSEN] = (chosen.truth, chosen.answer)


def _clear() -> None:
    st.session_state.pop(_CHOSEN, None)


def _chosen(classes: int) -> tuple[int, int] | None:
    """The cell that was chosen, if these nets have it."""
    truth, answer = st.session_state.get(_CHOSEN) or (classes, classes)
    return (truth, answer) if max(truth, answer) < classes else None
