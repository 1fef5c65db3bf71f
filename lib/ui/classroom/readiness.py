"""Ready? One page before class: green, or with a way out."""

from typing import Any

import streamlit as st

from lib.classroom import Room
from lib.classroom.invitation import the_invitation
from lib.classroom.readiness import Check, checks
from lib.home import home
from lib.models import ShapeError
from lib.runs import TooMuch, get_registry
from lib.runs.time_needed import estimate
from lib.ui.classroom import rehearsing
from lib.ui.setup import session
from lib.ui.setup.sizes import split_sizes
from lib.ui.words import say
from lib.ui.words.text import duration, literal

_ICONS = {True: ":green[:material/check_circle:]", False: ":orange[:material/error:]", None: ":material/info:"}


def show(room: Room, token: str) -> None:
    """Look; below, a rehearsal."""
    st.markdown(say("class_desk.ready_says"))
    _list()
    rehearsing.show(room, token)


def _list() -> None:
    config = session.setup()
    about = session.dataset_info(config.data.name)
    train, valid = split_sizes(config, about)
    try:
        one = estimate(config, about.input_shape, len(about.classes), pictures=train, valid=valid, wait=0.5)
    except (TooMuch, ShapeError) as problem:
        st.warning(literal(str(problem)), icon=":material/error:")
        return
    if (invitation := the_invitation()) is not None and not invitation.addresses:
        invitation.look()
    found = checks(config, about, one, get_registry(), invitation, home())
    is_ready = all(each.good is not False for each in found)
    st.markdown(f"**{say('class_desk.ready_all' if is_ready else 'class_desk.ready_not')}**")
    for each in found:
        _line(each)


def _line(check: Check) -> None:
    values: dict[str, Any] = {
        name: literal(value) if isinstance(value, str) else value for name, value in check.values.items()
    }
    if "seconds" in values:
        values["seconds"] = duration(values["seconds"])
    bad = "_bad" if check.good is False else ""
    st.markdown(f"{_ICONS[check.good]} {say(f'class_desk.ready_{check.code}{bad}', **values)}")
