"""One picture on its way through one net, as the components want it; and which picture that is."""

from typing import Any, NamedTuple

import streamlit as st
import torch
from PIL import Image
from torch import Tensor, nn

from lib.datasets import Dataset, Prepared, UnsafeImage, load_image, prepare
from lib.datasets.measured_rules import conventions
from lib.explain import record_activations
from lib.models import describe
from lib.models.shapes import Planned, plan
from lib.nets.net import Net as Net  # the pages say `inside.Net`
from lib.pictures.load import load_drawing
from lib.training import NoAnswer
from lib.ui.components.canvas import SIDE, canvas
from lib.ui.components.feature_maps import Normalise, encode_maps
from lib.ui.net.answers import png_base64
from lib.ui.net.layer_inputs import feeding
from lib.ui.serve import uploads
from lib.ui.setup import allowed
from lib.ui.setup.controls import held
from lib.ui.words import Said, say, text
from lib.ui.words.field import caption, classes_of
from lib.ui.words.telling import problem_said

SHEET = "drawing"  # the canvas that stays the same from page to page
_SOURCES = Said(
    {
        "draw": "net.sources_draw",
        "sample": "net.sources_sample",
        "upload": "net.sources_upload",
        "camera": "net.sources_camera",
    }
)
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


def choose_source(first: str, *, camera: bool = False) -> str:
    """Let the person decide where the picture comes from: "draw", "sample", "upload" or, if wanted, "camera"."""
    chosen: str | None = held(
        st.segmented_control,
        say("net.picture"),
        [source for source in _SOURCES if camera or source != "camera"],
        first=first,
        format_func=_SOURCES.__getitem__,
        key=f"picture-source-{first}",
        label_visibility="collapsed",
        required=True,
        wrap=True,
    )
    return chosen or first


def choose_picture(
    source: str, data: Dataset, *, followed: bool = False, first: tuple[int, int] | None = None
) -> Chosen | None:
    """Let the person draw, take a test picture or upload one; None while there is none.

    followed: a net in the page follows the pen, and the drawing comes when it has come to rest
    first: class and number of the sample to begin with, where it is not the usual one
    """
    match source:
        case "draw":
            return _drawn(data, followed)
        case "upload":
            return _uploaded(data)
        case _:
            return _sample(data, first)


def drawing_or_sample(data: Dataset, *, followed: bool = False) -> Chosen:
    """The drawing, and until there is one a test picture, so that the net is lit from the first moment."""
    return _drawn(data, followed) or sample_of(data, first_class(data))


def first_class(data: Dataset) -> int:
    """The class whose picture greets."""
    return _FIRST_CLASS.get(data.name, 0)


def _drawn(data: Dataset, followed: bool) -> Chosen | None:
    label = say("net.draw_one", classes=", ".join(classes_of(data)))
    drawing = canvas(key=SHEET, label=label, followed=followed, example=_example(data)).drawing
    st.caption(say("net.try", literal=_listed(tuple(map(text.literal, classes_of(data))))))
    if not drawing["png"]:
        return None
    try:
        image = load_drawing(drawing["png"], SIDE)
    except UnsafeImage as problem:
        st.error(problem_said(problem), icon=":material/broken_image:")
        return None
    prepared = prepare(image, data)
    return Chosen(prepared.tensor, say("net.your_drawing"), None, prepared, image, drawing["turn"])


def _example(data: Dataset) -> str | None:
    """A picture that shows what one may draw, as a PNG; none of colours, which the pen does not have."""
    if data.input_shape[0] != 1:
        return None
    return png_base64(sample_of(data, first_class(data)).x[0] / data.test.scale)


def _uploaded(data: Dataset) -> Chosen | None:
    file = allowed.uploader(
        say("net.picture_png_jpeg"),
        key="upload",
        max_upload_size=_MOST_BYTES_MB,
        help=say("net.stays_machine_s"),
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
        st.caption(say("net.pixels_made_way", size=describe(image.size), sides=describe(sides)))
    if prepared.doubt:
        st.warning(prepared.doubt, icon=":material/crop:")
    return Chosen(prepared.tensor, file.name, None, prepared, image)


def _sample(data: Dataset, first: tuple[int, int] | None) -> Chosen:
    if not len(data.test):
        st.caption(say("missing.no_sample"))
        return empty_sheet(data)
    usual = _FIRST_CLASS.get(data.name, len(data.classes) - 1)
    begins, number = first or (usual, 0)
    which = "" if first is None else f"-{begins}-{number}"  # views that begin elsewhere leave the others alone
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        label = held(
            st.selectbox,
            say("net.class_sample"),
            range(len(data.classes)),
            first=begins,
            format_func=lambda index: f"{index} · {classes_of(data)[index]}",
            key=f"sample-class-{data.name}{which}",
            label_visibility="collapsed",
            width=220,
        )
        st.button(
            say("net.another"), icon=":material/casino:", on_click=_next_sample, help=say("net.another_test_picture")
        )
    seen = st.session_state.get("sample", 0)
    return sample_of(data, label, number + seen if label == begins else seen)


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
    return Chosen(x, say("net.test_picture", index=index, classes=classes_of(data)[truth]), truth, None)


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
        {
            "name": s.name,
            "kind": s.layer.drawn,
            "caption": over(s),
            "links": links[s.name],
        }
        | encode_maps(activations[s.name].numpy(), normalise=normalise)
        for s in steps
    ]
    return {
        "picture": {
            "title": say("net.picture") if chosen.image is None else say("net.your_picture"),
            "png": png_base64(chosen.x[0] / data.test.scale),
            "caption": f"{describe(data.input_shape[1:])} · {chosen.caption}",
        },
        "layers": layers,
        "answer": {
            "classes": list(classes_of(data)),
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


def over(step: Planned) -> str:
    """What stands over a layer's pictures: "8 filters 3×3, ReLU · 28×28"."""
    return caption(step.layer.caption(step.output_shape))


def _has_maps(net: Net) -> bool:
    return any(layer.convolves for layer in net.config.model.layers)


def _is_shown(step: Planned, with_rows: bool) -> bool:
    """Maps of convolutions and poolings, and rows of numbers on request."""
    return step.layer.shown == "maps" or (with_rows and step.layer.shown == "row")


def _listed(names: tuple[str, ...]) -> str:
    return say("net.or", first=", ".join(names[:-1]), last=names[-1])
