"""Backwards: the loss of a picture goes back through every layer, and an optimizer makes steps of it."""

from typing import Any, NamedTuple

import streamlit as st
import torch
from torch import Tensor, nn

from lib.config import TrainConfig
from lib.explain.backwards import Backward, backward, gradient_sizes, updates
from lib.optimizers import OPTIMIZERS
from lib.training import TrainState, loss_of, predict
from lib.training.optimizers import make_optimizer
from lib.ui.components.bar_list import bar_list
from lib.ui.net import inside
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked, chosen_picture, refresh_seconds
from lib.ui.net.weight import choose_weight
from lib.ui.setup.controls import held
from lib.ui.words import Said, field, say, text
from lib.ui.words.field import classes_of

_ONE, _BATCH = "this picture", "a training batch"
_SOURCES = Said({_ONE: "look_inside.this_picture", _BATCH: "look_inside.training_batch"})
_MEASURES = Said({"norm": "look_inside.norm", "mean_absolute": "look_inside.mean_absolute"})
_NO_LOSS = 1e-3


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
                say("look_inside.loss_2"),
                [_ONE] if lacks_pictures(net) else [_ONE, _BATCH],
                first=_ONE,
                format_func=_SOURCES.__getitem__,
                key="backwards-source",
                required=True,
            )
            label = None
            if source != _BATCH and chosen is not None:
                label = _choose_label(net, chosen)
            measure = held(
                st.segmented_control,
                say("look_inside.size_gradient"),
                _MEASURES,
                first="norm",
                format_func=_MEASURES.__getitem__,
                key="backwards-measure",
                required=True,
                help=say("look_inside.l_norm_root"),
            )
        if source == _BATCH:
            lesson = _batch(net)
        elif chosen is not None and label is not None:
            lesson = _Lesson(
                chosen.x,
                torch.tensor([label]),
                say("look_inside.as", caption=chosen.caption, classes=classes_of(net.dataset)[label]),
            )
        else:
            return
        st.fragment(_draw, run_every=refresh_seconds(net))(net, lesson, measure or "norm")


def _choose_label(net: inside.Net, chosen: inside.Chosen) -> int:
    """The class that the picture should get: known for test pictures, else the person says it."""
    classes = classes_of(net.dataset)
    first = chosen.truth if chosen.truth is not None else int(predict(net.model()[1], chosen.x)[0].argmax())
    said: int = held(
        st.selectbox,
        say("look_inside.right_answer"),
        range(len(classes)),
        first=first,
        format_func=lambda index: f"{index} · {classes[index]}",
        key=f"backwards-label-{net.dataset.name}-{chosen.truth}",
        help=say("look_inside.loss_compares_net"),
        width=190,
    )
    return said


def _batch(net: inside.Net) -> _Lesson:
    size = min(net.config.train.batch_size, len(net.dataset.train))
    x, y = net.dataset.train.batch(slice(0, size))
    return _Lesson(x, y, say("look_inside.first_training_pictures", size=size))


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
        _sizes(found, lesson, measure, field.LOSS_TITLES[config.loss].lower(), step)
        st.caption(
            say("look_inside.sure_already")
            if found.loss < _NO_LOSS and len(lesson.x) == 1
            else say("look_inside.read_downwards")
        )
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
        title=say("look_inside.loss", loss=found.loss),
        note=say("look_inside.gradients_from_output", loss=loss, what=lesson.what, step=step),
        rows=rows,
        step=step,
    )


def _one_weight(net: inside.Net, model: nn.Sequential, found: Backward) -> None:
    layers = [name for name, module in model.named_children() if list(module.parameters(recurse=False))]
    with st.container(border=True, key="backwards-weight"):
        st.markdown(say("look_inside.one_weight_from"))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            layer = held(
                st.selectbox,
                say("look_inside.layer"),
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
        for title, optimizer in ((field.OPTIMIZER_TITLES[net.config.train.optimizer], own.optimizer), other):
            update = float(updates(model, optimizer, found.gradients)[parameter][index])
            columns[title] = [_signed(value), _signed(gradient), _signed(update), _signed(value + update)]
        rows = {
            "": [say(f"look_inside.{name}") for name in ("value_name", "gradient_name", "update_name", "new_value")]
        }
        st.table(rows | columns, hide_index=True, border="horizontal", alt=_said(parameter, index, columns))
        st.caption(_explain(gradient, own, net.config.train))


def _stepper(net: inside.Net, model: nn.Sequential) -> _Stepper:
    """The optimizer as the run left it at its last save; one that remembers nothing where there is none."""
    config = net.config.train
    kept = net.checkpoint()
    if kept is None:
        return _Stepper(
            make_optimizer(model.parameters(), config), config.learning_rate, say("look_inside.remembers_no_steps")
        )
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    state = TrainState(model, config, net.config.seed)
    state.restore(kept.tensors, kept.counters)
    model.load_state_dict(weights)  # the newest ones; those on disk may be some seconds older
    rate = state.effective_rate
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    return _Stepper(state.optimizer, rate, say("look_inside.memory_iteration_last", step=state.step))


def _other(config: TrainConfig, rate: float, model: nn.Sequential) -> tuple[str, torch.optim.Optimizer]:
    """Plain gradient descent beside everything else, and Adam beside plain gradient descent."""
    name = "adam" if config.optimizer == "sgd" else "sgd"
    title = say("look_inside.adam_first_step") if name == "adam" else say("look_inside.plain_gradient_descent")
    plain = config.model_copy(update={"optimizer": name, "learning_rate": rate, "weight_decay": 0.0})
    return title, make_optimizer(model.parameters(), plain)


def _explain(gradient: float, own: _Stepper, config: TrainConfig) -> str:
    direction = say("look_inside.raises") if gradient > 0 else say("look_inside.lowers")
    said = say("look_inside.gradient_making_weight", direction=direction, gradient=abs(gradient))
    if gradient == 0:
        said = say("look_inside.gradient_small_change")
    said += say("look_inside.update_what_one", rate=text.rate(own.rate))
    kind = OPTIMIZERS[config.optimizer]
    said += say(f"field.{kind.steps}", title=field.OPTIMIZER_TITLES[config.optimizer], memory=own.memory)
    return said


def _said(parameter: str, index: tuple[int, ...], columns: dict[str, list[str]]) -> str:
    where = ", ".join(str(place + 1) for place in index)
    told = "; ".join(
        say("look_inside.gradient_update_new", title=title, gradient=gradient, update=update, new=new)
        for title, (_, gradient, update, new) in columns.items()
    )
    return say("look_inside.value", parameter=parameter, where=where, values=next(iter(columns.values()))[0], told=told)


def _short(value: float) -> str:
    return f"{value:.3g}" if value == 0 or value >= 1e-3 else f"{value:.1e}".replace("-", "−")


def _signed(value: float) -> str:
    """Six digits after the point, or a power of ten for what is smaller still."""
    said = f"{value:+.6f}" if value == 0 or abs(value) >= 1e-4 else f"{value:+.2e}"
    return said.replace("-", "−")
