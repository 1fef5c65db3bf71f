"""Surgery: mute filters and change weights on a copy of the net, and see what that does to its answers."""

import json
from collections import OrderedDict
from time import monotonic

import streamlit as st
from torch import nn

from lib.explain import record_activations
from lib.explain.surgery import Score, convolution_of, convolutions, score, without_each_filter
from lib.training import predict
from lib.ui.components import heard
from lib.ui.components.bar_list import bar_list
from lib.ui.components.feature_maps import encode_maps
from lib.ui.components.filter_grid import encode_filters
from lib.ui.components.filter_switches import Switch, filter_switches
from lib.ui.look_inside import patient
from lib.ui.look_inside.patient import Patient, patient_of
from lib.ui.net import inside
from lib.ui.net.familiar import said_of
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked, chosen_picture, is_learning
from lib.ui.net.weight import choose_weight
from lib.ui.setup.controls import held
from lib.ui.words import text

_PICTURES = (500, 2_000, 10_000)
_RANK = "surgery-rank"  # the layer whose ranking was asked for, until it is there or not wanted any more
_UNDER_WAY = "surgery-under-way"  # what is ranked just now, its generator, and how far it is
_TICK = 0.4  # seconds of work between two looks at what the person pressed
# (net, step, layer, pictures) -> accuracy without each filter; a classroom looks at the same few nets.
_ranked: OrderedDict[tuple[str, int, str, int], list[float]] = OrderedDict()
_MOST_RANKED = 64


@st.fragment
def show(net: inside.Net) -> None:
    """Filters as switches, one weight to change, and accuracy before and after."""
    copy = patient_of(net)
    if not convolutions(copy.before):
        st.info(
            "This net has no convolution, so it has no filters to mute. Add a Conv layer on Train, or choose another "
            "net above.",
            icon=":material/content_cut:",
        )
        return
    if not can_be_asked(copy.before):
        return
    with chosen_picture(net) as chosen:
        layer, pictures = _controls(net, copy)
        with st.container(key="stack-surgery"):
            left, right = st.columns([0.58, 0.42], gap="medium")
        with left:
            _switches(copy, layer, chosen)
            _weight_editor(copy, layer)
            ranked = st.container()
        with right:
            if not lacks_pictures(net, "accuracy"):
                _accuracy(net, copy, pictures)
            if chosen is not None:
                _answer(net, copy, chosen)
        with ranked:  # last: it may take a while, and everything else is there meanwhile
            if not lacks_pictures(net):
                _ranking(net, copy, layer, pictures)


def _controls(net: inside.Net, copy: Patient) -> tuple[str, int]:
    layers = convolutions(copy.before)
    there = len(net.dataset.test)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="surgery-controls"):
        layer = held(st.selectbox, "Layer", layers, key=f"surgery-layer-{'-'.join(layers)}", width=150)
        pictures = 0
        if there:
            pictures = held(
                st.selectbox,
                "Measured on",
                sorted({min(count, there) for count in _PICTURES}),
                format_func=lambda count: f"{'all ' if count == there else ''}{count:,} test pictures",
                key=f"surgery-pictures-{there}",
                width=210,
                help="Spread evenly over the test pictures.",
            )
        done = len(copy.operations)
        st.button("Undo", icon=":material/undo:", on_click=patient.undo, disabled=not done)
        st.button("Reset", icon=":material/restart_alt:", on_click=patient.reset, disabled=not done)
        if is_learning(net):
            st.button(
                "Newest weights",
                icon=":material/refresh:",
                on_click=patient.forget,
                help="Take a new copy of the net as it is now; what was done to the old one is dropped.",
            )
    st.caption(
        f"You operate on a copy, taken at iteration {copy.step:,}. {net.name[0].upper()}{net.name[1:]} itself is never "
        "changed."
    )
    return layer, pictures


def _switches(copy: Patient, layer: str, chosen: inside.Chosen | None) -> None:
    convolution = convolution_of(copy.before, layer)
    maps = None
    if chosen is not None:
        maps = encode_maps(record_activations(copy.after, chosen.x, [layer])[layer].numpy(), normalise="layer")
    key = f"switches-{layer}"

    def toggle() -> None:
        pressed = heard(key, "toggled", Switch)
        if pressed and pressed.index < convolution.out_channels:
            patient.toggle(layer, pressed.index)

    changed = {edit.index[0] for edit in copy.edits if edit.parameter.split(".")[0] == layer}
    filter_switches(
        key=key,
        title=f"{layer}: press a filter to mute it",
        filters=encode_filters(convolution.weight.detach().numpy()),
        maps=maps,
        muted=sorted(copy.muted[layer]),
        edited=sorted(changed),
        on_toggled=toggle,
    )


def _weight_editor(copy: Patient, layer: str) -> None:
    with st.container(border=True, key="surgery-weight"):
        st.markdown(f"**Change one weight of {layer}**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            parameter, index = choose_weight(copy.before, layer, "surgery")
            learned = float(copy.before.get_parameter(parameter)[index].detach())
            present = next(
                (e.value for e in reversed(copy.edits) if (e.parameter, e.index) == (parameter, index)), learned
            )
            where = f"{parameter}-{'-'.join(map(str, index))}"
            value = held(
                st.number_input,
                "New value",
                first=present,
                step=0.1,
                format="%.4f",
                key=f"surgery-value-{where}-{present}",
                width=120,
            )
            st.button(
                "Set",
                on_click=patient.set_weight,
                args=(parameter, index, value),
                disabled=value == present,
                help="Give the weight this value in the copy.",
            )
        said = f"Learned: {learned:+.4f}." + (f" In the copy: {present:+.4f}." if present != learned else "")
        said = said.replace("-", "−")
        if index[0] in copy.muted[layer]:
            said += " Its filter is muted, so this shows only after it may speak again."
        st.caption(said)


@st.cache_data(max_entries=256, show_spinner=False)
def _scored(what: tuple[str, int, str, int], _net: inside.Net, _model: nn.Sequential) -> Score:
    """Measure a net; `what` tells it from all others: which run, of which step, operations, number of pictures."""
    return score(_model, _net.dataset.test, len(_net.dataset.classes), what[-1])


def _accuracy(net: inside.Net, copy: Patient, pictures: int) -> None:
    before = after = _scored((net.id, copy.step, "", pictures), net, copy.before)
    if copy.operations:
        after = _scored((net.id, copy.step, json.dumps(copy.operations), pictures), net, copy.after)
    rows: list[tuple[str, float | None, float | None]] = [("all classes", before.accuracy, after.accuracy)]
    rows += zip(net.dataset.classes, before.class_accuracy, after.class_accuracy, strict=True)
    bar_list(
        key="surgery-accuracy",
        title="Accuracy before → after",
        note=f"on {before.pictures:,} of {len(net.dataset.test):,} test pictures",
        names=("before", "after"),
        limit=1.0,
        rows=[
            {
                "label": name,
                "values": [old, new],
                "texts": ["–" if share is None else text.percent(share) for share in (old, new)],
                "best": place == 0,
            }
            for place, (name, old, new) in enumerate(rows)
        ],
    )


def _answer(net: inside.Net, copy: Patient, chosen: inside.Chosen) -> None:
    before, after = predict(copy.before, chosen.x)[0].tolist(), predict(copy.after, chosen.x)[0].tolist()
    likely = sorted(range(len(before)), key=lambda index: -max(before[index], after[index]))[:3]
    bar_list(
        key="surgery-answer",
        title="The answer to this picture",
        note=chosen.caption + said_of(net, copy.step, copy.before, chosen),
        names=("before", "after"),
        limit=1.0,
        rows=[
            {
                "label": net.dataset.classes[index],
                "values": [before[index], after[index]],
                "texts": [text.percent(before[index]), text.percent(after[index])],
            }
            for index in likely
        ],
    )


def _ranking(net: inside.Net, copy: Patient, layer: str, pictures: int) -> None:
    """Show the list if it is known; else a button that makes it, with progress and a way out."""
    known = (net.id, copy.step, layer, pictures)
    if known not in _ranked and st.session_state.get(_RANK) == layer:
        st.fragment(_rank, run_every=0.05)(known, net, copy)
        return
    if known not in _ranked:
        st.button(
            f"Rank the filters of {layer}",
            icon=":material/format_list_numbered:",
            on_click=lambda: st.session_state.update({_RANK: layer}),
            help="Mutes each one alone and measures how much accuracy is lost.",
        )
        return
    whole = _scored((net.id, copy.step, "", pictures), net, copy.before).accuracy
    losses = sorted(((whole - left, index) for index, left in enumerate(_ranked[known])), reverse=True)
    bar_list(
        key="surgery-ranking",
        title=f"Filters of {layer}, by the accuracy that is lost without them",
        note=f"each muted alone, on {pictures:,} test pictures; with all of them {text.percent(whole)}",
        rows=[
            {
                "label": f"filter {index + 1}",
                "values": [loss],
                "texts": [f"{-loss * 100:+.1f} points".replace("-", "−")],
            }
            for loss, index in losses
        ],
    )


def _rank(known: tuple[str, int, str, int], net: inside.Net, copy: Patient) -> None:
    """Measure the net without each filter, a little at a time: a press during a run would wait until it has ended."""
    _, _, layer, pictures = known
    if st.session_state.get(_RANK) != layer:  # cancelled
        st.rerun()
    if st.session_state.get(_UNDER_WAY, {}).get("known") != known:
        parts = without_each_filter(copy.before, layer, net.dataset.test, pictures)
        st.session_state[_UNDER_WAY] = {"known": known, "parts": parts, "share": 0.0}
    work = st.session_state[_UNDER_WAY]
    said = f"{layer}: muting one filter after the other"
    with st.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(work["share"], said)
        st.button("Cancel", key="surgery-cancel", on_click=_stop_ranking)
    until = monotonic() + _TICK
    try:
        while True:
            work["share"] = next(work["parts"])
            bar.progress(work["share"], said)
            if monotonic() > until:
                return
    except StopIteration as stop:
        _ranked[known] = stop.value
    while len(_ranked) > _MOST_RANKED:
        _ranked.popitem(last=False)
    _stop_ranking()
    st.rerun()


def _stop_ranking() -> None:
    for name in (_RANK, _UNDER_WAY):
        st.session_state.pop(name, None)
