"""One iteration under the microscope: a real training step on a copy of the net, and one weight of it by hand."""

from base64 import b64encode
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from lib.losses import LOSSES
from lib.models import describe
from lib.ui.components.microscope import microscope
from lib.ui.learn import training_copy
from lib.ui.learn.by_hand import one_weight_by_hand
from lib.ui.learn.heard import you_may_have_read
from lib.ui.learn.leads import Lead, leads_to, name_of
from lib.ui.learn.training_copy import Step, last_step
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked
from lib.ui.setup.controls import held
from lib.ui.words import field, for_browser, say
from lib.ui.words.field import classes_of

_ORIGINS = ("start", "now")
_MOST_SIDE = 28  # of a picture of weights


@st.fragment
def show(net: inside.Net) -> None:
    """A press does one iteration and shows every stage of it."""
    if not can_be_asked(net.model()[1]) or lacks_pictures(net, "iteration"):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="iteration-controls"):
        origin = held(
            st.segmented_control,
            say("iteration.origin"),
            _ORIGINS,
            first="start",
            format_func=lambda name: say(f"iteration.origin_{name}"),
            key="iteration-origin",
            label_visibility="collapsed",
            required=True,
        )
        st.caption(say("iteration.copy", name=name_of(net)))
    step = last_step(net, origin or "start")
    microscope(
        key="microscope",
        words=for_browser("iteration"),
        number=step.number,
        pictures=_pictures(net, step),
        layers=_layers(step),
        code=_code(net, step),
        change=_change(step),
        loss=(step.seen.loss, step.seen.loss_after),
        note=say("iteration.note", step=step.iteration, rate=step.rate),
        on_press=training_copy.go_on,
    )
    one_weight_by_hand(net, step)
    you_may_have_read("strengthened")
    leads_to(
        Lead("train", "leads.single_step"),
        Lead("look_inside", "leads.backwards", {"view": "backwards"}),
        Lead("look_inside", "leads.forward"),
    )


def _pictures(net: inside.Net, step: Step) -> list[dict[str, Any]]:
    data, seen = net.dataset, step.seen
    answers = seen.logits.argmax(1).tolist()
    return [
        {
            "png": png_base64(picture / data.train.scale),
            "label": classes_of(data)[label],
            "answer": classes_of(data)[answer],
            "loss": loss,
        }
        for picture, label, answer, loss in zip(seen.x, seen.y.tolist(), answers, seen.losses.tolist(), strict=True)
    ]


def _layers(step: Step) -> list[dict[str, Any]]:
    """How large a layer's values, gradients and changes are: the mean size of one of them."""
    seen = step.seen
    rows: list[dict[str, Any]] = []
    for name, shape in seen.shapes.items():
        weights = f"{name}.weight"
        known = weights in seen.gradients
        rows.append(
            {
                "name": name,
                "shape": describe(shape),
                "activity": seen.activity[name],
                "gradient": float(seen.gradients[weights].abs().mean()) if known else None,
                "change": float((seen.after[weights] - seen.before[weights]).abs().mean()) if known else None,
            }
        )
    return rows


def _code(net: inside.Net, step: Step) -> list[dict[str, str]]:
    """What just ran, as five lines of PyTorch with this batch's shapes."""
    seen, train = step.seen, net.config.train
    lines = (
        "x, y = next(batches)",
        "logits = model(x)",
        LOSSES[train.loss].line,
        "loss.backward()",
        "optimizer.step()",
    )
    remarks = (
        f"x {tuple(seen.x.shape)}, y {tuple(seen.y.shape)}",
        f"logits {tuple(seen.logits.shape)}",
        say("iteration.remark_loss", loss=seen.loss),
        say("iteration.remark_backward", parameters=seen.parameters),
        say("iteration.remark_step", optimizer=field.OPTIMIZER_TITLES[train.optimizer], rate=step.rate),
    )
    return [{"line": line, "remark": f"# {remark}"} for line, remark in zip(lines, remarks, strict=True)]


def _change(step: Step) -> dict[str, Any] | None:
    """The first weights of the net as a picture: before, what the step added, and after."""
    name = next((name for name, value in step.seen.before.items() if value.ndim in (2, 4)), None)
    if name is None:
        return None
    before, after = (_tiled(weights[name], step.seen.x) for weights in (step.seen.before, step.seen.after))
    most = max(_largest(before), _largest(after))
    images = [
        {"title": say(f"iteration.weights_{kind}"), "most": max(limit, 1e-12)} | _encoded(values)
        for kind, values, limit in (
            ("before", before, most),
            ("added", after - before, _largest(after - before)),
            ("after", after, most),
        )
    ]
    return {"title": say("iteration.change_title", name=name), "images": images}


def _tiled(weights: Tensor, x: Tensor) -> Tensor:
    """Filters side by side, a dense layer's rows as pictures where they fit one; `(height, width)`."""
    if weights.ndim == 2 and weights.shape[1] == x[0].numel():
        weights = weights.reshape(-1, *x.shape[1:])
    if weights.ndim == 2:
        return weights[:_MOST_SIDE, :_MOST_SIDE]
    tiles = weights[:9].mean(dim=1)  # over the channels
    side = min(3, len(tiles)) if len(tiles) < 9 else 3
    height, width = tiles.shape[1:]
    sheet = torch.full((-(-len(tiles) // side) * (height + 1), side * (width + 1)), torch.nan)
    for place, tile in enumerate(tiles):
        row, column = place // side * (height + 1), place % side * (width + 1)
        sheet[row : row + height, column : column + width] = tile
    return sheet[:-1, :-1]


def _largest(values: Tensor) -> float:
    """Of the numbers among them: between tiles there are none."""
    return float(values.abs().nan_to_num(0).max())


def _encoded(values: Tensor) -> dict[str, Any]:
    height, width = values.shape
    return {
        "width": width,
        "height": height,
        "data": b64encode(values.numpy().astype(np.dtype("<f4")).tobytes()).decode(),
    }
