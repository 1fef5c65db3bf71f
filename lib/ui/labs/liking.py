"""What does this filter like? The training patches that excite it most, and a picture made to please it."""

import streamlit as st
import torch

from lib.explain.surgery import convolution_of, convolutions
from lib.labs.liking import Liked, most_liked, pleasing
from lib.ui.labs.parts import once, pictures, smaller
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Net
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.field import classes_of

_LOOKED_AT = 1_000  # training pictures


@st.fragment
def show(net: Net) -> None:
    """Choose a layer and a filter; its nine patches with their places, and the made picture beside them."""
    step, model = net.model()
    data = net.dataset
    layers = convolutions(model)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layer = held(st.selectbox, say("lab_liking.layer"), layers, key=f"liking-layer-{'-'.join(layers)}", width=170)
        count = convolution_of(model, layer).out_channels
        index = held(
            st.number_input,
            say("lab_liking.filter", last=count),
            key=f"liking-filter-{layer}-{count}",
            first=1,
            min_value=1,
            max_value=count,
            width=200,
        )
    split = smaller(data.train, _LOOKED_AT)
    key = ("liking", net.id, step, layer, index)
    found: list[Liked] = once(key, lambda: most_liked(model, layer, int(index) - 1, split))
    left, right = st.columns([0.68, 0.32], gap="large")
    with left:
        st.markdown(f"**{say('lab_liking.patches')}**")
        if found[0].answer <= 0:
            st.caption(say("lab_liking.silent"))
        tiles = []
        for each in found:
            picture = split.pixels(torch.tensor([each.picture]))[0].float()
            w = each.window
            patch = picture[:, w.top : w.bottom + 1, w.left : w.right + 1]
            name = classes_of(data)[int(split.labels[each.picture])]
            note = say("lab_liking.place", row=w.top + 1, column=w.left + 1, answer=f"{each.answer:.2f}")
            tiles.append((png_base64(patch), name, note, False))
            tiles.append((png_base64(_framed(picture, each)), "", "", False))
        pictures(tiles, "liking-patches")
    with right:
        st.markdown(f"**{say('lab_liking.made')}**")
        shape = data.input_shape
        white = 255 * data.test.scale
        made = once((*key, "made"), lambda: pleasing(model, layer, int(index) - 1, shape, white))
        pictures([(png_base64(made / data.test.scale), "", "", False)], "liking-made")
        st.caption(say("lab_liking.warning"))


def _framed(picture: torch.Tensor, liked: Liked) -> torch.Tensor:
    """The whole picture, darker but for the patch."""
    w = liked.window
    shown = picture * 0.45 + 25
    shown[:, w.top : w.bottom + 1, w.left : w.right + 1] = picture[:, w.top : w.bottom + 1, w.left : w.right + 1]
    return shown
