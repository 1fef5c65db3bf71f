"""The confusion matrix, live while the net trains; a cell opens its pictures, a row says how well its class is told."""

import streamlit as st
from torch import Tensor

from lib.explain.mistakes import class_scores, largest_confusion
from lib.runs.recording import RecordedRun
from lib.ui.components import heard
from lib.ui.components.confusion import Cell, confusion
from lib.ui.diagnose import asked, cell
from lib.ui.diagnose.asked import Asked
from lib.ui.net import inside
from lib.ui.net.moment import newest_button
from lib.ui.net.picture import can_be_asked, is_learning, refresh_seconds
from lib.ui.words import text

_CHOSEN = "diagnose-cell"
_MATRIX = "diagnose-confusion"
_SCORES = (
    "**Recall**: of the pictures of a class, the share that is found. **Precision**: of the pictures that got this "
    "answer, the share that is right. **F1**: their harmonic mean."
)


def show(net: inside.Net) -> None:
    """Count the answers."""
    if isinstance(net, RecordedRun):
        _recorded(net)
        return
    data = asked.pictures_of(net)
    if data is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="diagnose-controls"):
        split = asked.choose_split(data)
        count = asked.choose_count(net, len(asked.split_of(data, split)), asked.named(split))
        live = asked.live_toggle(net)
        if is_learning(net) and not live:
            newest_button(net)
    if live:
        st.fragment(_follow, run_every=refresh_seconds(net, every=1.5))(net, split, count)
        return
    # Outside of fragments, where Cancel is heard.
    step, model = asked.net_now(net, live)
    if can_be_asked(model) and (found := asked.ask(net, step, model, split, count)):
        st.fragment(_draw)(net, found)


def _follow(net: inside.Net, split: str, count: int) -> None:
    """Count again and again while the net learns."""
    if not is_learning(net):
        st.rerun()  # it has ended: count everything, once
    step, model = net.model()
    if can_be_asked(model):
        _draw(net, asked.ask_briefly(net, step, model, split, count))


def _draw(net: inside.Net, found: Asked) -> None:
    """Everything that changes with another cell."""
    counts = found.answered.counts()
    chosen = _chosen(net)
    with st.container(key="stack-mistakes"):
        left, right = st.columns([0.52, 0.48], gap="medium")
    with left:
        caption = f"{len(found.answered.labels):,} {asked.named(found.split)} pictures, at iteration {found.step:,}"
        _matrix(net.dataset.classes, counts, caption, chosen, opens=True)
        st.caption(_says(net, found, counts))
    with right:
        cell.show(net, found, chosen, _clear)


def _matrix(
    classes: tuple[str, ...], counts: Tensor, caption: str, chosen: tuple[int, int] | None, *, opens: bool
) -> None:
    confusion(
        key=_MATRIX,
        classes=classes,
        counts=counts.tolist(),
        caption=caption,
        scores=[(score.recall, score.precision, score.f1) for score in class_scores(counts)],
        chosen=chosen,
        on_chosen=_choose if opens else None,
    )


def _choose() -> None:
    if chosen := heard(_MATRIX, "chosen", Cell):
        st.session_state[_CHOSEN] = chosen.model_dump()


def _clear() -> None:
    st.session_state.pop(_CHOSEN, None)


def _chosen(net: inside.Net) -> tuple[int, int] | None:
    """The cell that was chosen, if this net has it."""
    kept, classes = st.session_state.get(_CHOSEN), len(net.dataset.classes)
    if kept and 0 <= kept["truth"] < classes and 0 <= kept["answer"] < classes:
        return kept["truth"], kept["answer"]
    return None


def _says(net: inside.Net, found: Asked, counts: Tensor) -> str:
    """What the matrix says, in words."""
    return f"{_worst(net.dataset.classes, counts)} {_SCORES} {_use_of(net, found.split)}"


def _use_of(net: inside.Net, split: str) -> str:
    if split == "train":
        return "The net was trained on these very pictures."
    if split == "test" and net.dataset.valid is net.dataset.test:
        return "These pictures were never trained on, but the validation curve was measured on them."
    return "The net was never trained on these pictures."


def _worst(classes: tuple[str, ...], counts: Tensor) -> str:
    classes, scores = tuple(map(text.literal, classes)), class_scores(counts)
    known = [(score.f1, name) for score, name in zip(scores, classes, strict=True) if score.f1 is not None]
    pair = largest_confusion(counts)
    if not known or pair is None:
        return "Every answer is right."
    if len(given := counts.sum(dim=0).nonzero()) == 1:
        return f"The net answers **{classes[int(given)]}** to every picture."
    f1, name = min(known)
    truth, answer = pair
    times = int(counts[truth, answer])
    often = (
        f"most often **{classes[truth]}** is taken for **{classes[answer]}**, {times:,} times"
        if times > 1
        else "no two classes are confused more than once"
    )
    return f"Hardest is **{name}** (F1 {text.percent(f1)}); {often}."


def _recorded(net: RecordedRun) -> None:
    """A recorded run has its matrix, and no weights to ask about the pictures behind it."""
    counts = Tensor(net.recording.test.confusion).long()
    classes = asked.classes_of(net)
    with st.container(key="stack-mistakes"):
        left, right = st.columns([0.52, 0.48], gap="medium")
    with left:
        _matrix(classes, counts, f"{int(counts.sum()):,} test pictures, at the end", None, opens=False)
        st.caption(f"{_worst(classes, counts)} {_SCORES}")
    with right:
        st.info(
            f"{net.name}: its test result was kept and its weights were not, so the pictures behind a cell cannot be "
            "shown. Train this set-up to open its cells.",
            icon=":material/history:",
        )
