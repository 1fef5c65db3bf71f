"""Training and validation after every epoch, as two small charts."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

import streamlit as st

from lib.doctor import Evidence, Measurements, both_curves
from lib.doctor.findings import Lines
from lib.ui.components.evidence import evidence
from lib.ui.words import say
from lib.ui.words.telling import tell


def show(found: Measurements) -> None:
    """Draw accuracy and loss; nothing before two epochs are whole."""
    if len(found.whole) < 2:
        return
    of: tuple[Literal["accuracy", "loss"], ...] = ("accuracy", "loss")
    for column, name in zip(st.columns(2, gap="medium"), of, strict=True):
        with column, st.container(border=True, key=f"epochs-card-{name}"):
            title = say("diagnose.epoch_by_epoch", title=say(f"diagnose.{name}"))
            evidence(key=f"epochs-{name}", chart=in_words(both_curves(found, name)) | {"title": title})


def in_words(chart: Evidence, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A chart of the doctor as the browser draws it. names: of classes, by what the core calls them."""
    level = chart.level and (tell(chart.level[0]), chart.level[1])
    said = {"kind": chart.kind, "title": tell(chart.title), "level": level}
    if isinstance(chart, Lines):
        lines = [asdict(line) | {"name": say(f"field.{line.tone}")} for line in chart.lines]
        return said | {"of": chart.of, "lines": lines, "mark": chart.mark and (chart.mark[0], tell(chart.mark[1]))}
    bars = [
        {"label": tell(bar.label, names), "value": bar.value, "text": tell(bar.text), "marked": bar.marked}
        for bar in chart.bars
    ]
    return said | {"bars": bars, "limit": chart.limit}
