"""One line through this net's real loss: along a weight, the way it walked, or a random direction."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
import torch
from torch import Tensor, nn

from lib.explain.backwards import backward
from lib.explain.landscape import losses_at, one_weight, random_direction, slope_along, vector_of
from lib.models import summarize
from lib.training import loss_of
from lib.ui.learn.weight import choose_weight
from lib.ui.net import inside
from lib.ui.setup.controls import held
from lib.ui.words import say

_POINTS = 41
_WORK = 8_000_000_000  # multiply-adds of one slice, well under a second
_FEWEST, _MOST = 16, 512  # pictures
_REACH = 8.0  # standard deviations of a layer's weights to each side, along a weight; at least 3
_OFF = 0.7  # how far from the net the ball begins, as a share of the reach


class Slice(NamedTuple):
    """Losses along a line, and where the net stands on it."""

    kind: str
    positions: list[float]
    losses: list[float]
    here: float
    start: float  # where a ball begins
    axis: str
    note: str
    pictures: int
    parameters: int


class Line(NamedTuple):
    """A direction, the positions on it, and where on it the net is."""

    direction: Tensor
    positions: Tensor
    here: float
    axis: str
    known: str  # tells it from all other lines of this net


def choose_slice(net: inside.Net, step: int, model: nn.Sequential) -> Slice:
    """Let the person choose a line, and compute the loss along it."""
    kinds = ["weight", *(["way"] if _first_moment(net, step) is not None else []), "random"]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="slice-controls"):
        kind = held(
            st.segmented_control,
            say("descent.along"),
            kinds,
            first=kinds[0],
            format_func=lambda name: say(f"descent.along_{name}"),
            key=f"slice-kind-{len(kinds)}",
            required=True,
        )
        line = _line(net, step, model, kind or "weight")
    x, y = training_pictures(net, _WORK / _POINTS)
    loss = loss_for(net, y)
    losses, slope = _losses((net.id, step, line.known), model, x, loss, line)
    parameters = sum(value.numel() for value in model.parameters())
    note = say("descent.own_slope", slope=slope, step=step, parameters=parameters)
    positions = line.positions.tolist()
    return Slice(
        kind or "weight", positions, losses, line.here, _start(line, losses), line.axis, note, len(x), parameters
    )


def _start(line: Line, losses: list[float]) -> float:
    """The random start of a way; else off to the side where the loss is higher."""
    if line.known == "way":
        return 0.0
    side = line.positions[0] if losses[0] > losses[-1] else line.positions[-1]
    return round(line.here + _OFF * (float(side) - line.here), 3)


def training_pictures(net: inside.Net, work: float) -> tuple[Tensor, Tensor]:
    """Pictures and labels for one look at the loss: as many training pictures as `work` multiply-adds allow."""
    data = net.dataset
    cost = summarize(net.config.model, data.input_shape, len(data.classes)).multiply_adds
    count = min(len(data.train), max(_FEWEST, min(_MOST, int(work / max(cost, 1)))))
    return data.train.batch(torch.linspace(0, len(data.train) - 1, count, dtype=torch.float64).round().long())


def loss_for(net: inside.Net, y: Tensor) -> Callable[[Tensor], Tensor]:
    """The loss that this net was trained with, on these labels."""
    return lambda logits: loss_of(logits, y, net.config.train.loss)


def _line(net: inside.Net, step: int, model: nn.Sequential, kind: str) -> Line:
    match kind:
        case "weight":
            parameter, index = choose_weight(model, "slice", first=_strongest(net, step, model))
            weights = model.get_parameter(parameter).detach()
            value, reach = float(weights[index]), max(3.0, _REACH * float(weights.std()))
            axis = say("descent.value_of", name=parameter, place=", ".join(map(str, index)))
            positions = torch.linspace(-reach, reach, _POINTS) + value
            return Line(one_weight(model, parameter, index), positions, value, axis, f"{parameter}{index}")
        case "way":
            first = _first_moment(net, step)
            assert first is not None
            way = vector_of(model) - vector_of(first)
            return Line(way, torch.linspace(-0.5, 1.5, _POINTS), 1.0, say("descent.start_to_now"), "way")
        case _:
            seed = st.session_state.setdefault("slice-seed", 0)
            st.button(say("descent.another"), on_click=_another, icon=":material/casino:")
            positions = torch.linspace(-1, 1, _POINTS)
            return Line(random_direction(model, seed), positions, 0.0, say("descent.direction_axis"), f"random{seed}")


def _strongest(net: inside.Net, step: int, model: nn.Sequential) -> tuple[str, tuple[int, ...]]:
    """The weight of the class layer to which the loss is steepest: there is something to see."""
    key = f"slice-first-{net.id}-{step}"
    if key not in st.session_state:
        x, y = training_pictures(net, _WORK / _POINTS)
        *_, layer = (name for name, _ in model.named_children())
        steepness = backward(model, x, loss_for(net, y)).gradients[f"{layer}.weight"].abs()
        place = int(steepness.argmax())
        st.session_state[key] = (f"{layer}.weight", divmod(place, steepness.shape[1]))
    found: tuple[str, tuple[int, ...]] = st.session_state[key]
    return found


def _another() -> None:
    st.session_state["slice-seed"] += 1


def _first_moment(net: inside.Net, step: int) -> nn.Sequential | None:
    """The net as it began, if that was kept and is not now."""
    moments = net.snapshots()
    return net.model_at(moments[0]) if moments and moments[0] < step else None


@st.cache_data(show_spinner=False, max_entries=500)
def _losses(
    known: tuple[str, int, str],  # noqa: ARG001  (what the cache goes by)
    _model: nn.Sequential,
    _x: Tensor,
    _loss: Callable[[Tensor], Tensor],
    _line: Line,
) -> tuple[list[float], float]:
    away = (_line.positions - _line.here)[:, None]
    losses = list(losses_at(_model, _x, _loss, _line.direction[None], away))
    most = max((loss for loss in losses if loss != float("inf")), default=0.0)
    return [min(loss, most) for loss in losses], slope_along(_model, _x, _loss, _line.direction)
