"""Weight [3, 17] of *your* net: the iteration that just ran, line by line by hand, checked against autograd."""

from functools import partial
from typing import NamedTuple

import numpy as np
import streamlit as st

from lib.explain.iteration import dense_end
from lib.explain.pencil_and_paper import ByHand, autograd_of_picture, by_hand, update_by_hand
from lib.models.build import FullyConnected
from lib.training import loss_of
from lib.ui.learn.training_copy import Step, memory
from lib.ui.learn.weight import choose_weight
from lib.ui.net import inside
from lib.ui.words import say

_FIRST = (3, 17)
_CLOSE = 1e-3  # of the larger of two numbers that count as equal ...
_TINY = 1e-6  # ... or both below this: PyTorch computes in single precision, the hand in double
_COLUMNS = ("what", "sum", "hand", "torch", "same")


class _Weight(NamedTuple):
    """One weight of one of the dense layers at the end of the net."""

    layers: dict[str, FullyConnected]
    layer: str
    unit: int
    place: int

    @property
    def name(self) -> str:
        return f"{self.layer}.weight"


class _Line(NamedTuple):
    """What it is, how it is computed, by hand, by PyTorch (None: that has no such number)."""

    what: str
    how: str
    hand: float
    torch: float | None


def one_weight_by_hand(net: inside.Net, step: Step) -> None:
    """Let the person choose a weight of the dense end, and do its part of the iteration by hand."""
    with st.container(border=True, key="by-hand"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.markdown(f"**{say('by_hand.title')}**", width="content")
            weight = _choose(step)
        found = by_hand(step.seen, weight.layers, weight.layer, weight.unit, weight.place, net.config.train.loss)
        lead = int(np.abs(found.errors * found.inputs).argmax())  # a picture to which this weight matters
        lines = [*_one_picture(net, step, weight, found, lead), *_whole_batch(net, step, weight, found)]
        rows = [_written(line) for line in lines]
        table = {say(f"by_hand.{column}"): [row[i] for row in rows] for i, column in enumerate(_COLUMNS)}
        alt = say("by_hand.alt", name=weight.name, unit=weight.unit, place=weight.place)
        st.table(table, hide_index=True, border="horizontal", alt=alt)
        st.caption(say("by_hand.note", pictures=len(found.errors), number=lead + 1))


def _choose(step: Step) -> _Weight:
    modules = {name: step.model.get_submodule(name) for name in dense_end(step.model)}
    layers = {name: module for name, module in modules.items() if isinstance(module, FullyConnected)}
    unit, place = _FIRST
    roomy = [name for name, each in layers.items() if each.in_features > place and each.out_features > unit]
    first = roomy[0] if roomy else next(reversed(layers))
    name, index = choose_weight(step.model, "by-hand", (f"{first}.weight", _FIRST), list(layers))
    return _Weight(layers, name.split(".")[0], *index)


def _one_picture(net: inside.Net, step: Step, weight: _Weight, found: ByHand, lead: int) -> list[_Line]:
    """From the neuron's value to this picture's gradient."""
    seen, loss = step.seen, net.config.train.loss
    of_weight, of_bias = autograd_of_picture(seen, weight.layers, weight.layer, lead, partial(loss_of, loss=loss))
    sum_, slope, right = float(found.sums[lead]), float(found.slopes[lead]), float(found.right[lead])
    arrived, returned, error = float(found.inputs[lead]), float(found.returned[lead]), float(found.errors[lead])
    back = "returned_last" if weight.layer == next(reversed(weight.layers)) else "returned_hidden"
    inputs = seen.inputs[weight.layer].shape[1]
    output = float(seen.outputs[weight.layer][lead, weight.unit])
    # Autograd's is of the mean over the batch.
    came_back = float(seen.output_gradients[weight.layer][lead, weight.unit]) * len(found.errors)
    return [
        _Line("forward", say("by_hand.forward_sum", inputs=inputs, z=sum_), float(found.outputs[lead]), output),
        _Line("loss", say(f"by_hand.loss_{loss}", p=right), float(found.losses[lead]), float(seen.losses[lead])),
        _Line("returned", say(f"by_hand.{back}", p=right), returned, came_back),
        _Line("error", say("by_hand.error_sum", back=returned, slope=slope), error, float(of_bias[weight.unit])),
        _Line(
            "product",
            say("by_hand.product_sum", error=error, a=arrived),
            error * arrived,
            float(of_weight[weight.unit, weight.place]),
        ),
    ]


def _whole_batch(net: inside.Net, step: Step, weight: _Weight, found: ByHand) -> list[_Line]:
    """From the gradient of the batch to the new weight; plain gradient descent beside other optimizers."""
    seen, train, index = step.seen, net.config.train, (weight.unit, weight.place)
    old, new = float(seen.before[weight.name][index]), float(seen.after[weight.name][index])
    gradient = found.gradient
    update = update_by_hand(train, step.rate, old, gradient, memory(step, weight.name, index))
    how = say("by_hand.gradient_sum", count=len(found.errors))
    lines = [
        _Line("gradient", how, gradient, float(seen.gradients[weight.name][index])),
        _Line(
            "update",
            say(f"by_hand.update_{train.optimizer}", rate=step.rate, gradient=gradient),
            update,
            new - old,
        ),
        _Line("new", say("by_hand.new_sum", weight=old, update=update), old + update, new),
    ]
    if train.optimizer != "sgd":
        plain = say("by_hand.update_sgd", rate=step.rate, gradient=gradient)
        lines.append(_Line("plain", plain, -step.rate * gradient, None))
    return lines


def _written(line: _Line) -> tuple[str, str, str, str, str]:
    hand, torch = line.hand, line.torch
    same = torch is not None and abs(hand - torch) <= max(_TINY, _CLOSE * max(abs(hand), abs(torch)))
    return (
        say(f"by_hand.{line.what}"),
        line.how,
        say("by_hand.number", value=hand),
        "" if torch is None else say("by_hand.number", value=torch),
        "" if torch is None else "✓" if same else "✗",
    )
