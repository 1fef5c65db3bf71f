"""Pictures as points: what arrives at the class layer, laid out in the plane by PCA or t-SNE."""

from collections.abc import Generator
from typing import NamedTuple

import streamlit as st
import torch
from torch import nn

from lib.datasets import spread
from lib.explain import projection
from lib.explain.mistakes import Answered, answer_now
from lib.explain.projection import Points, Projected
from lib.parts import scaled
from lib.ui.components import Place, heard
from lib.ui.components.projection_map import projection_map
from lib.ui.diagnose import asked
from lib.ui.diagnose.leading import lead_to_picture
from lib.ui.net import answers, inside
from lib.ui.net.measuring import remembered
from lib.ui.net.moment import newest_button
from lib.ui.net.picture import can_be_asked, is_learning
from lib.ui.setup.controls import held
from lib.ui.words import Said, say, text
from lib.ui.words.field import classes_of

_METHODS = {"pca": "PCA", "tsne": "t-SNE"}
_SOURCES = Said(
    {
        "hidden": "diagnose.sources_hidden",
        "pixels": "diagnose.sources_pixels",
    }
)
_COUNTS = (200, 500, 1_000, 2_000)
_KEY = "diagnose-map"
_CHOSEN = "diagnose-map-chosen"


class Laid(NamedTuple):
    """Points of the plane, what they stand for, and how often neighbours are of one class."""

    projected: Projected
    answered: Answered
    numbers: int  # of each row before it was laid out
    agreement: float | None


def show(net: inside.Net) -> None:
    """Lay the pictures out."""
    data = asked.pictures_of(net)
    if data is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="diagnose-controls"):
        method = held(
            st.segmented_control,
            say("diagnose.method"),
            _METHODS,
            first="pca",
            format_func=_METHODS.__getitem__,
            key="map-method",
            required=True,
            label_visibility="collapsed",
        )
        source = held(
            st.segmented_control,
            say("diagnose.laid_out_by"),
            _SOURCES,
            first="hidden",
            format_func=_SOURCES.__getitem__,
            key="map-source",
            required=True,
            label_visibility="collapsed",
        )
        sizes = sorted({min(count, len(data.test)) for count in _COUNTS})
        count = held(
            st.selectbox,
            say("diagnose.how_many"),
            sizes,
            first=sizes[min(1, len(sizes) - 1)],
            format_func=lambda size: say("diagnose.test_pictures", size=size),
            key=f"map-count-{len(data.test)}",
            label_visibility="collapsed",
            width=190,
            help=say("diagnose.spread_evenly_over_test"),
        )
        step, model = asked.net_now(net, live=False)
        if is_learning(net):
            newest_button(net)
    if not can_be_asked(model):
        return
    key = ("map", net.id, step if source == "hidden" else "pixels", step, method, source, count)
    laid: Laid | None = remembered(
        key, _lay_out(net, model, method or "pca", source or "hidden", count), say("diagnose.laying_out")
    )
    if laid is not None:
        st.fragment(_draw)(net, laid, step, method or "pca", source or "hidden")


def _draw(net: inside.Net, laid: Laid, step: int, method: str, source: str) -> None:
    """The map, and the picture of the chosen point: another point runs only this again."""
    with st.container(key="stack-map"):
        left, right = st.columns([0.7, 0.3], gap="medium")
    with left:
        _map(net, laid, step, method, source)
    with right:
        _picture(net, laid)


def _lay_out(
    net: inside.Net, model: nn.Sequential, method: str, source: str, count: int
) -> Generator[float, None, Laid]:
    test = net.dataset.test
    places = spread(len(test), count)
    values: Points
    if source == "pixels":
        values = projection.pixels(test, places)
    else:
        values = yield from scaled(projection.hidden_numbers(model, test, places), 0.0, 0.2)
    answered = answer_now(model, test, places)
    yield 0.2
    near = projection.agreement(values, answered.labels)
    if method == "pca":
        projected = projection.project_pca(values)
    else:
        projected = yield from scaled(projection.project_tsne(values), 0.2, 1.0)
    return Laid(projected, answered, values.shape[1], near)


def _map(net: inside.Net, laid: Laid, step: int, method: str, source: str) -> None:
    answered = laid.answered
    shares = answered.probabilities.amax(dim=1)
    projection_map(
        key=_KEY,
        title=say(f"diagnose.laid_out_{source}", method=_METHODS[method]),
        note=say("diagnose.numbers_picture_iteration", numbers=laid.numbers, step=step),
        summary=_summary(laid),
        classes=classes_of(net.dataset),
        points=[(float(x), float(y)) for x, y in laid.projected.points],
        places=answered.places.tolist(),
        labels=answered.labels.tolist(),
        answers=answered.answers.tolist(),
        shares=shares.tolist(),
        chosen=st.session_state.get(_CHOSEN),
        on_chosen=_choose,
    )
    st.caption(_explained(laid, method))


def _choose() -> None:
    if chosen := heard(_KEY, "chosen", Place):
        st.session_state[_CHOSEN] = chosen.place


def _summary(laid: Laid) -> str:
    answered = laid.answered
    wrong = int((answered.answers != answered.labels).sum())
    return say("diagnose.pictures_as_points", labels=len(answered.labels), wrong=wrong)


def _explained(laid: Laid, method: str) -> str:
    said = ""
    if laid.agreement is not None:
        said = say("diagnose.among_all_numbers", numbers=laid.numbers, agreement=text.percent(laid.agreement))
    if laid.projected.share is not None:
        return said + (say("diagnose.pca_turns_cloud", share=text.percent(laid.projected.share)))
    if method == "tsne":
        return said + (say("diagnose.t_sne_keeps"))
    return said + say("diagnose.all_pictures_give")


def _picture(net: inside.Net, laid: Laid) -> None:
    place = st.session_state.get(_CHOSEN)
    places = laid.answered.places.tolist()
    classes = classes_of(net.dataset)
    if place not in places:
        st.info(say("diagnose.click_point_or"), icon=":material/near_me:")
        return
    row = places.index(place)
    shares, truth = laid.answered.probabilities[row].float(), int(laid.answered.labels[row])
    st.html(answers.verdict_html(classes, shares, truth))
    x, _ = net.dataset.test.batch(torch.tensor([place]))
    st.html(answers.seen_html(x, say("diagnose.test_picture", place=place, classes=classes[truth]), net.dataset))
    st.html(answers.bars_html(classes, shares, truth))
    st.button(say("diagnose.open_look_inside"), icon=":material/search:", on_click=_open, args=(place,), key="map-open")
    lead_to_picture(net, st.session_state.pop("diagnose-map-opened", None))


def _open(place: int) -> None:
    st.session_state["diagnose-map-opened"] = place
