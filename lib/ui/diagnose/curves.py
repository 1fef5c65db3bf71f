"""Training and validation after every epoch, as two small charts."""

from dataclasses import asdict
from typing import Any, Literal

import streamlit as st

from lib.doctor import Measurements, both_curves
from lib.doctor.findings import Lines
from lib.ui.components.evidence import evidence
from lib.ui.words import say


def show(found: Measurements) -> None:
    """Draw accuracy and loss; nothing before two epochs are whole."""
    if len(found.whole) < 2:
        return
    of: tuple[Literal["accuracy", "loss"], ...] = ("accuracy", "loss")
    for column, name in zip(st.columns(2, gap="medium"), of, strict=True):
        with column, st.container(border=True, key=f"epochs-card-{name}"):
            title = say("diagnose.epoch_by_epoch", title=say(f"diagnose.{name}"))
            evidence(key=f"epochs-{name}", chart=_in_words(both_curves(found, name)) | {"title": title})


def _in_words(chart: Lines) -> dict[str, Any]:
    level = chart.level and (say("field.guessing"), chart.level[1])
    lines = [asdict(line) | {"name": say(f"field.{line.tone}")} for line in chart.lines]
    return asdict(chart) | {"lines": lines, "level": level}
