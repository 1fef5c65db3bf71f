"""The confusion matrix, live while the net trains; a cell opens its pictures, a row says how well its class is told."""

import streamlit as st
from torch import Tensor

from lib.explain.mistakes import class_scores, largest_confusion
from lib.nets.recording_file import Recording
from lib.ui.components import heard
from lib.ui.components.confusion import Cell, confusion
from lib.ui.diagnose import asked, cell
from lib.ui.diagnose.asked import Asked
from lib.ui.net import inside
from lib.ui.net.moment import newest_button
from lib.ui.net.picture import can_be_asked, is_learning, refresh_seconds
from lib.ui.words import say, text
from lib.ui.words.field import classes_of

_CHOSEN = "diagnose-cell"
_MATRIX = "diagnose-confusion"


def show(net: inside.Net) -> None:
    """Count the answers."""
    if net.recording:
        _recorded(net, net.recording)
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
        caption = say(
            "diagnose.pictures_iteration",
            labels=len(found.answered.labels),
            split=asked.named(found.split),
            step=found.step,
        )
        _matrix(classes_of(net.dataset), counts, caption, chosen, opens=True)
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
    return f"{_worst(classes_of(net.dataset), counts)} {say('diagnose.scores')} {_use_of(net, found.split)}"


def _use_of(net: inside.Net, split: str) -> str:
    if split == "train":
        return say("diagnose.net_was_trained")
    if split == "test" and net.dataset.valid is net.dataset.test:
        return say("diagnose.these_pictures_were")
    return say("diagnose.net_was_never")


def _worst(classes: tuple[str, ...], counts: Tensor) -> str:
    classes, scores = tuple(map(text.literal, classes)), class_scores(counts)
    known = [(score.f1, name) for score, name in zip(scores, classes, strict=True) if score.f1 is not None]
    pair = largest_confusion(counts)
    if not known or pair is None:
        return say("diagnose.every_answer_right")
    if len(given := counts.sum(dim=0).nonzero()) == 1:
        return say("diagnose.net_answers_every", classes=classes[int(given)])
    f1, name = min(known)
    truth, answer = pair
    times = int(counts[truth, answer])
    often = (
        say("diagnose.most_often_taken", classes=classes[truth], classes_2=classes[answer], times=times)
        if times > 1
        else say("diagnose.no_two_classes")
    )
    return say("diagnose.hardest_f", name=name, f1=text.percent(f1), often=often)


def _recorded(net: inside.Net, recording: Recording) -> None:
    """A recorded run has its matrix, and no weights to ask about the pictures behind it."""
    counts = Tensor(recording.test.confusion).long()
    classes = asked.classes_of(net)
    with st.container(key="stack-mistakes"):
        left, right = st.columns([0.52, 0.48], gap="medium")
    with left:
        _matrix(classes, counts, say("diagnose.test_pictures_end", sum=int(counts.sum())), None, opens=False)
        st.caption(f"{_worst(classes, counts)} {say('diagnose.scores')}")
    with right:
        st.info(
            say("diagnose.test_result_was", name=net.name),
            icon=":material/history:",
        )
