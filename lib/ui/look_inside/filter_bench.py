"""Filter bench: what a filter is, tried out by hand on any picture; no training needed."""

import numpy as np
import streamlit as st
import torch
from PIL import Image
from torch import Tensor

from lib.ui.components.filter_bench import filter_bench
from lib.ui.net import inside
from lib.ui.net.picture import chosen_picture

_LONGEST_SIDE = 160  # pixels: every stroke of the brush slides over all of them


@st.fragment
def show(net: inside.Net) -> None:
    """A kernel to paint and what it makes of the picture."""
    with chosen_picture(net) as chosen:
        if chosen is not None:
            filter_bench(
                key="bench",
                pixels=_grey(chosen, net.dataset.test.scale).numpy(),
                caption=chosen.caption,
                asked={name: st.query_params[name] for name in ("kernel", "pooling") if name in st.query_params},
            )


def _grey(chosen: inside.Chosen, scale: float) -> Tensor:
    """The picture `(H, W)`, 0..1: of a drawing or a photo more than a net would see of it."""
    if chosen.prepared is None:
        return chosen.x[0].mean(dim=0) / (255 * scale)
    image = chosen.prepared.steps[0].image.convert("L")
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.asarray(image, dtype=np.float32) / 255)
