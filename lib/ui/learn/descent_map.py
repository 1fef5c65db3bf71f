"""This net's loss from above, over two directions, computed on request with progress and a way out."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import Any, NamedTuple

import streamlit as st
import torch
from torch import Tensor, nn

from lib.explain.landscape import losses_at, plane_of, random_direction, vector_of
from lib.ui.components.landscape import landscape
from lib.ui.learn.slice import loss_for, training_pictures
from lib.ui.net import inside
from lib.ui.words import percent, say

_WORK = 100_000_000_000  # multiply-adds of one map: some seconds
_SIDE, _SMALL_SIDE = 21, 13  # points along each direction; the smaller one where even the fewest pictures are slow
_MARGIN = 0.35  # of the way's extent, around it
_ASKED = "descent-map"
_SAY_SECONDS = 0.15


class Ground(NamedTuple):
    """What the map will show."""

    directions: Tensor  # (2, P)
    x: tuple[float, float]
    y: tuple[float, float]
    path: list[dict[str, float]]
    moments: list[nn.Sequential]
    share: float | None  # of the way that lies in the plane


# (net, step) -> what `landscape` draws; a classroom looks at the same few nets.
_drawn: OrderedDict[tuple[str, int], dict[str, Any]] = OrderedDict()
_MOST_DRAWN = 32


def draw_map(net: inside.Net, step: int, model: nn.Sequential, words: Mapping[str, Any]) -> None:
    """Show the map if it is known; else a button that computes it."""
    known = (net.id, step)
    # As tall as its neighbour: little moves when the map comes.
    with st.container(border=True, key="descent-map", height="stretch"):
        parameters = sum(value.numel() for value in model.parameters())
        st.markdown(f"**{say('descent.map_title', parameters=parameters)}**")
        asked = st.session_state.pop(_ASKED, None) == known  # so that anything pressed meanwhile ends it
        if known not in _drawn and asked:
            _compute(known, net, model)
        if known not in _drawn:
            _offer(net, known)
            return
        drawn = _drawn[known]
        held = None if drawn["share"] is None else percent(drawn["share"])
        st.caption(say("descent.map_random") if held is None else say("descent.map_way", share=held))
        landscape(key="landscape", words=words, **{name: drawn[name] for name in ("losses", "x", "y", "path")})


def _offer(net: inside.Net, known: tuple[str, int]) -> None:
    side, pictures = _size(net)
    st.caption(say("descent.map_hint"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            say("descent.map_draw"),
            icon=":material/map:",
            on_click=lambda: st.session_state.update({_ASKED: known}),
            key="descent-map-draw",
        )
        st.caption(say("descent.map_draw_hint", points=side**2, pictures=pictures))


def _size(net: inside.Net) -> tuple[int, int]:
    """Points along a side, and pictures."""
    x, _ = training_pictures(net, _WORK / _SIDE**2)
    return (_SIDE if len(x) > 16 else _SMALL_SIDE), min(len(x), 256)


def _compute(known: tuple[str, int], net: inside.Net, model: nn.Sequential) -> None:
    """Compute point by point; a press on Cancel, or on anything else, ends it at the next one."""
    waiting = st.empty()
    with waiting.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, say("descent.map_draw"))
        st.button(say("descent.cancel"), key="descent-map-cancel")
    ground = _ground(net, known[1], model)
    side, pictures = _size(net)
    x, y = (part[:pictures] for part in training_pictures(net, _WORK / _SIDE**2))
    loss = loss_for(net, y)
    grid = torch.cartesian_prod(torch.linspace(*ground.y, side), torch.linspace(*ground.x, side)).flip(1)
    losses = _with_progress(losses_at(model, x, loss, ground.directions, grid), len(grid), bar)
    with torch.no_grad():
        own = [float(loss(moment(x))) for moment in ground.moments]
    path = [place | {"loss": value} for place, value in zip(ground.path, own, strict=True)]
    heights = torch.tensor(losses).reshape(side, side).numpy()
    _drawn[known] = {"losses": heights, "x": ground.x, "y": ground.y, "path": path, "share": ground.share}
    while len(_drawn) > _MOST_DRAWN:
        _drawn.popitem(last=False)
    waiting.empty()


def _with_progress(parts: Iterator[float], points: int, bar: Any) -> list[float]:
    """Gather all values, saying how many are done and how long the rest will take."""
    found: list[float] = []
    began = said = perf_counter()
    for value in parts:
        found.append(value)
        now = perf_counter()
        if now - said > _SAY_SECONDS:
            said = now
            left = (now - began) / len(found) * (points - len(found))
            bar.progress(len(found) / points, say("descent.map_progress", done=len(found), points=points, left=left))
    return found


def _ground(net: inside.Net, step: int, model: nn.Sequential) -> Ground:
    """The plane of the way that a run walked; two random directions for a net without a past."""
    steps = [kept for kept in net.snapshots() if kept < step]
    moments = [moment for kept in steps if (moment := net.model_at(kept)) is not None]
    if len(moments) != len(steps) or len(moments) < 2:
        directions = torch.stack([random_direction(model, seed) for seed in (1, 2)])
        return Ground(directions, (-1.0, 1.0), (-1.0, 1.0), [], [], None)
    moments.append(model)
    plane = plane_of([vector_of(moment) for moment in moments])
    (left, bottom), (right, top) = plane.path.min(0).values.tolist(), plane.path.max(0).values.tolist()
    across, along = _MARGIN * (right - left), _MARGIN * max(top - bottom, (right - left) / 3)
    path = [{"x": x, "y": y, "step": at} for (x, y), at in zip(plane.path.tolist(), [*steps, step], strict=True)]
    return Ground(
        plane.directions, (left - across, right + across), (bottom - along, top + along), path, moments, plane.share
    )
