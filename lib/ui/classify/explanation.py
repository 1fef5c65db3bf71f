"""Why this answer: where in the picture it comes from, and the training pictures that the net finds most like it."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException
from torch import nn

from lib.explain.nearest import Neighbours, neighbours
from lib.explain.surgery import convolutions
from lib.training import predict
from lib.ui.components.attribution import attribution
from lib.ui.net import answers, inside
from lib.ui.net.familiar import answer_label
from lib.ui.net.grad_cam import grad_cam_panel
from lib.ui.net.missing import lacks_pictures
from lib.ui.words import say, text
from lib.ui.words.field import classes_of

_SHOWN = 10  # pictures
_MOST_BYTES = 128_000_000  # of all nets together
_AT_ONCE = 0.4  # seconds of work between two looks at what the person pressed
_CANCELLED = "explanation-cancelled"
_UNDER_WAY = "explanation-under-way"
# (net, step) -> what it answered to its training pictures; a classroom looks at the same few nets.
_found: OrderedDict[tuple[str, int], Neighbours] = OrderedDict()
_lock = Lock()


def explain(net: inside.Net, step: int, model: nn.Sequential, chosen: inside.Chosen) -> None:
    """Grad-CAM on the left, nearest training pictures on the right, both of the weights after `step`."""
    probabilities = predict(model, chosen.x)[0]
    best = int(probabilities.argmax())
    name, label = classes_of(net.dataset)[best], answer_label(net, step, model, chosen)
    with st.container(key="stack-explanation"):
        where, alike = st.columns([0.44, 0.56], gap="medium")
    with where:
        layers = convolutions(model)
        attribution(
            key="explanation",
            picture={"png": answers.png_base64(chosen.x[0] / net.dataset.test.scale), "caption": chosen.caption},
            answer=[{"label": label, "text": name, "share": float(probabilities[best])}],
            panels=[grad_cam_panel(model, chosen, layers[-1] if layers else None, best, name)],
            step=step,
        )
    with alike:
        if lacks_pictures(net, "nearest"):
            return
        known = _known(net, step, model)
        if known is None:
            st.caption(say("classify.training_pictures_were"))
            st.button(say("classify.compare_them"), icon=":material/image_search:", on_click=_forget_cancelled)
        else:
            _show_nearest(net, known, chosen, best)


def _show_nearest(net: inside.Net, known: Neighbours, chosen: inside.Chosen, best: int) -> None:
    train, classes = net.dataset.train, classes_of(net.dataset)
    found = known.nearest(chosen.x, _SHOWN)
    labels = [int(train.labels[number]) for number, _ in found]
    same = sum(label == best for label in labels)
    among = f"all {len(known):,}" if len(known) == known.of else say("classify.of_the", known=len(known), of=known.of)
    said = say("classify.nearest_among_training", same=same, found=len(found), among=among, classes=classes[best])
    tiles: list[dict[str, Any]] = [
        {
            "png": answers.png_base64(train.pixels(slice(number, number + 1))[0].float()),
            "name": classes[label],
            "note": f"{distance:#.3g}" if distance < 1_000 else f"{distance:,.0f}",
            "same": label == best,
        }
        for (number, distance), label in zip(found, labels, strict=True)
    ]
    st.html(answers.nearest_html(say("classify.nearest_training_pictures"), said, tiles))


def _known(net: inside.Net, step: int, model: nn.Sequential) -> Neighbours | None:
    """What this net answers to its training pictures; None if the person did not want to wait for it."""
    key = (net.id, step)
    with _lock:
        if key in _found:
            _found.move_to_end(key)
            return _found[key]
    if st.session_state.get(_CANCELLED) == key:
        return None
    known = _compare(net, model, key)
    if known is None:
        _go_on()
    with _lock:
        _found[key] = known
        while len(_found) > 1 and sum(each.bytes for each in _found.values()) > _MOST_BYTES:
            _found.popitem(last=False)
    return known


def _compare(net: inside.Net, model: nn.Sequential, key: tuple[str, int]) -> Neighbours | None:
    """Ask the net about its training pictures, a little in each run: a fragment's run hears no press before it ends."""
    work = st.session_state.get(_UNDER_WAY)
    if work is None or work["key"] != key:
        work = {"key": key, "parts": neighbours(model, net.dataset.train), "share": 0.0, "spent": 0.0}
        st.session_state[_UNDER_WAY] = work
    waiting = st.empty()
    if work["share"]:
        left = text.duration(work["spent"] / work["share"] - work["spent"])
        with waiting.container(horizontal=True, vertical_alignment="center"):
            st.progress(work["share"], say("classify.comparing_training_pictures", left=left))
            st.button(say("classify.cancel"), key="explanation-cancel", on_click=_cancel, args=(key,))
    started = monotonic()
    try:
        while monotonic() < started + _AT_ONCE:
            work["share"] = next(work["parts"])
    except StopIteration as stop:
        waiting.empty()
        del st.session_state[_UNDER_WAY]
        found: Neighbours = stop.value
        return found
    work["spent"] += monotonic() - started
    return None


def _go_on() -> NoReturn:
    with suppress(StreamlitAPIException):  # the whole page runs, and not the fragment alone
        st.rerun(scope="fragment")
    st.rerun()


def _cancel(key: tuple[str, int]) -> None:
    st.session_state[_CANCELLED] = key
    st.session_state.pop(_UNDER_WAY, None)


def _forget_cancelled() -> None:
    st.session_state.pop(_CANCELLED, None)
