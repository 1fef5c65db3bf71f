"""What a net says to validation, test and foreign pictures: measured once for each net and step, with a way out."""

from collections import OrderedDict
from collections.abc import Generator
from time import monotonic
from typing import Any, NamedTuple

import streamlit as st
from torch import Tensor, nn

from lib.datasets.foreign import Foreign, foreign_pictures
from lib.explain.confidence import Outputs, collect, fit_temperature, logits_of
from lib.parts import scaled
from lib.ui.net import inside
from lib.ui.words import say, text

FOREIGN = 300  # pictures of something else
_PROGRESS_SECONDS = 0.3  # work that is shorter shows no bar


class Measured(NamedTuple):
    """A net's scores for labelled pictures, and the temperature that suits it."""

    valid: Outputs
    test: Outputs
    temperature: float | None  # that is fitted on `valid`; None where nothing is wrong there


class Strangers(NamedTuple):
    """A net's scores for pictures of something else."""

    foreign: Foreign
    logits: Tensor  # (N, classes)


# A classroom looks at the same few nets. (net, step, ...) -> what was measured
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_MOST_KEPT = 32


def measured(net: inside.Net, step: int, model: nn.Module, pictures: int) -> Measured | None:
    """Measure a net on so many validation and test pictures; None while the person has cancelled that."""
    found: Measured | None = remembered(
        (net.id, step, pictures), _measure(net, model, pictures), say("net.measuring_net")
    )
    return found


def strangers(net: inside.Net, step: int, model: nn.Module, name: str) -> Strangers | None:
    """What the net says to pictures of the data set `name`; None while the person has cancelled that."""
    found: Strangers | None = remembered((net.id, step, name), _meet(net, model, name), say("net.preparing_pictures"))
    return found


def _measure(net: inside.Net, model: nn.Module, pictures: int) -> Generator[float, None, Measured]:
    data = net.dataset
    valid = yield from scaled(collect(model, data.valid, pictures), 0.0, 0.5)
    test = yield from scaled(collect(model, data.test, pictures), 0.5, 1.0)
    return Measured(valid, test, fit_temperature(valid))


def _meet(net: inside.Net, model: nn.Module, name: str) -> Generator[float, None, Strangers]:
    foreign = yield from foreign_pictures(name, net.dataset, FOREIGN)
    return Strangers(foreign, logits_of(model, foreign.x))


def remembered(key: tuple[Any, ...], work: Generator[float, None, Any], said: str) -> Any:
    """Do the work unless it was done; where it takes long, with a bar and Cancel.

    Never call it in a fragment: Streamlit lets only what runs the whole page end a run that is under way.
    """
    place = st.empty()
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    if st.session_state.get("sureness-cancelled") == key:
        with place.container(horizontal=True, vertical_alignment="center"):
            st.caption(say("net.was_cancelled", said=said))
            st.button(say("net.go"), key=f"go-on: {said}", on_click=lambda: st.session_state.pop("sureness-cancelled"))
        return None
    started, bar = monotonic(), None
    while key not in _kept:
        try:
            share = next(work)
        except StopIteration as stop:
            _kept[key] = stop.value
            break
        passed = monotonic() - started
        if bar is None and passed > _PROGRESS_SECONDS:
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(share, said)
                st.button(say("net.cancel"), key=f"cancel: {said}", on_click=_cancel, args=(key,))
        if bar is not None and share > 0:
            bar.progress(share, say("net.left", said=said, passed=text.duration(passed / share - passed)))
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    place.empty()
    return _kept[key]


def _cancel(key: tuple[Any, ...]) -> None:
    st.session_state["sureness-cancelled"] = key
