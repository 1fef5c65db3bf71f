"""A data set that is being made: names and small pictures in this session, plain strings only, until it is kept."""

import base64
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from lib.datasets.own import FEWEST, FEWEST_CLASSES, MOST, MOST_CLASSES, SHAPES, Kind
from lib.pictures.names import clean_name, twins_in

_KEY = "own-draft"


def draft() -> dict[str, Any]:
    """The set being made: "title", "kind", who it is "for" ("me" or "all"), "classes" with "id", "name" and "pictures",
    and which one is "chosen".
    """
    classes = [{"id": place, "name": "", "pictures": []} for place in range(FEWEST_CLASSES)]
    empty = {"title": "", "kind": "photo", "for": "me", "classes": classes, "chosen": 0, "next": FEWEST_CLASSES}
    made: dict[str, Any] = st.session_state.setdefault(_KEY, empty | {"round": 0, "refused": []})
    return made


def start_over() -> None:
    """Forget everything; widgets of the next draft are other ones."""
    again = draft()["round"] + 1
    st.session_state.pop(_KEY)
    draft()["round"] = again


def kind() -> Kind:
    """What the pictures are; fixed once there is one."""
    chosen: Kind = draft()["kind"]
    return chosen


def chosen() -> dict[str, Any]:
    """The class that pictures go to."""
    classes: list[dict[str, Any]] = draft()["classes"]
    return next((each for each in classes if each["id"] == draft()["chosen"]), classes[0])


def add_class() -> None:
    """One more class, and the next pictures are its."""
    made = draft()
    if len(made["classes"]) < MOST_CLASSES:
        made["classes"].append({"id": made["next"], "name": "", "pictures": []})
        made["chosen"] = made["next"]
        made["next"] += 1


def drop_class(class_id: int) -> None:
    """Take a class out with its pictures."""
    made = draft()
    made["classes"] = [each for each in made["classes"] if each["id"] != class_id]


def class_named(name: str) -> dict[str, Any] | None:
    """The class of that name, or one that has neither name nor pictures yet, or a new one; None if there are too many.

    The class is then called `name`.
    """
    made = draft()
    found = next((each for each in made["classes"] if twins_in([each["name"], name])), None)
    empty = next((each for each in made["classes"] if not clean_name(each["name"]) and not each["pictures"]), None)
    if found is None and empty is None and len(made["classes"]) < MOST_CLASSES:
        add_class()
        empty = made["classes"][-1]
    if found is None and empty is not None:
        empty["name"] = clean_name(name)
        st.session_state[name_key(empty)] = empty["name"]  # its widget, which is drawn after this
    return found or empty


def name_key(one: dict[str, Any]) -> str:
    """The key of the widget that holds a class's name."""
    return f"own-name-{draft()['round']}-{one['id']}"


def add_picture(pixels: Tensor, one: dict[str, Any] | None = None) -> str | None:
    """Add uint8 `(C, H, W)` to a class, the chosen one by default; the word that says why not, if so."""
    one = one or chosen()
    picture = base64.b64encode(pixels.numpy().tobytes()).decode()
    if any(picture in each["pictures"] for each in draft()["classes"]):
        return "own.there" if picture in one["pictures"] else "own.elsewhere"
    if len(one["pictures"]) >= MOST:
        return "own.full"
    one["pictures"].append(picture)
    return None


def pictures_of(one: dict[str, Any], last: int = MOST) -> list[Tensor]:
    """The newest `last` pictures of a class, uint8 `(C, H, W)`."""
    shape = SHAPES[kind()]
    bytes_of = (base64.b64decode(each) for each in one["pictures"][-last:])
    return [torch.from_numpy(np.frombuffer(each, np.uint8).reshape(shape).copy()) for each in bytes_of]


def missing() -> int:
    """How many pictures are still needed."""
    return sum(max(0, FEWEST - len(each["pictures"])) for each in draft()["classes"])
