"""With and without a teacher: the same pictures in the groups that k-means finds, and under their labels."""

from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor, nn

from lib.datasets import spread
from lib.explain.clusters import Clustering, cluster
from lib.explain.projection import hidden_numbers, pixels, project_pca
from lib.parts import at_once
from lib.ui.components.clusters import clusters
from lib.ui.learn.leads import Lead, leads_to
from lib.ui.net import inside
from lib.ui.net.answers import png_base64
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked
from lib.ui.setup.controls import held
from lib.ui.words import for_browser, percent, say
from lib.ui.words.field import classes_of

_PICTURES = 600
_COLUMNS = 25  # of the sheet with all pictures
_MOST_GROUPS = 20
_FEATURES = ("net", "pixels")


@st.fragment
def show(net: inside.Net) -> None:
    """Group test pictures without their labels, and see how far that goes."""
    step, model = net.model()
    if not can_be_asked(model) or lacks_pictures(net, "clusters"):
        return
    data = net.dataset
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="clusters-controls"):
        features = held(
            st.segmented_control,
            say("clusters.features"),
            _FEATURES,
            first="net",
            format_func=lambda name: say(f"clusters.features_{name}"),
            key="clusters-features",
            required=True,
        )
        groups = held(
            st.slider,
            say("clusters.groups"),
            min_value=2,
            max_value=_MOST_GROUPS,
            first=min(len(data.classes), _MOST_GROUPS),
            key=f"clusters-groups-{len(data.classes)}",
            width=180,
        )
        seed = st.session_state.setdefault("clusters-seed", 0)
        st.button(say("clusters.again"), icon=":material/casino:", on_click=_again, help=say("clusters.again_help"))
    of_net = features != "pixels"
    known = (net.id, step if of_net else -1, str(features))
    values, points, answers = _laid_out(known, net, model, of_net)
    places = spread(len(data.test), _PICTURES)
    labels = data.test.labels[places]
    found = _sorted((*known, groups, seed), values, labels, groups, len(data.classes), seed)
    _say_result(found, labels, answers, len(data.classes))
    clusters(
        key="clusters",
        words=for_browser("clusters"),
        points=points,
        groups=found.groups.tolist(),
        labels=labels.tolist(),
        answers=answers.tolist(),
        classes=classes_of(data),
        names=found.names,
        sprite=_sheet(net, places),
    )
    st.markdown(f":material/school: {say('clusters.three_ways')}")
    leads_to(Lead("diagnose", "leads.mistakes"), Lead("data", "leads.labels"), Lead("train", "leads.build_it"))


def _again() -> None:
    st.session_state["clusters-seed"] += 1


@st.cache_data(show_spinner=False, max_entries=60)
def _laid_out(
    known: tuple[str, int, str],  # noqa: ARG001  (what the cache goes by)
    _net: inside.Net,
    _model: nn.Sequential,
    _of_net: bool,
) -> tuple[Any, list[tuple[float, float]], Any]:
    """The rows that are sorted, their places in the plane (0..1), and the net's own answers."""
    places = spread(len(_net.dataset.test), _PICTURES)
    values = (
        at_once(hidden_numbers(_model, _net.dataset.test, places)) if _of_net else pixels(_net.dataset.test, places)
    )
    flat = project_pca(values).points
    low, high = flat.min(axis=0), flat.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    with torch.no_grad():
        answers = torch.cat([_model(_net.dataset.test.batch(part)[0]).argmax(1) for part in torch.split(places, 250)])
    return values, [(float(x), float(y)) for x, y in (flat - low) / extent], answers.numpy()


@st.cache_data(show_spinner=False, max_entries=300)
def _counted(
    known: tuple[Any, ...],  # noqa: ARG001
    _values: Any,
    _labels: Tensor,
    groups: int,
    classes: int,
    seed: int,
) -> tuple[Any, Any]:
    found = cluster(_values, _labels, groups, classes, seed)
    return found.groups, found.counts


def _sorted(known: tuple[Any, ...], values: Any, labels: Tensor, groups: int, classes: int, seed: int) -> Clustering:
    return Clustering(*_counted(known, values, labels, min(groups, len(values)), classes, seed))


def _say_result(found: Clustering, labels: Tensor, answers: Any, classes: int) -> None:
    right = float((torch.from_numpy(answers) == labels).double().mean())
    left, middle, last = st.columns(3)
    left.metric(say("clusters.purity"), percent(found.purity), help=say("clusters.purity_help"))
    middle.metric(say("clusters.taught"), percent(right), help=say("clusters.taught_help"))
    last.metric(say("clusters.guessing"), percent(1 / classes))


@st.cache_data(show_spinner=False, max_entries=20)
def _sheet_of(known: tuple[str, int], _images: Tensor, _scale: float) -> dict[str, Any]:  # noqa: ARG001
    count, channels, height, width = _images.shape
    rows = -(-count // _COLUMNS)
    sheet = torch.zeros((channels, rows * height, _COLUMNS * width))
    for place, image in enumerate(_images):
        row, column = place // _COLUMNS * height, place % _COLUMNS * width
        sheet[:, row : row + height, column : column + width] = image
    return {"png": png_base64(sheet), "columns": _COLUMNS, "width": width, "height": height}


def _sheet(net: inside.Net, places: Tensor) -> dict[str, Any]:
    """All pictures in one, row by row."""
    sheet: dict[str, Any] = _sheet_of((net.id, len(places)), net.dataset.test.pixels(places), net.dataset.test.scale)
    return sheet
