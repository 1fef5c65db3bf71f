"""S66, a shoe shown to the digit net: pictures of something else, and how sure the net is of them."""

from typing import NamedTuple

import streamlit as st
import torch
from torch import Tensor, nn

from lib.datasets.foreign import foreign_sets
from lib.explain.confidence import Outputs, keep_at, soften
from lib.ui.components.picture_wall import picture_wall
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.measuring import Strangers, strangers
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import say, text
from lib.ui.words.field import classes_of, strangers_in, title_of

_CERTAIN = 0.9
_TILES = 39  # that are shown
_ASKED = "strangers-asked"  # the data sets whose pictures this session wanted to see


class Doubt(NamedTuple):
    """How a net's answers are taken: scores are divided by `temperature`, below `threshold` none of them counts."""

    temperature: float
    threshold: float


class Met(NamedTuple):
    """Pictures of the data set `name` that a net was shown; nothing `found` while the person has cancelled that."""

    name: str
    found: Strangers | None


def met(net: inside.Net, step: int, model: nn.Module) -> Met | None:
    """What the net says to the pictures that were asked for. Never call it in a fragment: it may take a while."""
    sets = [info.name for info in foreign_sets(net.dataset, session.owner())]
    name = st.session_state.get(_key(net), sets[0] if sets else None)
    if name not in sets or name not in st.session_state.get(_ASKED, []):
        return None
    return Met(name, strangers(net, step, model, name))


def meet(net: inside.Net, shown: Met | None, test: Outputs, doubt: Doubt) -> None:
    """Offer to show the net what it cannot know, and say what came of it."""
    sets = {info.name: info for info in foreign_sets(net.dataset)}
    if not sets:
        return
    asked: list[str] = st.session_state.setdefault(_ASKED, [])
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="strangers-controls"):
        name = held(
            st.selectbox,
            say("classify.show"),
            sets,
            format_func=lambda name: f"{strangers_in(name)} ({title_of(sets[name])})",
            key=_key(net),
            label_visibility="collapsed",
            width=260,
        )
        if name not in asked:
            st.button(
                say("classify.show_2", name=strangers_in(name)),
                icon=":material/visibility:",
                type="primary",
                on_click=lambda: asked.append(name),
            )
        st.caption(say("classify.net_knows_only"))
    if name not in asked:
        return
    if shown is None or shown.name != name:
        st.rerun()  # a whole run prepares the pictures
    found = shown.found
    if found is None:
        return
    st.markdown(_says(text.literal(strangers_in(name)), found.logits, test, doubt))
    _wall(net, strangers_in(name), found, doubt)


def _wall(net: inside.Net, what: str, found: Strangers, doubt: Doubt) -> None:
    best = soften(found.logits, doubt.temperature).max(dim=1)
    count = len(found.logits)
    shown = torch.linspace(0, count - 1, min(_TILES, count)).round().long().tolist()
    picture_wall(
        key="strangers",
        title=say("classify.as_net_sees", capitalize=what.capitalize()),
        note=say("classify.spread_evenly_what", shown=len(shown), count=count, certain=_percent(_CERTAIN)),
        tiles=[
            {
                "png": png_base64(found.foreign.x[index] / net.dataset.test.scale),
                "name": found.foreign.names[index],
                "answer": classes_of(net.dataset)[int(best.indices[index])],
                "share": float(best.values[index]),
                "refused": float(best.values[index]) < doubt.threshold,
            }
            for index in shown
        ],
    )


def _says(what: str, logits: Tensor, test: Outputs, doubt: Doubt) -> str:
    def certain(temperature: float) -> float:
        return float((soften(logits, temperature).amax(dim=1) > _CERTAIN).double().mean())

    said = say("classify.answered_more_than", certain=text.percent(certain(1.0)), logits=len(logits), what=what)
    if doubt.temperature != 1.0:
        said += say(
            "classify.temperature",
            temperature=doubt.temperature,
            temperature_2=text.percent(certain(doubt.temperature)),
        )
    if doubt.threshold:
        away = float((soften(logits, doubt.temperature).amax(dim=1) < doubt.threshold).double().mean())
        lost = 1 - keep_at(test.probabilities(doubt.temperature), test.labels, doubt.threshold).coverage
        said += say(
            "classify.threshold_turns_them",
            threshold=_percent(doubt.threshold),
            away=text.percent(away),
            lost=text.percent(lost),
        )
    return said + "."


def _percent(share: float) -> str:
    """0.8 -> "80 %", 0.9999 -> "99.99 %"."""
    return text.percent(round(share, 4), "g")


def _key(net: inside.Net) -> str:
    return f"strangers-{net.dataset.name}"
