"""What matters to the net: which parts of a picture speak for a class, by three methods side by side."""

from typing import Any, NamedTuple

import streamlit as st
from torch import nn

from lib.explain.attribution import occlusion, saliency
from lib.explain.surgery import convolutions
from lib.training import predict
from lib.ui.components.attribution import attribution, encode_map
from lib.ui.look_inside.telling import telling_picture
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.familiar import answer_label
from lib.ui.net.grad_cam import grad_cam_panel
from lib.ui.net.picture import can_be_asked, chosen_picture, refresh_seconds
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.field import classes_of

_OWN_ANSWER = -1
_COVERS = {"black": 0.0, "grey": 0.5, "white": 1.0}  # shares of the largest pixel
_LEAST_DROP = 0.01  # a smaller drop of the probability is drawn as almost nothing
_PATCHES = (1, 2, 3, 4, 5, 7, 9, 12)


class _Asked(NamedTuple):
    label: int  # class index, or _OWN_ANSWER
    layer: str | None  # for Grad-CAM
    patch: int
    stride: int
    cover: str


@st.fragment
def show(net: inside.Net) -> None:
    """Grad-CAM, saliency and occlusion of one picture; a stroke or another choice runs only this again."""
    with chosen_picture(net, telling_picture(net)) as chosen:
        if chosen is None:
            return
        asked = _controls(net)
        st.fragment(_draw, run_every=refresh_seconds(net))(net, chosen, asked)


def _controls(net: inside.Net) -> _Asked:
    classes = classes_of(net.dataset)
    layers = convolutions(net.model()[1])
    smaller = min(net.dataset.input_shape[1:])
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="matters-controls"):
        label = held(
            st.selectbox,
            say("look_inside.what_speaks"),
            [_OWN_ANSWER, *range(len(classes))],
            format_func=lambda index: (
                say("look_inside.net_s_answer") if index == _OWN_ANSWER else f"{index} · {classes[index]}"
            ),
            key=f"matters-class-{net.dataset.name}",
            width=210,
        )
        layer = None
        if layers:
            layer = held(
                st.selectbox,
                say("look_inside.layer_grad_cam"),
                layers,
                first=layers[-1],
                key=f"matters-layer-{'-'.join(layers)}",
                help=say("look_inside.any_convolution_last"),
                width=150,
            )
        patches = [patch for patch in _PATCHES if patch <= smaller]
        patch = held(
            st.select_slider,
            say("look_inside.patch_occlusion_test"),
            patches,
            first=max(patch for patch in patches if patch <= max(smaller / 4, 1)),
            format_func=lambda side: f"{side}×{side}",
            key=f"matters-patch-{smaller}",
            width=190,
        )
        strides = [stride for stride in (1, 2, 3, 4) if stride <= patch]
        stride = held(
            st.select_slider,
            say("look_inside.stride"),
            strides if len(strides) > 1 else [1, 2],
            first=min(2, strides[-1]),
            key=f"matters-stride-{strides[-1]}",
            disabled=len(strides) == 1,
            help=say("look_inside.how_far_patch"),
            width=110,
        )
        cover = held(
            st.segmented_control,
            say("look_inside.cover"),
            _COVERS,
            first="black",
            format_func=_called,
            key="matters-cover",
            required=True,
        )
    return _Asked(label, layer, patch, min(stride, patch), cover or "black")


def _draw(net: inside.Net, chosen: inside.Chosen, asked: _Asked) -> None:
    """Everything that changes while the net learns."""
    step, model = net.model()
    if not can_be_asked(model):
        return
    classes, scale = classes_of(net.dataset), net.dataset.test.scale
    shares = predict(model, chosen.x)[0]
    best = int(shares.argmax())
    label = best if asked.label == _OWN_ANSWER else asked.label
    answer = [{"label": answer_label(net, step, model, chosen), "text": classes[best], "share": float(shares[best])}]
    if label != best:
        answer.append({"label": say("look_inside.asked"), "text": classes[label], "share": float(shares[label])})
    attribution(
        key="matters",
        picture={"png": png_base64(chosen.x[0] / scale), "caption": chosen.caption},
        answer=answer,
        panels=_panels(model, chosen, asked, label, classes[label], 255 * scale),
        step=step,
    )


def _called(cover: str) -> str:
    return say(f"look_inside.cover_{cover}")


def _panels(
    model: nn.Module, chosen: inside.Chosen, asked: _Asked, label: int, name: str, white: float
) -> list[dict[str, Any]]:
    cam = grad_cam_panel(model, chosen, asked.layer, label, name)
    pixels = {"name": "saliency", "title": say("look_inside.saliency")} | encode_map(
        saliency(model, chosen.x, label).numpy()
    )
    pixels["sentence"] = say("look_inside.how_strongly_score", name=name)
    drop = occlusion(model, chosen.x, label, patch=asked.patch, stride=asked.stride, fill=_COVERS[asked.cover] * white)
    covered: dict[str, Any] = {"name": "occlusion", "title": say("look_inside.occlusion_test"), "share": True}
    covered |= encode_map(drop.numpy(), signed=True, least=_LEAST_DROP)
    covered["sentence"] = say(
        "look_inside.how_far_probability", name=name, cover=_called(asked.cover), patch=asked.patch
    )
    if float(drop.abs().max()) < _LEAST_DROP:
        covered["sentence"] += say("look_inside.no_single_place")
    return [cam, pixels, covered]
