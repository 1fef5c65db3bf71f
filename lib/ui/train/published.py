"""What introductory articles report of their nets, beside what the recorded runs of the same nets measured here."""

from typing import NamedTuple

import streamlit as st

from lib.datasets.catalogue import info
from lib.models import summarize
from lib.nets.recording import RecordedRun, recorded_run
from lib.ui.words import say, text


class Published(NamedTuple):
    """An article's result, and how the run here relates to it."""

    accuracy: float  # 0..1, on the test pictures
    loss: float | None
    about: str  # the name of the sentence


_RISEN = 1.25  # from its lowest on, the loss has risen by a quarter: no chance of one epoch
# By preset, in the order of the table.
PUBLISHED: dict[str, Published] = {
    "two-layer-sigmoid-unscaled": Published(0.7203, None, "train.published_jumps"),
    "two-layer-sigmoid": Published(0.7203, None, "train.published_scaled"),
    "dense-286k": Published(0.88, None, "train.published_reconstruction"),
    "article-cnn": Published(0.9054, 0.4174, "train.published_as_well"),
    "article-cnn-fast": Published(0.9054, 0.4174, "train.published_fewer"),
}


def published_table() -> None:
    """Draw the table: the article's figures, ours, and ours after each epoch."""
    rows = [_row(run, published) for name, published in PUBLISHED.items() if (run := recorded_run(name))]
    titles = [
        say("train.net"),
        say("train.parameters"),
        say("train.article"),
        say("train.measured"),
        say("train.loss"),
        say("train.measured"),
        say("train.accuracy_after_each"),
        say("train.remark"),
    ]
    head = f"| {' | '.join(titles)} |\n|:--|--:|--:|--:|--:|--:|:--|:--|"
    st.markdown("\n".join([head, *rows]))
    st.caption(say("train.accuracy_loss_where"))


def _row(run: RecordedRun, published: Published) -> str:
    test = run.recording.test
    cells = [
        text.PRESET_TITLES[run.recording.name],
        f"{_parameters(run):,}",
        text.percent(published.accuracy),
        f"**{text.percent(test.accuracy)}**",
        "" if published.loss is None else f"{published.loss:.3f}",
        "" if published.loss is None else f"**{test.loss:.3f}**",
        _epochs(run),
        say(published.about) + _surer(run),
    ]
    return f"| {' | '.join(cells)} |"


def _epochs(run: RecordedRun) -> str:
    """`84.6 · 85.8 · 86.4`; of many epochs the first three and the last."""
    shares = [f"{(epoch['valid_accuracy'] or 0.0) * 100:.1f}" for epoch in run.recording.epochs[1:]]
    shown = shares if len(shares) <= 8 else [*shares[:3], "…", shares[-1]]
    return " · ".join(shown)


def _surer(run: RecordedRun) -> str:
    """What a loss that rose while the accuracy held says: the net became surer, also of what it gets wrong."""
    epochs = run.recording.epochs[1:]
    lowest, last = min(epochs, key=lambda epoch: epoch["valid_loss"] or 0.0), epochs[-1]
    (low, before), (high, after) = (
        (each["valid_loss"] or 0.0, each["valid_accuracy"] or 0.0) for each in (lowest, last)
    )
    if high < _RISEN * low or after < before:
        return ""
    epoch = int(lowest["epoch"] or 0)
    return say("train.surer", epoch=epoch, low=low, before=before)


def _parameters(run: RecordedRun) -> int:
    data = info(run.config.data.name)
    return summarize(run.config.model, data.input_shape, len(data.classes)).parameters
