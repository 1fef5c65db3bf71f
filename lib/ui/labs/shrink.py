"""Shrink it: fewer bits for each weight, or fewer weights; what that saves, and where it breaks."""

import streamlit as st
from torch import nn

from lib.explain import record_activations
from lib.explain.surgery import convolutions
from lib.labs.fooling import answers
from lib.labs.learning import accuracy
from lib.labs.packing import packed
from lib.labs.shrinking import BITS, PRUNED, cliff, layers_with_weights, shrunk, size_in_bytes
from lib.ui.components.flip_book import flip_book
from lib.ui.labs.parts import once, smaller, table
from lib.ui.labs.picture import any_picture
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Chosen, Net
from lib.ui.setup.controls import held
from lib.ui.words import percent, say, text
from lib.ui.words.field import classes_of

_MEASURED = 500  # test pictures
_ALL = "all"
_WAYS = ("bits", "weights")


@st.fragment
def show(net: Net) -> None:
    """One slider through ever smaller copies, the answer and the maps of each; then the table, and the copy to take."""
    model = net.model()[1]
    with any_picture(net) as chosen:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            way = held(
                st.segmented_control,
                say("lab_shrink.way"),
                _WAYS,
                first="bits",
                format_func=lambda name: say(f"lab_shrink.{name}"),
                key="shrink-way",
                required=True,
            )
            names = layers_with_weights(model)
            layer = held(
                st.selectbox,
                say("lab_shrink.layer"),
                [_ALL, *names],
                format_func=lambda name: say("lab_shrink.all") if name == _ALL else name,
                key=f"shrink-layer-{'-'.join(names)}",
                width=170,
            )
        layers = None if layer == _ALL else [layer]
        amounts = [(bits, 0) for bits in BITS] if way == "bits" else [(32, part) for part in PRUNED]
        copies = [shrunk(model, bits, part, layers) for bits, part in amounts]
        if chosen is not None:
            _leaf(net, chosen, way, amounts, copies)
        sizes = [size_in_bytes(model, bits, part, layers) for bits, part in amounts]
        _table(net, way, amounts, copies, sizes)
        _take_home(net, model, way, layers)


def _name(way: str, amount: tuple[int, int]) -> str:
    return say("lab_shrink.of_bits", count=amount[0]) if way == "bits" else say("lab_shrink.without", part=amount[1])


def _leaf(net: Net, chosen: Chosen, way: str, amounts: list[tuple[int, int]], copies: list[nn.Sequential]) -> None:
    scale, first = net.dataset.test.scale, convolutions(copies[0])[:1]
    picture = png_base64(chosen.x[0] / scale)
    shares = [answers(copy, chosen.x)[0].tolist() for copy in copies]
    answer = {
        "title": say("lab_shrink.answer"),
        "sentence": say("lab_shrink.answer_note"),
        "first": None,
        "frames": [{"png": picture, "shares": each} for each in shares],
    }
    columns = [answer]
    if first:
        maps = [_mosaic(copy, chosen, first[0]) for copy in copies]
        columns.append(
            {
                "title": say("lab_shrink.maps", layer=first[0]),
                "sentence": say("lab_shrink.maps_note"),
                "first": None,
                "frames": [{"png": png, "shares": each} for png, each in zip(maps, shares, strict=True)],
            }
        )
    flip_book(
        key=f"shrink-{way}",
        slider=say(f"lab_shrink.{way}"),
        stops=[_name(way, amount) for amount in amounts],
        columns=columns,
        classes=classes_of(net.dataset),
        from_class=int(max(range(len(shares[0])), key=shares[0].__getitem__)),
    )


def _mosaic(model: nn.Sequential, chosen: Chosen, layer: str) -> str:
    """The first nine maps of a layer as one picture, each as bright as the brightest of all."""
    maps = record_activations(model, chosen.x, [layer])[layer][:9]
    side = 1 if len(maps) == 1 else 2 if len(maps) <= 4 else 3
    rows, columns = maps.shape[1:]
    canvas = maps.new_zeros(1, side * rows, side * columns)
    for place, each in enumerate(maps[: side * side]):
        row, column = divmod(place, side)
        canvas[0, row * rows : (row + 1) * rows, column * columns : (column + 1) * columns] = each
    low, high = float(canvas.min()), float(canvas.max())
    return png_base64((canvas - low) * (255 / max(high - low, 1e-9)))


def _table(net: Net, way: str, amounts: list[tuple[int, int]], copies: list[nn.Sequential], sizes: list[int]) -> None:
    """Size and accuracy of each copy, and where the cliff is."""
    if not len(net.dataset.test):
        return
    test = smaller(net.dataset.test, _MEASURED)
    found = once(("shrink", net.id, net.model()[0], way, *sizes), lambda: [accuracy(copy, test) for copy in copies])
    rows = [
        (_name(way, amount), text.size(size), percent(share))
        for amount, size, share in zip(amounts, sizes, found, strict=True)
    ]
    place = cliff(found)
    if place is None:
        st.markdown(say("lab_shrink.no_cliff"))
    else:
        st.markdown(say("lab_shrink.cliff", name=rows[place][0], share=rows[place][2], whole=rows[0][2]))
    pictures = min(_MEASURED, len(net.dataset.test))
    table(
        [(say("lab_shrink.copy"), say("lab_shrink.size"), say("lab_shrink.accuracy", pictures=pictures)), *rows],
        "shrink-table",
    )


def _take_home(net: Net, model: nn.Sequential, way: str, layers: list[str] | None) -> None:
    """A file with the packed numbers."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        offered = BITS[1:] if way == "bits" else PRUNED[1:]
        amount = held(
            st.selectbox,
            say("lab_shrink.take"),
            offered,
            format_func=lambda each: _name(way, (each, each)),
            key=f"shrink-take-{way}",
            width=230,
        )
        bits, part = (amount, 0) if way == "bits" else (32, amount)
        file = packed(shrunk(model, bits, part, layers), net.config, net.model()[0])
        st.download_button(
            say("lab_shrink.download", size=text.size(len(file))),
            file,
            f"glasshouse-{net.id}-{way}-{amount}.safetensors",
            "application/octet-stream",
            icon=":material/download:",
        )
