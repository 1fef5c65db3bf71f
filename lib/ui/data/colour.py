"""Colour: three planes stacked, number by number, and what they cost the first layer."""

import numpy as np
import streamlit as st
import torch
from PIL import ImageOps
from torch import Tensor

from lib.config import Conv2d, Dense, Flatten, ModelConfig, RunConfig
from lib.datasets import Dataset, DatasetInfo, DatasetUnavailable, UnsafeImage, list_datasets, load_dataset, load_image
from lib.datasets.sample_picture import colour_sample
from lib.models import summarize
from lib.ui.components.picture_numbers import picture_numbers
from lib.ui.serve import uploads
from lib.ui.setup import allowed, session
from lib.ui.setup.controls import held
from lib.ui.words import for_browser, say
from lib.ui.words.field import classes_of, title_of
from lib.ui.words.text import literal

_SIDE = 32
_MOST_BYTES_MB = 5


def show(config: RunConfig, info: DatasetInfo) -> None:  # noqa: ARG001  (every view is called alike)
    """A colour picture beside what its planes make of a net."""
    sets = [each for each in list_datasets(session.owner()) if each.available and each.input_shape[0] == 3]
    sources = [*(each.name for each in sets), "drawn", "upload"]
    titles = {each.name: say("data.colour_set", name=title_of(each)) for each in sets}
    titles |= {"drawn": say("data.colour_drawn"), "upload": say("data.colour_upload")}
    source = held(
        st.segmented_control,
        say("data.colour_source"),
        sources,
        first=sources[0],
        format_func=titles.__getitem__,
        key=f"data-colour-{len(sets)}",
        required=True,
        label_visibility="collapsed",
    )
    with st.container(key="stack-colour"):
        left, right = st.columns([0.58, 0.42], gap="large")
    with left:
        picture = _picture(source or "drawn", titles)
    with right, st.container(border=True, key="data-colour-why", gap="small"):
        st.markdown(f"**{say('data.colour_title')}**")
        st.markdown(say("data.colour_about"))
        if not sets:
            st.caption(say("data.colour_none_here"))
        _cost(_SIDE if picture is None else picture.shape[1])


def _picture(source: str, titles: dict[str, str]) -> Tensor | None:
    """Draw the chosen picture and its planes; `(3, H, W)`, None while there is none."""
    label = None
    match source:
        case "drawn":
            pixels, caption = colour_sample(_SIDE), say("data.colour_drawn_note")
        case "upload":
            uploaded = _uploaded()
            if uploaded is None:
                return None
            pixels, caption = uploaded
        case name:
            try:
                data = load_dataset(name)
            except DatasetUnavailable as problem:
                st.error(say("data.not_here", name=literal(titles[name]), problem=problem), icon=":material/error:")
                return None
            pixels, caption, label = _sample(data)
    picture_numbers(
        key="data-colour-numbers",
        words=for_browser("data"),
        pixels=pixels,
        scale=1 / 255,
        caption=caption,
        label=label,
    )
    return pixels


def _sample(data: Dataset) -> tuple[Tensor, str, dict[str, object]]:
    st.button(say("data.another"), icon=":material/casino:", on_click=_next, key="data-colour-another")
    place = st.session_state.get("data-colour-place", 0) % len(data.test)
    label = int(data.test.labels[place])
    told = {"index": label, "name": classes_of(data)[label], "classes": list(classes_of(data))}
    return data.test.pixels(slice(place, place + 1))[0], say("data.caption", part=say("data.test"), place=place), told


def _next() -> None:
    st.session_state["data-colour-place"] = st.session_state.get("data-colour-place", 0) + 1


def _uploaded() -> tuple[Tensor, str] | None:
    file = allowed.uploader(
        say("data.upload"), key="data-colour-file", max_upload_size=_MOST_BYTES_MB, help=say("data.upload_help")
    )
    if file is None:
        st.info(say("data.upload_first"), icon=":material/image:")
        return None
    problem = uploads.refused(file)
    try:
        image = load_image(file.getvalue()) if problem is None else None
    except UnsafeImage as refusal:
        problem, image = refusal.reason, None
        uploads.refuse(file, problem)
    if image is None:
        st.error(f"{literal(file.name)}: {problem}", icon=":material/broken_image:")
        return None
    pixels = torch.from_numpy(np.array(ImageOps.fit(image, (_SIDE, _SIDE)))).permute(2, 0, 1)
    return pixels, say("data.shrunk", name=file.name, side=_SIDE)


def _cost(side: int) -> None:
    """Parameters of a first layer on one plane and on three, side by side."""
    st.markdown(f"**{say('data.more_channels')}**")
    layers = {
        say("data.dense_first"): ModelConfig(layers=(Flatten(), Dense(128))),
        say("data.conv_first"): ModelConfig(layers=(Conv2d(64, 7), Flatten())),
    }
    columns: dict[str, list[str]] = {say("data.first_layer", side=side): list(layers)}
    counts = {planes: [_first(model, (planes, side, side)) for model in layers.values()] for planes in (1, 3)}
    columns[say("data.one_plane")] = [say("lesson.as_count", value=count) for count in counts[1]]
    columns[say("data.three_planes")] = [say("lesson.as_count", value=count) for count in counts[3]]
    st.table(columns, hide_index=True, border="horizontal")
    st.caption(say("data.channels_note"))


def _first(model: ModelConfig, shape: tuple[int, int, int]) -> int:
    """Parameters of the first layer that has any."""
    return next(row.parameters for row in summarize(model, shape, 10).rows if row.parameters)
