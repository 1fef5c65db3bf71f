"""Whose hand? A net's accuracy by group of hands, the groups' pictures, and what more pictures of one group do."""

from statistics import fmean

import streamlit as st
import torch
from torch import Tensor

from lib.experiments.statistics import ALPHA, fisher, holm
from lib.labs.hands import FEWEST, MEASURES, WAYS, End, Grown, amounts, grow, measured, thirds
from lib.training import evaluate
from lib.ui.labs import work
from lib.ui.labs.parts import fewer, once, pictures, smaller, table
from lib.ui.labs.seeds import beside
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Net
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.field import classes_of

SEEDS, POOL, TESTED = (0, 1, 2), 2_000, 1_000
_SHOWN = 8  # pictures of a group
_ENDS: tuple[End, ...] = ("low", "high")


@st.fragment
def show(net: Net) -> None:
    """All groups in a table, the pictures of two of them, then training with more of one."""
    split = smaller(net.dataset.test, TESTED)
    step, model = net.model()
    answers: Tensor = once(("hands", net.id, step, len(split)), lambda: evaluate(model, split).probabilities.argmax(1))
    right = answers == split.labels
    groups = {
        measure: once(
            ("hands-groups", net.dataset.name, net.id, measure),
            lambda measure=measure: thirds(measured(split, measure), split.labels),  # type: ignore[misc]
        )
        for measure in MEASURES
    }
    _table(right, groups)
    measure = held(
        st.segmented_control,
        say("lab_hands.measure"),
        tuple(MEASURES),
        first="thickness",
        format_func=lambda name: say(f"lab_hands.{name}"),
        key="hands-measure",
        required=True,
    )
    for end in _ENDS:
        st.markdown(f"**{say(f'lab_hands.{measure}_{end}')}**")
        tiles = []
        for place in groups[measure][end][:: max(1, len(groups[measure][end]) // _SHOWN)][:_SHOWN].tolist():
            answer, truth = int(answers[place]), int(split.labels[place])
            png = png_base64(split.pixels(torch.tensor([place]))[0].float())
            tiles.append((png, classes_of(net.dataset)[truth], _answered(net, answer, truth), answer != truth))
        pictures(tiles, f"hands-{end}")
    _grow(net, measure)


def _answered(net: Net, answer: int, truth: int) -> str:
    return say("lab_hands.known") if answer == truth else say("lab_hands.taken", answer=classes_of(net.dataset)[answer])


def _table(right: Tensor, groups: dict[str, dict[End, Tensor]]) -> None:
    """Two groups a line, how many of each are known, and whether that is chance, stricter for three looks."""
    sizes = [len(places) for ends in groups.values() for places in ends.values()]
    if not min(sizes):
        st.caption(say("lab_hands.too_few"))
        return
    chances = holm([_chance(right, ends) for ends in groups.values()])
    rows = []
    for (measure, ends), chance in zip(groups.items(), chances, strict=True):
        shares = [percent(float(right[ends[end]].float().mean())) for end in _ENDS]
        low, high = (say(f"lab_hands.{measure}_{end}") for end in _ENDS)
        said = say("lab_hands.apart" if chance < ALPHA else "lab_hands.alike", chance=chance)
        rows.append((say(f"lab_hands.{measure}"), f"{low}: {shares[0]}", f"{high}: {shares[1]}", said))
    head = (
        say("lab_hands.right", pictures=sizes[0]),
        say("lab_hands.low"),
        say("lab_hands.high"),
        say("lab_hands.equally"),
    )
    table([head, *rows], "hands-table")


def _chance(right: Tensor, ends: dict[End, Tensor]) -> float:
    known = [int(right[places].sum()) for places in ends.values()]
    return fisher(known, [len(places) - count for places, count in zip(ends.values(), known, strict=True)])


def _grow(net: Net, measure: str) -> None:
    """Choose one of the two groups, train without it, with it, and with as many others."""
    end: End = held(
        st.segmented_control,
        say("lab_hands.more_of"),
        _ENDS,
        first="high",
        format_func=lambda name: say(f"lab_hands.{measure}_{name}"),
        key=f"hands-end-{measure}",
        required=True,
    )
    data = fewer(net.dataset, POOL, TESTED)
    tested = len(thirds(measured(data.test, measure), data.test.labels)[end])
    if not tested or amounts(len(data.train) // 3, len(data.train))[1] < FEWEST:
        st.caption(say("lab_hands.too_few_to_train"))
        return
    found: Grown | None = work.result_of(
        "hands",
        ("hands", net.id, net.config.model.model_dump_json(), measure, end),
        lambda: grow(net.config.model, data, measure, end, SEEDS),
        say("lab_hands.train"),
        say("lab_hands.training"),
        say("lab_hands.note", seeds=len(SEEDS)),
    )
    if found is None:
        return
    head = (say("lab_hands.trained_on"), say("lab_hands.inside"), say("lab_hands.outside"))
    rows = [
        (
            say(f"lab_hands.way_{way}", base=found.base, added=found.added),
            percent(fmean(found.inside[way])),
            percent(fmean(found.outside[way])),
        )
        for way in WAYS
    ]
    table([head, *rows], "hands-grown")
    names = say("lab_hands.with_group"), say("lab_hands.with_others")
    st.markdown(beside(names, found.inside["group"], found.inside["others"], 1 / tested))
