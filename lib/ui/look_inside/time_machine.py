"""The time machine: the net as it was at any kept moment of its training, from the random start to now."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st
from torch import nn

from lib.models import summarize
from lib.runs.snapshots import BUDGET_BYTES, MOST, is_shortened
from lib.training import evaluate, has_numbers
from lib.ui.components.confusion import confusion
from lib.ui.components.time_machine import asked_for, time_machine
from lib.ui.net import inside
from lib.ui.net.missing import lacks_pictures
from lib.ui.words import say
from lib.ui.words.field import classes_of

_COUNTED = (100, 1_000)  # test pictures behind a confusion matrix: fewest, most ...
_COUNTED_COST = 6_000_000_000  # ... and in between as many as need so many multiply-adds, about a quarter of a second


class Moment(NamedTuple):
    """A net as it was after `step` updates; `at` is None when that is now."""

    step: int
    model: nn.Sequential
    at: int | None


@contextmanager
def opened(net: inside.Net) -> Iterator[Moment]:
    """Put the slider on top and give the moment it stands at; what shows this moment is drawn inside the `with`."""
    row = st.container()
    kept = net.snapshots()
    now, model = net.model()
    earlier = [step for step in kept if step < now]
    moment = _moment(net, earlier, Moment(now, model, None))
    yield moment
    with row:  # after what it moves, see `time_machine`
        if kept:
            time_machine(
                key=_key(net),
                steps=earlier,
                now=now,
                shown=moment.at,
                epoch_steps=net.status()["steps_per_epoch"],
            )
        else:
            st.caption(f":material/history: {_why_none(net)}")


def has_past(net: inside.Net) -> bool:
    """Whether there are earlier moments to go back to."""
    return bool(net.snapshots())


def show_counts(net: inside.Net, moment: Moment) -> None:
    """How the net of this moment answers test pictures, as a confusion matrix."""
    step, model = moment.step, moment.model
    if moment.at is None and net.state == "running":
        # Now is another net every second: counting is for moments that stay.
        steps = net.snapshots()
        kept = net.model_at(steps[-1]) if steps else None
        if kept is None:
            return
        step, model = steps[-1], kept
    if not has_numbers(model) or lacks_pictures(net, "counts"):
        return
    data = net.dataset
    cost = summarize(net.config.model, data.input_shape, len(data.classes)).multiply_adds
    fewest, most = _COUNTED
    pictures = min(len(data.test), max(fewest, min(most, _COUNTED_COST // max(cost, 1) // 100 * 100)))
    caption = say("look_inside.test_pictures_iteration", pictures=pictures, step=step)
    counts = _count((net.id, step), pictures, net, model)
    confusion(key="confusion", classes=classes_of(data), counts=counts, caption=caption)


def say_budget(net: inside.Net) -> None:
    """Which moments are kept, and what they take."""
    if not (steps := net.snapshots()):
        return
    data = net.dataset
    summary = summarize(net.config.model, data.input_shape, len(data.classes))
    rounded = say("look_inside.weights_rounded_bits") if is_shortened(summary.parameters) else ""
    st.caption(
        say(
            "look_inside.time_machine_keeps",
            steps=len(steps),
            snapshot_bytes=net.snapshot_bytes() / 1e6,
            rounded=rounded,
            most=MOST,
            budget_bytes=BUDGET_BYTES // 10**6,
        )
    )


def _moment(net: inside.Net, steps: list[int], now: Moment) -> Moment:
    asked = asked_for(_key(net))
    if asked is None or not steps:
        return now
    nearest = min(steps, key=lambda step: abs(step - asked))  # what was asked for may have been let go
    model = net.model_at(nearest)
    return now if model is None else Moment(nearest, model, nearest)


def _key(net: inside.Net) -> str:
    return f"time-machine-{net.id}"


def _why_none(net: inside.Net) -> str:
    return say("look_inside.ready_net_came") if net.came_trained else say("look_inside.no_moments_run")


@st.cache_data(show_spinner=False, max_entries=5_000)
def _count(
    moment: tuple[str, int],  # noqa: ARG001  (what the cache goes by: Streamlit leaves out names with _)
    pictures: int,
    _net: inside.Net,
    _model: nn.Sequential,
) -> list[list[int]]:
    found: list[list[int]] = evaluate(_model, _net.dataset.test, limit=pictures).confusion.tolist()
    return found
