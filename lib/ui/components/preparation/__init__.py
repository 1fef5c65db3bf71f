"""The way from a picture to the numbers that a net gets, each step with a switch; see `preparation`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from lib.ui.components import heard, register

_Names = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)]


def preparation(
    *,
    key: str,
    steps: Sequence[Mapping[str, Any]],
    on_off_change: Callable[[], None] = lambda: None,
) -> Any:
    """Draw one small picture for each step, in order; pressing a step's switch leaves it out or puts it back.

    steps: each {"name": "crop", "title": "Crop", "picture": data address, None for that of the step before, with
        "turned": its light made dark; "sentence": what was done, "on": whether it is done, "idle": True where the
        picture came out as it went in}, with "fixed": True for one that has no switch

    `result.off` lists the names of the steps that are left out.
    """
    data = {"steps": [dict(step) for step in steps]}
    return register("preparation")(key=key, data=data, default={"off": []}, on_off_change=on_off_change)


def left_out(key: str) -> list[str]:
    """Name the steps that the person has switched off, before the component is drawn."""
    return heard(key, "off", _Names) or []
