"""One picture: drawn, uploaded or from the test pictures, with every step from it to the answer, and why."""

import streamlit as st
from torch import Tensor, nn

from lib.datasets import Dataset, prepare
from lib.datasets.preparation import choices_for
from lib.training import predict
from lib.ui.classify import live
from lib.ui.classify.explanation import explain
from lib.ui.classify.steps import shown_steps
from lib.ui.components.pen_answer import pen_answer
from lib.ui.components.preparation import left_out, preparation
from lib.ui.net import answers, in_page, inside
from lib.ui.net.familiar import is_strange
from lib.ui.net.moment import forget, moment_of, newest_button
from lib.ui.net.picture import can_be_asked
from lib.ui.words import say
from lib.ui.words.field import classes_of


@st.fragment
def show(net: inside.Net) -> None:
    """Picture in, answer out; nothing else on the page runs again for a stroke or a switch."""
    data = net.dataset
    explaining = bool(st.session_state.get("explaining", False))
    step, model = moment_of(net) if explaining else net.model()
    if not can_be_asked(model):
        return
    with st.container(key="side-classify"):
        left, right = st.columns([0.25, 0.75], gap="large")
    with left:
        source = inside.choose_source("draw", camera=True)
        followed = source == "draw" and not explaining and not _off(data) and in_page.runs_in_page(net)
        chosen = None if source == "camera" else inside.choose_picture(source, data, followed=followed)
        if source == "camera":
            st.caption(say("classify.live_how"))
    if source == "camera":
        with right:
            live.show(net, step)
        return
    off = [] if chosen is None else _off(data)
    before = chosen
    if chosen is not None and chosen.image is not None and off:
        prepared = prepare(chosen.image, data, set(choices_for(data)) - set(off))
        chosen = chosen._replace(x=prepared.tensor, prepared=prepared)
    with right, st.container(key="pen-and-said"):
        strange = chosen is not None and is_strange(net, step, model, chosen)
        _answer(model, data, chosen, before if off else None, strange)
        if followed:
            caption, turn = answers.seen_caption(say("classify.your_drawing"), data), chosen.turn if chosen else None
            asked = in_page.asked(net, step)
            pen_answer(key="pen-answer", net=asked, classes=classes_of(data), caption=caption, turn=turn)
    if chosen is not None and chosen.prepared is not None:
        preparation(key=_key(data), steps=shown_steps(chosen.prepared, data, off))
    elif chosen is not None:
        st.caption(say("classify.test_picture_goes"))
    # There without a picture too: who clears the sheet and draws anew finds it open as before.
    opened = st.expander(
        say("classify.explain_answer"), icon=":material/help_center:", key="explaining", on_change=forget
    )
    if opened.open and explaining:
        with opened:
            if chosen is None:
                st.caption(say("classify.no_picture_yet"))
            else:
                newest_button(net)
                explain(net, step, model, chosen)


def _answer(
    model: nn.Sequential, data: Dataset, chosen: inside.Chosen | None, before: inside.Chosen | None, strange: bool
) -> None:
    """The verdict and the bars, and beside them the very numbers; `before`: the same picture with all its steps."""
    if chosen is None:
        st.html(answers.waiting_html(classes_of(data)))
        return
    probabilities = predict(model, chosen.x)[0]
    whole: Tensor | None = None if before is None else predict(model, before.x)[0]
    with st.container(key="stack-answer"):
        answer, seen = st.columns([0.64, 0.36], gap="large")
    with answer:
        st.html(answers.verdict_html(classes_of(data), probabilities, chosen.truth, whole, strange=strange))
        st.html(answers.bars_html(classes_of(data), probabilities, chosen.truth, whole))
    with seen:
        st.html(answers.seen_html(chosen.x, chosen.caption, data))


def _off(data: Dataset) -> list[str]:
    """The steps that are switched off, of those that there are."""
    chosen = left_out(_key(data))
    return [name for name in choices_for(data) if name in chosen]


def _key(data: Dataset) -> str:
    return f"preparation-{data.name}"
