"""Teacher and pupil: how soft a net's answer is at a temperature, then a small net that learns from such answers."""

import streamlit as st
from torch import nn

from lib.config import ModelConfig
from lib.labs.learning import logits_of
from lib.labs.teaching import TEMPERATURES, Taught, pupil, softened, teach
from lib.models import summarize
from lib.ui.components.bar_list import bar_list
from lib.ui.labs import work
from lib.ui.labs.parts import fewer, table
from lib.ui.labs.picture import any_picture
from lib.ui.labs.seeds import beside
from lib.ui.net.inside import Chosen, Net
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.field import classes_of

SEEDS, POOL = (0, 1, 2), 300


@st.fragment
def show(net: Net) -> None:
    """Turn the temperature and see the teacher's answer melt; then train pupils on it and on the labels alone."""
    data, model = net.dataset, net.model()[1]
    small = pupil(data.input_shape, len(data.classes))
    with any_picture(net) as chosen:
        temperature = held(
            st.select_slider,
            say("lab_teaching.temperature"),
            TEMPERATURES,
            first=4,
            key="teaching-temperature",
            width=380,
        )
        if chosen is not None:
            _soft_answer(model, classes_of(data), chosen, temperature)
    sizes = [summarize(each, data.input_shape, len(data.classes)).parameters for each in (net.config.model, small)]
    if sizes[0] <= sizes[1]:
        st.info(say("lab_teaching.too_small", teacher=sizes[0], pupil=sizes[1]), icon=":material/science:")
        return
    _teach(net, model, small, temperature, sizes)


def _soft_answer(model: nn.Sequential, classes: tuple[str, ...], chosen: Chosen, temperature: int) -> None:
    """The answer as it is and at the temperature, class by class."""
    logits = logits_of(model, chosen.x)
    plain, soft = (softened(logits, each)[0].tolist() for each in (1, temperature))
    bar_list(
        key="teaching-answer",
        title=say("lab_teaching.says"),
        note=say("lab_teaching.says_note", picture=chosen.caption),
        rows=[
            {"label": name, "values": [one, other], "texts": [percent(one), percent(other)]}
            for name, one, other in zip(classes, plain, soft, strict=True)
        ],
        names=[say("lab_teaching.at", temperature=1), say("lab_teaching.at", temperature=temperature)],
        limit=1.0,
    )


def _teach(net: Net, model: nn.Sequential, small: ModelConfig, temperature: int, sizes: list[int]) -> None:
    data = fewer(net.dataset, POOL)
    found: Taught | None = work.result_of(
        "teaching",
        ("teaching", net.id, net.model()[0], temperature),
        lambda: teach(model, small, data, temperature, SEEDS),
        say("lab_teaching.train"),
        say("lab_teaching.training"),
        say("lab_teaching.note", pupil=sizes[1], pictures=len(data.train), seeds=len(SEEDS)),
    )
    if found is None:
        return
    head = (
        say("lab_teaching.net"),
        say("lab_teaching.parameters"),
        *(say("lab_teaching.seed", seed=seed) for seed in SEEDS),
    )
    pupils = ((say("lab_teaching.by_teacher"), found.by_teacher), (say("lab_teaching.by_labels"), found.by_labels))
    rows = [
        (say("lab_teaching.teacher"), say("lab_teaching.count", count=sizes[0]), percent(found.teacher), "", ""),
        *((name, say("lab_teaching.count", count=sizes[1]), *map(percent, scores)) for name, scores in pupils),
    ]
    table([head, *rows], "teaching-table")
    st.markdown(beside((pupils[0][0], pupils[1][0]), found.by_teacher, found.by_labels, 1 / len(data.test)))
