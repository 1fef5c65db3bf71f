"""Surgery: mute filters and change weights on a copy of the net, and see what that does to its answers."""

import json

import streamlit as st
from torch import nn

from lib.explain import record_activations
from lib.explain.surgery import Score, convolution_of, convolutions, score
from lib.training import predict
from lib.ui.components import heard
from lib.ui.components.bar_list import bar_list
from lib.ui.components.feature_maps import encode_maps
from lib.ui.components.filter_grid import encode_filters
from lib.ui.components.filter_switches import Switch, filter_switches
from lib.ui.look_inside import patient
from lib.ui.look_inside.filter_ranking import show_ranking
from lib.ui.look_inside.patient import Patient, patient_of
from lib.ui.net import inside
from lib.ui.net.familiar import said_of
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.picture import can_be_asked, chosen_picture, is_learning
from lib.ui.net.weight import choose_weight
from lib.ui.setup.controls import held
from lib.ui.words import say, text
from lib.ui.words.field import classes_of

_PICTURES = (500, 2_000, 10_000)
_LARGEST = 1e6  # weight that can be set: far beyond any that learns, and no answer bursts yet


@st.fragment
def show(net: inside.Net) -> None:
    """Filters as switches, one weight to change, and accuracy before and after."""
    copy = patient_of(net)
    if not convolutions(copy.before):
        st.info(
            say("look_inside.net_has_no_convolution"),
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
                whole = _scored((net.id, copy.step, "", pictures), net, copy.before).accuracy
                show_ranking(net, copy, layer, pictures, whole)


def _controls(net: inside.Net, copy: Patient) -> tuple[str, int]:
    layers = convolutions(copy.before)
    there = len(net.dataset.test)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="surgery-controls"):
        layer = held(st.selectbox, say("look_inside.layer"), layers, key=f"surgery-layer-{'-'.join(layers)}", width=150)
        pictures = 0
        if there:
            pictures = held(
                st.selectbox,
                say("look_inside.measured"),
                sorted({min(count, there) for count in _PICTURES}),
                format_func=lambda count: say(
                    "look_inside.all_tests" if count == there else "look_inside.some_tests", count=count
                ),
                key=f"surgery-pictures-{there}",
                width=210,
                help=say("look_inside.spread_evenly_over"),
            )
        done = len(copy.operations)
        st.button(say("look_inside.undo"), icon=":material/undo:", on_click=patient.undo, disabled=not done)
        st.button(say("look_inside.reset"), icon=":material/restart_alt:", on_click=patient.reset, disabled=not done)
        if is_learning(net):
            st.button(
                say("look_inside.newest_weights"),
                icon=":material/refresh:",
                on_click=patient.forget,
                help=say("look_inside.take_new_copy"),
            )
    st.caption(say("look_inside.you_operate_copy", step=copy.step, name=net.name))
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
        title=say("look_inside.press_filter_mute", layer=layer),
        filters=encode_filters(convolution.weight.detach().numpy()),
        maps=maps,
        muted=sorted(copy.muted[layer]),
        edited=sorted(changed),
        on_toggled=toggle,
    )


def _weight_editor(copy: Patient, layer: str) -> None:
    with st.container(border=True, key="surgery-weight"):
        st.markdown(say("look_inside.change_one_weight", layer=layer))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            parameter, index = choose_weight(copy.before, layer, "surgery")
            learned = float(copy.before.get_parameter(parameter)[index].detach())
            present = next(
                (e.value for e in reversed(copy.edits) if (e.parameter, e.index) == (parameter, index)), learned
            )
            where = f"{parameter}-{'-'.join(map(str, index))}"
            value = held(
                st.number_input,
                say("look_inside.new_value_2"),
                first=present,
                min_value=min(-_LARGEST, present),
                max_value=max(_LARGEST, present),
                step=0.1,
                format="%.4f",
                key=f"surgery-value-{where}-{present}",
                width=120,
            )
            st.button(
                say("look_inside.set"),
                on_click=patient.set_weight,
                args=(parameter, index, value),
                disabled=value == present,
                help=say("look_inside.give_weight_value"),
            )
        said = say("look_inside.learned", learned=learned) + (
            say("look_inside.copy", present=present) if present != learned else ""
        )
        said = said.replace("-", "−")
        if index[0] in copy.muted[layer]:
            said += say("look_inside.filter_muted_so")
        st.caption(said)


@st.cache_data(max_entries=256, show_spinner=False)
def _scored(what: tuple[str, int, str, int], _net: inside.Net, _model: nn.Sequential) -> Score:
    """Measure a net; `what` tells it from all others: which run, of which step, operations, number of pictures."""
    return score(_model, _net.dataset.test, len(_net.dataset.classes), what[-1])


def _accuracy(net: inside.Net, copy: Patient, pictures: int) -> None:
    before = after = _scored((net.id, copy.step, "", pictures), net, copy.before)
    if copy.operations:
        after = _scored((net.id, copy.step, json.dumps(copy.operations), pictures), net, copy.after)
    rows: list[tuple[str, float | None, float | None]] = [
        (say("look_inside.all_classes"), before.accuracy, after.accuracy)
    ]
    rows += zip(classes_of(net.dataset), before.class_accuracy, after.class_accuracy, strict=True)
    bar_list(
        key="surgery-accuracy",
        title=say("look_inside.accuracy_before_after"),
        note=say("look_inside.test_pictures", pictures=before.pictures, test=len(net.dataset.test)),
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
        title=say("look_inside.answer_picture"),
        note=chosen.caption + said_of(net, copy.step, copy.before, chosen),
        names=("before", "after"),
        limit=1.0,
        rows=[
            {
                "label": classes_of(net.dataset)[index],
                "values": [before[index], after[index]],
                "texts": [text.percent(before[index]), text.percent(after[index])],
            }
            for index in likely
        ],
    )
