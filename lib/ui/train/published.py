"""What introductory articles report of their nets, beside what the recorded runs of the same nets measured here."""

from typing import NamedTuple

import streamlit as st

from lib.datasets.catalogue import info
from lib.models import summarize
from lib.runs.recording import RecordedRun, recorded_run
from lib.ui.words import text


class Published(NamedTuple):
    """An article's result, and how the run here relates to it."""

    accuracy: float  # 0..1, on the test pictures
    loss: float | None
    about: str


_CNN = "The articles' CNN after 30 epochs"
_RISEN = 1.25  # from its lowest on, the loss has risen by a quarter: no chance of one epoch
# By preset, in the order of the table.
PUBLISHED: dict[str, Published] = {
    "two-layer-sigmoid-unscaled": Published(
        0.7203, None, "As in the article: pixels left at 0–255, and the accuracy jumps."
    ),
    "two-layer-sigmoid": Published(0.7203, None, "The same net, with its pixels scaled to 0–1."),
    "dense-286k": Published(0.88, None, "The article names no layers; these are a reconstruction."),
    "article-cnn": Published(0.9054, 0.4174, f"{_CNN}, and here as well."),
    "article-cnn-fast": Published(0.9054, 0.4174, f"{_CNN}; here after fewer, with a one-cycle learning rate."),
}


def published_table() -> None:
    """Draw the table: the article's figures, ours, and ours after each epoch."""
    rows = [_row(run, published) for name, published in PUBLISHED.items() if (run := recorded_run(name))]
    titles = [
        "net",
        "parameters",
        "the article",
        "measured",
        "its loss",
        "measured",
        "accuracy after each epoch",
        "remark",
    ]
    head = f"| {' | '.join(titles)} |\n|:--|--:|--:|--:|--:|--:|:--|:--|"
    st.markdown("\n".join([head, *rows]))
    st.caption("Accuracy, and loss where the article gives it, on the 10,000 test pictures of Fashion-MNIST.")


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
        published.about + _surer(run),
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
    return (
        f" Its loss was lowest after epoch {lowest['epoch']:.0f}, {low:.3f} at {text.percent(before)}, and rose while "
        "the accuracy held: the net became surer, also of what it gets wrong."
    )


def _parameters(run: RecordedRun) -> int:
    data = info(run.config.data.name)
    return summarize(run.config.model, data.input_shape, len(data.classes)).parameters
