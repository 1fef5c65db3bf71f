"""Convolution, pooling, flatten: where to try them, and what they cost beside dense layers."""

import streamlit as st

from lib.datasets import list_datasets
from lib.models import preset, summarize
from lib.runs.limits import TooMuch
from lib.runs.time_needed import estimate
from lib.ui.components.cost_bars import cost_bars
from lib.ui.components.cost_chart import cost_chart
from lib.ui.components.flat_row import flat_row
from lib.ui.learn.heard import you_may_have_read
from lib.ui.learn.leads import Lead, leads_to, link
from lib.ui.net import inside
from lib.ui.setup.controls import held
from lib.ui.words import for_browser, say, text

_SHOWN = ("two-layer-sigmoid", "dense-286k", "small-cnn", "lenet-5", "article-cnn")
_FIRST = ("two-layer-sigmoid", "dense-286k", "small-cnn", "article-cnn")
_DATA = "fashion-mnist"  # whose sizes the seconds are for, whether its files are here or not
_ASK_EVERY = 1.0  # seconds, while something is being measured

_BENCH = {"view": "bench"}
_TRY = (
    Lead("look_inside", "cost.try_slide", _BENCH | {"kernel": "blur"}),
    Lead("look_inside", "cost.try_vertical", _BENCH | {"kernel": "vertical"}),
    Lead("look_inside", "cost.try_horizontal", _BENCH | {"kernel": "horizontal"}),
    Lead("look_inside", "cost.try_both", _BENCH | {"kernel": "both"}),
    Lead("look_inside", "cost.try_max", _BENCH | {"kernel": "vertical", "pooling": "max"}),
    Lead("look_inside", "cost.try_average", _BENCH | {"kernel": "vertical", "pooling": "both"}),
    Lead("look_inside", "cost.try_maps", {"view": "maps"}),
    Lead("look_inside", "cost.try_flatten", {"view": "maps"}),
)


def show(net: inside.Net) -> None:
    """What convolution and pooling are for, and their price."""
    words = for_browser("cost", "fields")
    cost_chart(key="cost-chart", words=words)
    with st.container(key="stack-cost"):
        left, right = st.columns([0.55, 0.45], gap="medium")
    with left:
        picture = inside.sample_of(net.dataset, 0)
        pixels = picture.x[0].mean(dim=0) / (255 * net.dataset.test.scale)
        flat_row(key="flat-row", words=words, pixels=pixels.numpy(), caption=picture.caption)
    with right, st.container(border=True, key="try-filters", gap="xsmall"):
        st.markdown(f"**{say('cost.try_title')}**")
        st.caption(say("cost.try_hint"))
        for lead in _TRY:
            link(lead)
    _costs()
    you_may_have_read("convoluted", "matrix", "feeds_next", "computation")
    leads_to(
        Lead("train", "leads.build_it"),
        Lead("compare", "leads.dense_or_cnn"),
        Lead("look_inside", "leads.forward"),
    )


def _costs() -> None:
    with st.container(border=True, key="net-costs"):
        st.markdown(f"**{say('cost.bars_title')}**")
        chosen = held(
            st.pills,
            say("cost.bars_nets"),
            _SHOWN,
            selection_mode="multi",
            first=_FIRST,
            format_func=text.PRESET_TITLES.__getitem__,
            key="cost-nets",
            label_visibility="collapsed",
        )
        names = [name for name in _SHOWN if name in chosen]
        if not names:
            st.info(say("cost.bars_empty"), icon=":material/bar_chart:")
            return
        waits = any(_seconds(name) is None for name in names)
        st.fragment(_draw_costs, run_every=_ASK_EVERY if waits else None)(names, waits)


def _draw_costs(names: list[str], waited: bool) -> None:
    info = next(each for each in list_datasets() if each.name == _DATA)
    rows = []
    for name in names:
        summary = summarize(preset(name).model, info.input_shape, len(info.classes))
        rows.append(
            {
                "name": text.PRESET_TITLES[name],
                "parameters": summary.parameters,
                "multiply_adds": summary.multiply_adds,
                "seconds": _seconds(name),
            }
        )
    cost_bars(
        key="cost-bars", words=for_browser("cost"), rows=rows, note=say("cost.bars_note", pictures=info.train_count)
    )
    if waited and all(row["seconds"] is not None for row in rows):
        st.rerun(scope="app")  # everything is measured: no more asking


def _seconds(name: str) -> float | None:
    """Of an epoch on this machine, estimated from a few real steps; None while they are being timed."""
    info = next(each for each in list_datasets() if each.name == _DATA)
    try:
        found = estimate(
            preset(name), info.input_shape, len(info.classes), pictures=info.train_count, valid=info.test_count
        )
    except TooMuch:  # a machine that would not start it
        return None
    return None if found is None else found.seconds_per_epoch
