"""Ask me the right question: label what the net is least sure of, then see whether choosing beats the lot."""

from collections.abc import Sequence
from statistics import fmean

import streamlit as st
import torch

from lib.labs.asking import DOUBTS, FIRST, ROUND, ROUNDS, Asked, compare, least_sure
from lib.training import evaluate
from lib.ui.labs import work
from lib.ui.labs.parts import curves, fewer, once, smaller
from lib.ui.labs.seeds import beside
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Net
from lib.ui.setup.controls import held
from lib.ui.words import say
from lib.ui.words.field import classes_of

SEEDS, POOL = (0, 1, 2), 1_000
_SHOWN, _LOOKED_AT = 6, 500  # questions to the learner, and the training pictures that they are chosen from


@st.fragment
def show(net: Net) -> None:
    """Choose what unsure means, answer the net's own questions, then train with chosen labels and with others."""
    by = held(
        st.segmented_control,
        say("lab_asking.by"),
        tuple(DOUBTS),
        first="margin",
        format_func=lambda name: say(f"lab_asking.{name}"),
        key="asking-by",
        required=True,
    )
    _questions(net, by)
    data = fewer(net.dataset, POOL)
    found = work.result_of(
        "asking",
        ("asking", net.id, net.config.model.model_dump_json(), by),
        lambda: compare(net.config.model, data, by, SEEDS),
        say("lab_asking.train"),
        say("lab_asking.training"),
        say("lab_asking.note", first=FIRST, more=ROUND * ROUNDS, seeds=len(SEEDS), pool=len(data.train)),
    )
    if found is not None:
        _tell(found, len(data.test))


def _questions(net: Net, by: str) -> None:
    """The pictures that the net above is least sure of; its answer shows once the learner has given hers."""
    step, model = net.model()
    data, split = net.dataset, smaller(net.dataset.train, _LOOKED_AT)
    said = once(("asking", net.id, step), lambda: evaluate(model, split).probabilities)
    places, answers = least_sure(said, by, _SHOWN), said.argmax(1)
    st.markdown(f"**{say('lab_asking.questions')}**")
    given: dict[int, int] = {}
    with st.container(horizontal=True, gap="small", key="asking-questions"):
        for place in places:
            with st.container(width=150, gap=None):
                png = png_base64(split.pixels(torch.tensor([place]))[0].float())
                st.html(f'<img class="gh-lab-suspect" alt="" src="data:image/png;base64,{png}">')
                label = held(
                    st.selectbox,
                    say("lab_asking.what"),
                    tuple(range(len(data.classes))),
                    first=None,
                    format_func=lambda number: classes_of(data)[number],
                    key=f"asking-{net.id}-{step}-{place}",
                    placeholder=say("lab_asking.what"),
                    label_visibility="collapsed",
                )
                if label is not None:
                    given[place] = label
                    truth, answer = classes_of(data)[int(split.labels[place])], classes_of(data)[int(answers[place])]
                    st.caption(say("lab_asking.truth", truth=truth, answer=answer))
    if given:
        yours = sum(int(split.labels[place]) == label for place, label in given.items())
        nets = sum(int(split.labels[place]) == int(answers[place]) for place in given)
        st.markdown(say("lab_asking.score", yours=yours, nets=nets, all=len(given)))


def _tell(found: Asked, tested: int) -> None:
    curves(
        {say("lab_asking.chosen"): _mean(found.chosen), say("lab_asking.by_lot"): _mean(found.by_lot)},
        say("lab_asking.labels", labels=FIRST + ROUND * ROUNDS),
        "asking-curves",
        FIRST,
    )
    chosen, by_lot = ([seed[-1] for seed in each] for each in (found.chosen, found.by_lot))
    st.markdown(beside((say("lab_asking.chosen"), say("lab_asking.by_lot")), chosen, by_lot, 1 / tested))


def _mean(seeds: Sequence[Sequence[float]]) -> list[float]:
    return [fmean(values) for values in zip(*seeds, strict=True)]
