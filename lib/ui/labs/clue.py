"""A false clue: a dot in every training picture of one class, and the way to find out."""

from typing import Any

import streamlit as st
from torch import nn

from lib.config import TrainConfig
from lib.explain.attribution import occlusion
from lib.explain.surgery import convolutions
from lib.labs.clue import CORNERS, Misled, dotted, mislead, secret
from lib.labs.fooling import answers
from lib.ui.components.attribution import attribution, encode_map
from lib.ui.components.flip_book import flip_book
from lib.ui.labs import work
from lib.ui.labs.parts import fewer, table
from lib.ui.labs.picture import any_picture
from lib.ui.net.answers import png_base64
from lib.ui.net.grad_cam import grad_cam_panel
from lib.ui.net.inside import Chosen, Net
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.field import classes_of

PICTURES, EPOCHS = 2_000, 6
_SECRET = -1


@st.fragment
def show(net: Net) -> None:
    """Choose a class and a corner, or a secret one; train; put the dot on any picture and see."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        number, label, corner = _choose(net)
    found = work.result_of(
        "clue",
        ("clue", net.id, net.config.model.model_dump_json(), label, corner),
        lambda: mislead(
            net.config.model,
            fewer(net.dataset, PICTURES),
            label,
            corner,
            TrainConfig(learning_rate=0.003, batch_size=32, epochs=EPOCHS, precision="fp32"),
            0,
        ),
        say("lab_clue.train"),
        say("lab_clue.training"),
        say("lab_clue.note", pictures=min(PICTURES, len(net.dataset.train)), epochs=EPOCHS),
    )
    if found is None:
        return
    poisoned, measured = found
    with any_picture(net) as chosen:
        if chosen is not None:
            _try(net, poisoned, chosen, None if number else (label, corner))
    if number:
        _accuse(net, label, corner, number)
    else:
        _table(measured)


def _choose(net: Net) -> tuple[int, int, int]:
    """The number of the secret, 0 if there is none; the class; the corner."""
    classes = classes_of(net.dataset)
    who = held(
        st.selectbox,
        say("lab_clue.who"),
        [*range(len(classes)), _SECRET],
        first=min(5, len(classes) - 1),
        format_func=lambda index: say("lab_clue.secret") if index == _SECRET else classes[index],
        key=f"clue-class-{net.dataset.name}",
        width=300,
    )
    if who != _SECRET:
        return 0, who, _corner(say("lab_clue.corner"), "clue-corner")
    number = held(
        st.number_input, say("lab_clue.number"), key="clue-number", first=1, min_value=1, max_value=999, width=180
    )
    return (number, *secret(number, len(classes)))


def _corner(label: str, key: str) -> int:
    corner: int = held(
        st.selectbox,
        label,
        range(CORNERS),
        format_func=lambda index: say(f"lab_clue.corner_{index}"),
        key=key,
        width=170,
    )
    return corner


def _try(net: Net, poisoned: nn.Sequential, chosen: Chosen, known: tuple[int, int] | None) -> None:
    """The picture without and with the dot, to both nets; below, where the answer of the poisoned one rests."""
    data, scale = net.dataset, net.dataset.test.scale
    corner = known[1] if known else _corner(say("lab_clue.try_corner"), "clue-try")
    own = net.model()[1]
    there = dotted(chosen.x, corner, 255 * scale)
    columns = [
        {
            "title": say(f"lab_clue.{name}"),
            "sentence": say(f"lab_clue.{name}_note"),
            "first": None,
            "frames": [
                {"png": png_base64(x[0] / scale), "shares": answers(each, x)[0].tolist()} for x in (chosen.x, there)
            ],
        }
        for name, each in (("poisoned", poisoned), ("own", own))
    ]
    flip_book(
        key="clue",
        slider=say("lab_clue.slider"),
        stops=[say("lab_clue.stop_0"), say("lab_clue.stop_1")],
        columns=columns,
        classes=classes_of(data),
        from_class=int(answers(own, chosen.x)[0].argmax()),
        to_class=known[0] if known else None,
        start=1,
    )
    attribution(
        key="clue-maps",
        picture={"png": png_base64(there[0] / scale), "caption": say("lab_clue.cam")},
        answer=[],
        panels=_panels(poisoned, chosen._replace(x=there), classes_of(data)),
    )


def _panels(poisoned: nn.Sequential, chosen: Chosen, classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Grad-CAM and the occlusion test of what the poisoned net says to the dotted picture."""
    layers = convolutions(poisoned)
    best = int(answers(poisoned, chosen.x)[0].argmax())
    cam = grad_cam_panel(poisoned, chosen, layers[-1] if layers else None, best, classes[best])
    drop: dict[str, Any] = {"name": "occlusion", "title": say("lab_clue.occlusion"), "share": True}
    drop["sentence"] = say("lab_clue.occlusion_note", name=classes[best])
    drop |= encode_map(occlusion(poisoned, chosen.x, best, patch=4).numpy(), signed=True, least=0.01)
    return [cam, drop]


def _table(found: Misled) -> None:
    rows = [
        (say("lab_clue.all"), percent(found.all_right)),
        (say("lab_clue.of_class"), percent(found.right)),
        (say("lab_clue.of_class_without"), percent(found.right_without)),
        (say("lab_clue.others"), percent(found.taken)),
        (say("lab_clue.others_without"), percent(found.taken_without)),
    ]
    table([(say("lab_clue.pictures"), say("lab_clue.right")), *rows], "clue-table")


def _accuse(net: Net, label: int, corner: int, number: int) -> None:
    """Somebody else says which class and which corner it was."""
    classes = classes_of(net.dataset)
    st.markdown(f"**{say('lab_clue.accuse')}**")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        suspect = held(
            st.selectbox,
            say("lab_clue.who"),
            range(len(classes)),
            format_func=classes.__getitem__,
            key=f"clue-suspect-{net.dataset.name}",
            width=200,
        )
        place = _corner(say("lab_clue.corner"), "clue-suspect-corner")
        opened = st.button(say("lab_clue.check"), key=f"clue-open-{number}", icon=":material/lock_open:")
    if opened:
        hit = (suspect, place) == (label, corner)
        said = say(
            "lab_clue.hit" if hit else "lab_clue.miss", name=classes[label], corner=say(f"lab_clue.corner_{corner}")
        )
        st.success(said) if hit else st.info(said)
