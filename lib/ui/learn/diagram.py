"""A net's diagram with live values: this net, or a preset as it is before any training."""

from typing import Any

import streamlit as st
from torch import Tensor, nn

from lib.activations import ACTIVATIONS
from lib.config import ModelConfig
from lib.explain import record_activations
from lib.models import ShapeError, build_model, list_presets, preset
from lib.models.build import Convolution, FullyConnected
from lib.models.shapes import Planned, plan
from lib.training import predict
from lib.ui.components.net_diagram import net_diagram
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.setup.controls import held
from lib.ui.words import field, for_browser, percent, say, text
from lib.ui.words.field import classes_of
from lib.ui.words.telling import problem_said

_MOST_UNITS, _MOST_MAPS = 10, 7
_OWN = "own"


def show_diagram(net: inside.Net) -> None:
    """Let the person choose a net and a picture, and light the one with the other."""
    data = net.dataset
    with st.container(border=True, key="diagram"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="diagram-controls"):
            st.markdown(f"**{say('neurons.diagram_title')}**", width="content")
            presets = [name for name in list_presets() if not name.endswith(("-unscaled", "-fast"))]
            chosen = held(
                st.selectbox,
                say("neurons.diagram_net"),
                [_OWN, *presets],
                format_func=lambda name: say("neurons.own") if name == _OWN else text.PRESET_TITLES[name],
                key="diagram-net",
                label_visibility="collapsed",
                width=195,
            )
            label = held(
                st.selectbox,
                say("neurons.diagram_picture"),
                range(len(data.classes)),
                format_func=classes_of(data).__getitem__,
                key=f"diagram-class-{data.name}",
                label_visibility="collapsed",
                width=140,
            )
        picture = inside.sample_of(data, label)
        config = net.config.model if chosen == _OWN else preset(chosen).model
        try:
            columns = _columns(net, config, chosen == _OWN, picture.x)
        except ShapeError as problem:
            st.info(problem_said(problem), icon=":material/info:")
            return
        net_diagram(
            key="net-diagram",
            words=for_browser("neurons"),
            picture={"png": png_base64(picture.x[0] / data.test.scale), "caption": picture.caption},
            columns=columns,
        )
        st.caption(say("neurons.diagram_own" if chosen == _OWN else "neurons.diagram_random"))


def _columns(net: inside.Net, config: ModelConfig, is_own: bool, x: Tensor) -> list[dict[str, Any]]:
    data = net.dataset
    planned = plan(config, data.input_shape, len(data.classes))
    model = net.model()[1] if is_own else build_model(config, data.input_shape, len(data.classes))
    kept = record_activations(model, x)
    columns: list[dict[str, Any]] = []
    arriving = x[0].flatten()
    for number, step in enumerate(planned):
        values = kept[step.name]
        module = model.get_submodule(step.name)
        is_last = number == len(planned) - 1
        if step.layer.kind in ("dropout", "batch_norm"):  # they change numbers, but are no neurons of their own
            arriving = values.flatten()
            continue
        column = _maps(step, module, values) if values.ndim == 3 else _units(step, module, values, arriving, columns)
        if is_last:
            shares = predict(model, x)[0].tolist()
            for node in column["nodes"]:
                share = shares[node["index"]]
                name = classes_of(data)[node["index"]]
                node |= {"value": share, "label": f"{name} {percent(share)}"}
                node["said"] += " " + say("neurons.said_softmax", share=percent(share), name=name)
        columns.append(column)
        arriving = values.flatten()
    return columns


def _shown(total: int, most: int) -> list[int]:
    """So many places, spread evenly."""
    return sorted({round(i * (total - 1) / max(min(most, total) - 1, 1)) for i in range(min(most, total))})


def _maps(step: Planned, module: nn.Module, values: Tensor) -> dict[str, Any]:
    nodes = []
    for index in _shown(len(values), _MOST_MAPS):
        said = say("neurons.said_map", layer=step.name, number=index + 1, mean=float(values[index].mean()))
        if isinstance(module, Convolution):
            said += " " + say("neurons.said_filter", weights=module.weight[index].numel())
        nodes.append({"index": index, "value": float(values[index].mean()), "png": _png(values[index]), "said": said})
    height, width = values.shape[1:]
    return {
        "name": step.name,
        "kind": "maps",
        "caption": f"{len(values)} × {height}×{width}",
        "total": len(values),
        "nodes": nodes,
        "edges": None,
    }


def _png(values: Tensor) -> str:
    """A map on its own scale, in grey."""
    low, high = float(values.min()), float(values.max())
    return png_base64((values[None] - low) / max(high - low, 1e-9) * 255)


def _units(
    step: Planned, module: nn.Module, values: Tensor, arriving: Tensor, columns: list[dict[str, Any]]
) -> dict[str, Any]:
    """A dense layer's neurons; a flattened row or a row of means has none of its own."""
    column = {"name": step.name, "kind": "row", "caption": f"{len(values):,}", "total": len(values), "nodes": []}
    if not isinstance(module, FullyConnected):
        return column | {"edges": None}
    before = columns[-1] if columns and columns[-1]["kind"] == "units" else None
    most = len(values) if len(values) <= _MOST_UNITS + 2 else _MOST_UNITS
    nodes, edges = [], []
    for index in _shown(len(values), most):
        weights = module.weight[index].detach()
        bias = float(module.bias[index].detach())
        said = say(
            "neurons.said_unit",
            layer=step.name,
            number=index + 1,
            weights=len(weights),
            sum=float(weights @ arriving),
            bias=bias,
            before=float(weights @ arriving) + bias,
        )
        if ACTIVATIONS[module.activation].bends:
            named = field.ACTIVATION_TITLES[module.activation]
            said += " " + say("neurons.said_activation", name=named, value=float(values[index]))
        nodes.append({"index": index, "value": float(values[index]), "said": said})
        if before:
            edges.append([float(weights[node["index"]]) for node in before["nodes"]])
    return column | {"kind": "units", "nodes": nodes, "edges": edges or None}
