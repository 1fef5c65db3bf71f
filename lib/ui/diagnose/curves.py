"""Training and validation after every epoch, as two small charts."""

from dataclasses import asdict
from typing import Literal

import streamlit as st

from lib.doctor import Measurements, both_curves
from lib.ui.components.evidence import evidence
from lib.ui.words import say


def show(found: Measurements) -> None:
    """Draw accuracy and loss; nothing before two epochs are whole."""
    if len(found.whole) < 2:
        return
    of: tuple[Literal["accuracy", "loss"], ...] = ("accuracy", "loss")
    for column, name in zip(st.columns(2, gap="medium"), of, strict=True):
        with column, st.container(border=True, key=f"epochs-card-{name}"):
            chart = both_curves(found, name)
            evidence(
                key=f"epochs-{name}", chart=asdict(chart) | {"title": say("diagnose.epoch_by_epoch", title=chart.title)}
            )
