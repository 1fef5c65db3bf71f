"""Do explanations lie? Scramble the net layer by layer, and see which of them notice."""

import streamlit as st
import torch

from lib.labs.fooling import answers
from lib.labs.scrambling import agreement, explanations, learning_layers, scrambled
from lib.ui.components.flip_book import flip_book
from lib.ui.labs.parts import table
from lib.ui.labs.picture import any_picture
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Net
from lib.ui.words import say
from lib.ui.words.field import classes_of


@st.fragment
def show(net: Net) -> None:
    """A slider over how many layers are scrambled, the maps of each method, and how far they agree with the first."""
    model, classes = net.model()[1], classes_of(net.dataset)
    names = list(reversed(learning_layers(model)))
    with any_picture(net) as chosen:
        if chosen is None:
            return
        label = int(answers(model, chosen.x)[0].argmax())
        copies = [scrambled(model, count) for count in range(len(names) + 1)]
        shares = [answers(copy, chosen.x)[0].tolist() for copy in copies]
        maps = [explanations(copy, chosen.x, label) for copy in copies]
        stops = [say("lab_scramble.whole"), *(say("lab_scramble.from", layer=name) for name in names)]
        flip_book(
            key="scramble",
            slider=say("lab_scramble.slider"),
            stops=stops,
            columns=[
                {
                    "title": say(f"lab_scramble.{method}"),
                    "sentence": say(f"lab_scramble.{method}_note"),
                    "first": None,
                    "frames": [
                        {"png": _bright(each[method]), "shares": share}
                        for each, share in zip(maps, shares, strict=True)
                    ],
                }
                for method in maps[0]
            ],
            classes=classes,
            from_class=label,
        )
        rows = [
            (say(f"lab_scramble.{method}"), *(f"{agreement(maps[0][method], each[method]):.2f}" for each in maps[1:]))
            for method in maps[0]
        ]
        st.markdown(f"**{say('lab_scramble.agreement')}**")
        table([(say("lab_scramble.method"), *stops[1:]), *rows], "scramble-table")


def _bright(values: torch.Tensor) -> str:
    """A map as a grey picture, its largest value white."""
    values = values.clamp_min(0)
    return png_base64(values[None] * (255 / max(float(values.max()), 1e-9)))
