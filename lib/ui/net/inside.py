"""One picture on its way through one net, as the components want it; and which picture that is."""

from typing import Any, NamedTuple

import streamlit as st
import torch
from PIL import Image
from torch import Tensor, nn

from lib.datasets import Dataset, Prepared, UnsafeImage, load_image, prepare
from lib.datasets.conventions import conventions
from lib.explain import record_activations
from lib.models import describe
from lib.models.shapes import Planned, plan
from lib.pictures.load import load_drawing
from lib.runs import Run
from lib.runs.ready import ReadyNet
from lib.training import NoAnswer
from lib.ui.components.canvas import SIDE, canvas
from lib.ui.components.feature_maps import Normalise, encode_maps
from lib.ui.net.answers import png_base64
from lib.ui.net.feeding import feeding
from lib.ui.serve import uploads
from lib.ui.setup.controls import held
from lib.ui.words import say, text

Net = Run | ReadyNet  # both have `name`, `config`, `dataset` and `model()`

SHEET = "drawing"  # the canvas that stays the same from page to page
_SOURCES = {"draw": "Draw", "sample": "Sample", "upload": "Upload"}
_MOST_BYTES_MB = 5
_FIRST_CLASS = {"doodles": 6}  # a smiley greets


class Chosen(NamedTuple):
    """A picture for the net: `x` `(1, C, H, W)`, what it is, and how it became that."""

    x: Tensor
    caption: str
    truth: int | None  # class index, for pictures of the data set
    prepared: Prepared | None
    image: Image.Image | None = None  # before its preparation
    turn: int | None = None  # of a drawing: how often its sheet has changed


def choose_source(first: str) -> str:
    """Let the person decide where the picture comes from: "draw", "sample" or "upload"."""
    chosen: str | None = held(
        st.segmented_control,
        "Picture",
        _SOURCES,
        first=first,
        format_func=_SOURCES.__getitem__,
        key=f"picture-source-{first}",
        label_visibility="collapsed",
        required=True,
    )
    return chosen or first


def choose_picture(source: str, data: Dataset, *, followed: bool = False) -> Chosen | None:
    """Let the person draw, take a test picture or upload one; None while there is none.

    followed: a net in the page follows the pen, and the drawing comes when it has come to rest
    """
    match source:
        case "draw":
            return _drawn(data, followed)
        case "upload":
            return _uploaded(data)
        case _:
            return _sample(data)


def drawing_or_sample(data: Dataset, *, followed: bool = False) -> Chosen:
    """The drawing, and until there is one a test picture, so that the net is lit from the first moment."""
    drawn = _drawn(data, followed)
    return drawn or sample_of(data, _FIRST_CLASS.get(data.name, 0))


def _drawn(data: Dataset, followed: bool) -> Chosen | None:
    drawing = canvas(key=SHEET, label=f"Draw one of: {', '.join(data.classes)}", followed=followed).drawing
    st.caption(f"Try {_listed(tuple(map(text.literal, data.classes)))}.")
    if not drawing["png"]:
        return None
    try:
        image = load_drawing(drawing["png"], SIDE)
    except UnsafeImage as problem:
        st.error(str(problem), icon=":material/broken_image:")
        return None
    prepared = prepare(image, data)
    return Chosen(prepared.tensor, "your drawing", None, prepared, image, drawing["turn"])


def _uploaded(data: Dataset) -> Chosen | None:
    file = st.file_uploader(
        "A picture: PNG, JPEG, WebP, BMP or GIF",
        key="upload",
        max_upload_size=_MOST_BYTES_MB,
        help="It stays in this machine's memory and is never stored.",
    )
    if file is None:
        return None
    problem = uploads.refused(file)
    try:
        image = load_image(file.getvalue()) if problem is None else None
    except UnsafeImage as refusal:
        problem, image = refusal.reason, None
        uploads.refuse(file, problem)
    if image is None:
        st.error(f"{text.literal(file.name)}: {problem}", icon=":material/broken_image:")
        return None
    prepared = prepare(image, data)
    sides = (data.input_shape[2], data.input_shape[1])
    if image.size != sides:
        st.caption(f"{describe(image.size)} pixels, made {describe(sides)} the way the training pictures were.")
    if prepared.doubt:
        st.warning(prepared.doubt, icon=":material/crop:")
    return Chosen(prepared.tensor, file.name, None, prepared, image)


def _sample(data: Dataset) -> Chosen:
    if not len(data.test):
        st.caption(say("missing.no_sample"))
        return empty_sheet(data)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        label = held(
            st.selectbox,
            "Class of the sample",
            range(len(data.classes)),
            first=_FIRST_CLASS.get(data.name, len(data.classes) - 1),
            format_func=lambda index: f"{index} · {data.classes[index]}",
            key=f"sample-class-{data.name}",
            label_visibility="collapsed",
            width=220,
        )
        st.button("Another", icon=":material/casino:", on_click=_next_sample, help="Another test picture of it")
    return sample_of(data, label, st.session_state.get("sample", 0))


def sample_of(data: Dataset, label: int, number: int = 0) -> Chosen:
    """The test picture with this number among those of a class; an empty sheet where no test pictures are here."""
    if not len(data.test):
        return empty_sheet(data)
    those = (data.test.labels == label).nonzero().flatten()
    if len(those) == 0:  # a small test split can lack a class
        those = torch.arange(len(data.test))
    index = int(those[number % len(those)])
    x, _ = data.test.batch(torch.tensor([index]))
    truth = int(data.test.labels[index])
    return Chosen(x, f"test picture {index:,}: {data.classes[truth]}", truth, None)


def empty_sheet(data: Dataset) -> Chosen:
    """A picture with nothing on it, in place of one that is not here."""
    paper = 0.0 if conventions(data).light_ink else 255 * data.test.scale
    return Chosen(torch.full((1, *data.input_shape), paper), say("missing.sheet"), None, None)


def _next_sample() -> None:
    st.session_state["sample"] = st.session_state.get("sample", 0) + 1


def view(
    net: Net,
    chosen: Chosen,
    normalise: Normalise = "map",
    model: nn.Sequential | None = None,
    step: int | None = None,
    *,
    with_rows: bool = False,
) -> dict[str, Any]:
    """Send the picture through the net as it is now, or as it was at `step` with `model`; for `feature_maps`.

    with_rows: also the layers that are rows of numbers, flattened and dense, where there are maps before them.
    """
    data = net.dataset
    if model is None:
        step, model = net.model()
    *_, last = plan(net.config.model, data.input_shape, len(data.classes))
    steps = shown_steps(net, with_rows=with_rows)
    activations = record_activations(model, chosen.x)
    if not bool(activations[last.name].isfinite().all()):
        raise NoAnswer
    links = feeding(model, [s.name for s in steps], activations)
    layers = [
        {"name": s.name, "kind": s.layer.drawn, "caption": s.layer.caption(s.output_shape), "links": links[s.name]}
        | encode_maps(activations[s.name].numpy(), normalise=normalise)
        for s in steps
    ]
    return {
        "picture": {
            "title": "Picture" if chosen.image is None else "Your picture",
            "png": png_base64(chosen.x[0] / data.test.scale),
            "caption": f"{describe(data.input_shape[1:])} · {chosen.caption}",
        },
        "layers": layers,
        "answer": {
            "classes": list(data.classes),
            "probabilities": activations[last.name].softmax(0).tolist(),
            "truth": chosen.truth,
            "links": links[last.name],
        },
        "normalise": normalise,
        "step": step,
    }


def first_convolution(model: nn.Sequential) -> tuple[str, nn.Conv2d] | None:
    """The name and the module of the first convolution, if the net has one."""
    return next(((name, module) for name, module in model.named_children() if isinstance(module, nn.Conv2d)), None)


def shown_steps(net: Net, *, with_rows: bool = False) -> list[Planned]:
    """The layers that `view` shows of a net."""
    *before, _ = plan(net.config.model, net.dataset.input_shape, len(net.dataset.classes))
    return [step for step in before if _is_shown(step, with_rows or not _has_maps(net))]


def _has_maps(net: Net) -> bool:
    return any(layer.convolves for layer in net.config.model.layers)


def _is_shown(step: Planned, with_rows: bool) -> bool:
    """Maps of convolutions and poolings, and rows of numbers on request."""
    return step.layer.shown == "maps" or (with_rows and step.layer.shown == "row")


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
