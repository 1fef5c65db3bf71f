"""Backwards: the loss of a picture goes back through every layer, and an optimizer makes steps of it."""

from typing import Any, NamedTuple

import streamlit as st
import torch
from torch import Tensor, nn

from lib.config import TrainConfig
from lib.explain.backwards import Backward, backward, gradient_sizes, updates
from lib.optimizers import OPTIMIZERS
from lib.runs import Run
from lib.training import TrainState, loss_of, predict
from lib.training.optimizers import make_optimizer
from lib.ui.components.bar_list import bar_list
from lib.ui.net import inside
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked, chosen_picture, refresh_seconds
from lib.ui.net.weight import choose_weight
from lib.ui.setup.controls import held
from lib.ui.words import text

_ONE, _BATCH = "this picture", "a training batch"
_MEASURES = {"norm": "L2 norm", "mean_absolute": "mean absolute"}
_NO_LOSS = 1e-3
_READ = (
    "Read it downwards: the loss is taken at the output, and each layer hands its share back to the layer before, "
    "until the input is reached. A bar that all but vanishes belongs to a layer that hardly learns."
)
_SURE = (
    "The net is sure of the right answer already, so there is next to nothing to hand back. Say another right answer, "
    "or take a training batch, and the gradients grow."
)


class _Lesson(NamedTuple):
    """What the loss is taken of."""

    x: Tensor
    y: Tensor
    what: str


class _Stepper(NamedTuple):
    """The run's own optimizer, with what it remembers."""

    optimizer: torch.optim.Optimizer
    rate: float
    memory: str  # a sentence about where that comes from


@st.fragment
def show(net: inside.Net) -> None:
    """Gradient size layer by layer, and one weight's way from gradient to update."""
    with chosen_picture(net) as chosen:
        with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="backwards-controls"):
            source = held(
                st.segmented_control,
                "Loss of",
                [_ONE] if lacks_pictures(net) else [_ONE, _BATCH],
                first=_ONE,
                key="backwards-source",
                required=True,
            )
            label = None
            if source != _BATCH and chosen is not None:
                label = _choose_label(net, chosen)
            measure = held(
                st.segmented_control,
                "Size of a gradient",
                _MEASURES,
                first="norm",
                format_func=_MEASURES.__getitem__,
                key="backwards-measure",
                required=True,
                help="L2 norm: the root of the sum of squares. Mean absolute: the size of a typical one.",
            )
        if source == _BATCH:
            lesson = _batch(net)
        elif chosen is not None and label is not None:
            lesson = _Lesson(chosen.x, torch.tensor([label]), f"{chosen.caption}, as “{net.dataset.classes[label]}”")
        else:
            return
        st.fragment(_draw, run_every=refresh_seconds(net))(net, lesson, measure or "norm")


def _choose_label(net: inside.Net, chosen: inside.Chosen) -> int:
    """The class that the picture should get: known for test pictures, else the person says it."""
    classes = net.dataset.classes
    first = chosen.truth if chosen.truth is not None else int(predict(net.model()[1], chosen.x)[0].argmax())
    said: int = held(
        st.selectbox,
        "The right answer is",
        range(len(classes)),
        first=first,
        format_func=lambda index: f"{index} · {classes[index]}",
        key=f"backwards-label-{net.dataset.name}-{chosen.truth}",
        help="The loss compares the net's answer with this class. Say another one and the gradients grow.",
        width=190,
    )
    return said


def _batch(net: inside.Net) -> _Lesson:
    size = min(net.config.train.batch_size, len(net.dataset.train))
    x, y = net.dataset.train.batch(slice(0, size))
    return _Lesson(x, y, f"the first {size:,} training pictures, one batch of this run")


def _draw(net: inside.Net, lesson: _Lesson, measure: str) -> None:
    """Everything that changes while the net learns."""
    step, model = net.model()
    if not can_be_asked(model):
        return
    config = net.config.train
    found = backward(model, lesson.x, lambda logits: loss_of(logits, lesson.y, config.loss))
    with st.container(key="stack-backwards"):
        left, right = st.columns([0.5, 0.5], gap="medium")
    with left:
        _sizes(found, lesson, measure, text.LOSS_TITLES[config.loss].lower(), step)
        st.caption(_SURE if found.loss < _NO_LOSS and len(lesson.x) == 1 else _READ)
    with right:
        _one_weight(net, model, found)


def _sizes(found: Backward, lesson: _Lesson, measure: str, loss: str, step: int) -> None:
    sizes = gradient_sizes(found.gradients)
    rows: list[dict[str, Any]] = []
    for size in sizes:
        value = float(getattr(size, measure))
        names = {"weight": "weights", "bias": "biases"}
        row = {"label": f"{size.count:,} {names[size.kind]}", "values": [value], "texts": [_short(value)]}
        if not any(size.layer == other.layer for other in sizes[: len(rows)]):
            row["group"] = size.layer
        rows.append(row)
    bar_list(
        key="backwards-sizes",
        title=f"Loss {found.loss:.3f}",
        note=f"{loss}, {lesson.what}. Gradients from the output to the input, at iteration {step:,}:",
        rows=rows,
        step=step,
    )


def _one_weight(net: inside.Net, model: nn.Sequential, found: Backward) -> None:
    layers = [name for name, module in model.named_children() if list(module.parameters(recurse=False))]
    with st.container(border=True, key="backwards-weight"):
        st.markdown("**One weight**: from its gradient to its new value")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            layer = held(
                st.selectbox,
                "Layer",
                layers,
                key=f"backwards-layer-{'-'.join(layers)}",
                width=130,
            )
            parameter, index = choose_weight(model, layer, "backwards")
        value = float(model.get_parameter(parameter)[index].detach())
        gradient = float(found.gradients[parameter][index])
        own = _stepper(net, model)
        other = _other(net.config.train, own.rate, model)
        columns = {}
        for title, optimizer in ((text.OPTIMIZER_TITLES[net.config.train.optimizer], own.optimizer), other):
            update = float(updates(model, optimizer, found.gradients)[parameter][index])
            columns[title] = [_signed(value), _signed(gradient), _signed(update), _signed(value + update)]
        rows = {"": ["value", "gradient", "update", "new value"]}
        st.table(rows | columns, hide_index=True, border="horizontal", alt=_said(parameter, index, columns))
        st.caption(_explain(gradient, own, net.config.train))


def _stepper(net: inside.Net, model: nn.Sequential) -> _Stepper:
    """The optimizer as the run left it at its last save; one that remembers nothing where there is none."""
    config = net.config.train
    kept = net.checkpoint() if isinstance(net, Run) else None
    if kept is None:
        return _Stepper(make_optimizer(model.parameters(), config), config.learning_rate, "It remembers no steps yet.")
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    state = TrainState(model, config, net.config.seed)
    state.restore(kept.tensors, kept.counters)
    model.load_state_dict(weights)  # the newest ones; those on disk may be some seconds older
    rate = state.effective_rate
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    return _Stepper(state.optimizer, rate, f"Its memory is that of iteration {state.step:,}, its last save.")


def _other(config: TrainConfig, rate: float, model: nn.Sequential) -> tuple[str, torch.optim.Optimizer]:
    """Plain gradient descent beside everything else, and Adam beside plain gradient descent."""
    name = "adam" if config.optimizer == "sgd" else "sgd"
    title = "Adam, its first step" if name == "adam" else "plain gradient descent"
    plain = config.model_copy(update={"optimizer": name, "learning_rate": rate, "weight_decay": 0.0})
    return title, make_optimizer(model.parameters(), plain)


def _explain(gradient: float, own: _Stepper, config: TrainConfig) -> str:
    direction = "raises" if gradient > 0 else "lowers"
    said = (
        f"Gradient: making this weight larger by a little {direction} the loss by {abs(gradient):.3g} times as much. "
    )
    if gradient == 0:
        said = "Gradient: a small change of this weight does not change the loss of this picture. "
    said += f"Update: what one step adds, at a learning rate of {text.rate(own.rate)}; "
    kind = OPTIMIZERS[config.optimizer]
    said += kind.steps.format(title=kind.title, memory=own.memory)
    return said


def _said(parameter: str, index: tuple[int, ...], columns: dict[str, list[str]]) -> str:
    where = ", ".join(str(place + 1) for place in index)
    told = "; ".join(
        f"with {title}: gradient {gradient}, update {update}, new value {new}"
        for title, (_, gradient, update, new) in columns.items()
    )
    return f"{parameter} at {where}: value {next(iter(columns.values()))[0]}; {told}"


def _short(value: float) -> str:
    return f"{value:.3g}" if value == 0 or value >= 1e-3 else f"{value:.1e}".replace("-", "−")


def _signed(value: float) -> str:
    """Six digits after the point, or a power of ten for what is smaller still."""
    said = f"{value:+.6f}" if value == 0 or abs(value) >= 1e-4 else f"{value:+.2e}"
    return said.replace("-", "−")
