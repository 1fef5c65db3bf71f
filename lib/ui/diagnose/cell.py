"""The pictures of one cell of the confusion matrix, or all mistakes: the surest first, and when each was learned."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import streamlit as st
import torch
from torch import Tensor, nn

from lib.explain.mistakes import Learned, answer_now, learned
from lib.runs.snapshots import thinned
from lib.ui.components import Place, heard
from lib.ui.components.cell_pictures import cell_pictures
from lib.ui.diagnose.asked import Asked, affordable, named, split_of
from lib.ui.diagnose.leading import lead_to_picture
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.picture import is_learning
from lib.ui.words import say
from lib.ui.words.field import classes_of

_MOST = 24  # pictures that are shown
_FEWEST_MOMENTS = 6
_KEY = "diagnose-cell-pictures"
# (net, step, split) -> answers to single pictures: a classroom looks at the same few, and they never change.
_known: OrderedDict[tuple[str, int, str], dict[int, int]] = OrderedDict()
_MOST_KNOWN = 400


def show(net: inside.Net, found: Asked, cell: tuple[int, int] | None, on_cleared: Callable[[], None]) -> None:
    """Draw the pictures of the cell (truth, answer), or of all mistakes; `on_cleared` leads from one to the other."""
    answered = found.answered
    rows = answered.cell(*cell) if cell else answered.mistakes()
    steps, right = _stories(net, found, rows[:_MOST])
    lead = found.split == "test"
    cell_pictures(
        key=_KEY,
        title=_title(classes_of(net.dataset), cell),
        note=_note(len(rows), len(answered.labels) if cell is None else int((answered.labels == cell[0]).sum())),
        tiles=_tiles(net, found, rows[:_MOST], steps, right, with_truth=cell is None),
        moments=steps,
        empty=say("diagnose.every_answer_right") if cell is None else say("diagnose.there_no_such"),
        on_opened=_open if lead else None,
        on_cleared=on_cleared if cell else None,
    )
    if len(steps) < 2:
        st.caption(say("diagnose.when_each_was"))
    elif lead:
        st.caption(say("diagnose.press_picture_follow"))
    lead_to_picture(net, st.session_state.pop(_KEY + "-opened", None))


def story_says(story: Learned) -> str:
    """When a picture was learned, in words."""
    if story.since is not None:
        if story.since == 0:
            return say("diagnose.right_from_random")
        return say("diagnose.learned_iteration", since=story.since)
    if story.last_right == 0:
        return say("diagnose.right_random_start")
    return (
        say("diagnose.never_right")
        if story.last_right is None
        else say("diagnose.last_right_iteration", last_right=story.last_right)
    )


def _open() -> None:
    if opened := heard(_KEY, "opened", Place):
        st.session_state[_KEY + "-opened"] = opened.place


def _title(classes: tuple[str, ...], cell: tuple[int, int] | None) -> str:
    if cell is None:
        return say("diagnose.all_mistakes")
    truth, answer = cell
    return (
        say("diagnose.answered_rightly", classes=classes[truth])
        if truth == answer
        else say("diagnose.taken", classes=classes[truth], classes_2=classes[answer])
    )


def _note(count: int, there: int) -> str:
    shown = (
        say("diagnose.surest_shown", most=_MOST) if count > _MOST else say("diagnose.surest_first") if count > 1 else ""
    )
    return say("diagnose.pictures_2", count=count, there=there, shown=shown)


def _tiles(
    net: inside.Net, found: Asked, rows: list[int], steps: list[int], right: Tensor, *, with_truth: bool
) -> list[dict[str, Any]]:
    """What each picture is, what the net says, and since when."""
    answered, classes, split = found.answered, classes_of(net.dataset), split_of(net.dataset, found.split)
    tiles = []
    for number, (row, story) in enumerate(zip(rows, learned(steps, right), strict=True)):
        place, truth, answer = (int(those[row]) for those in (answered.places, answered.labels, answered.answers))
        tiles.append(
            {
                "place": place,
                "png": png_base64(split.pixels(slice(place, place + 1))[0]),
                "name": say("diagnose.picture", split=named(found.split), place=place, classes=classes[truth]),
                "truth": classes[truth] if with_truth else "",
                "answer": classes[answer],
                "share": float(answered.probabilities[row, answer]),
                "right": right[:, number].tolist(),
                "says": story_says(story) if len(steps) > 1 else "",
            }
        )
    return tiles


def _stories(net: inside.Net, found: Asked, rows: list[int]) -> tuple[list[int], Tensor]:
    """The kept moments up to this one, and `(moments, pictures)`: True where the answer then was right."""
    answered = found.answered
    places, truth = answered.places[rows], answered.labels[rows]
    now = (answered.answers[rows] == truth)[None]
    if len(places) == 0:
        return [found.step], now
    kept = [step for step in net.snapshots() if step < found.step]
    # For a large net fewer moments: the work is that of a live count at most.
    most = max(_FEWEST_MOMENTS, affordable(net) * (1 if is_learning(net) else 4) // len(places))
    steps, then = [], []
    for step in thinned(kept, most) if len(kept) > 2 else kept:
        answers = _answers_at(net, step, found.split, places)
        if answers is not None:
            steps.append(step)
            then.append(answers == truth)
    return [*steps, found.step], torch.stack([*then, now[0]])


def _answers_at(net: inside.Net, step: int, split: str, places: Tensor) -> Tensor | None:
    """What the net answered after `step` updates; None when those weights have just been let go."""
    known = _known.setdefault((net.id, step, split), {})
    missing = [place for place in places.tolist() if place not in known]
    if missing:
        model: nn.Sequential | None = net.model_at(step)
        if model is None:
            return None
        found = answer_now(model, split_of(net.dataset, split), torch.tensor(missing))
        known.update(zip(missing, found.answers.tolist(), strict=True))
    while len(_known) > _MOST_KNOWN:
        _known.popitem(last=False)
    return torch.tensor([known[place] for place in places.tolist()])
