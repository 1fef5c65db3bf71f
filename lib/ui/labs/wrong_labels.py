"""Wrong labels: train on them, find them by what the net doubts, mend them, and train again."""

from collections.abc import Generator
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from lib.config import TrainConfig
from lib.datasets import Dataset
from lib.labs.wrong_labels import Studied, mended, planted_among, spoiled, study
from lib.parts import scaled
from lib.ui.labs import work
from lib.ui.labs.parts import curves, fewer, table
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Net
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.field import classes_of

PICTURES, EPOCHS = 2_000, 12
_SHARES = (0, 10, 20, 40, 60, 80, 100)  # per cent
_SHOWN, _LISTED = 18, 100  # suspects


@st.fragment
def show(net: Net) -> None:
    """Choose a share, train, look at the suspects, mend them, train again."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        share = held(
            st.select_slider,
            say("lab_wrong_labels.share"),
            _SHARES,
            first=40,
            format_func=lambda part: percent(part / 100, "g"),
            key="wrong-share",
            width=380,
        )
        seed = held(st.number_input, say("labs.seed"), key="wrong-seed", first=0, min_value=0, max_value=999, width=110)
    key = ("wrong", net.id, net.config.model.model_dump_json(), share, seed)
    data = fewer(net.dataset, PICTURES)
    truth = data.train.labels
    given = spoiled(truth, share / 100, len(data.classes), seed)
    found = work.result_of(
        "wrong",
        key,
        lambda: _study(net, data, given, seed),
        say("lab_wrong_labels.train"),
        say("lab_wrong_labels.training"),
        say("lab_wrong_labels.note", pictures=len(truth), epochs=EPOCHS),
    )
    if found is not None:
        _tell(found, given, truth)
        _suspects(net, data, key, found, given)


def _study(net: Net, data: Dataset, labels: Tensor, seed: int) -> Generator[float, None, Studied]:
    config = TrainConfig(learning_rate=0.003, batch_size=32, epochs=EPOCHS, precision="fp32")
    return study(net.config.model, data, labels, config, seed)


def _tell(found: Studied, given: Tensor, truth: Tensor) -> None:
    curves(
        {say("lab_wrong_labels.as_given"): found.train_accuracy, say("lab_wrong_labels.on_test"): found.test_accuracy},
        say("labs.epoch", epoch=EPOCHS),
        "wrong-curves",
    )
    said = say(
        "lab_wrong_labels.fell",
        wrong=int((given != truth).sum()),
        pictures=len(truth),
        train=percent(found.train_accuracy[-1]),
        best=percent(max(found.test_accuracy)),
        test=percent(found.test_accuracy[-1]),
    )
    st.markdown(said)


def _suspects(net: Net, data: Dataset, key: work.Key, found: Studied, given: Tensor) -> None:
    """The labels that are contradicted most surely; those that are ticked, or all of them, are set right."""
    suspects, truth = found.suspects(len(given)), data.train.labels
    st.markdown(f"**{say('lab_wrong_labels.suspects')}**")
    if not suspects:
        st.markdown(say("lab_wrong_labels.none"))
        return
    first = suspects[:_LISTED]
    planted = planted_among(first, given, truth)
    st.markdown(say("lab_wrong_labels.among", planted=planted, first=len(first), all=len(suspects)))
    name = "-".join(map(str, (key[1], key[3], key[4])))
    ticked = _tiles(data, name, found, given, suspects[:_SHOWN])
    steps = sorted({0, *(count for count in (25, 50, 100, 200, 400, 800) if count < len(suspects)), len(suspects)})
    count = held(
        st.select_slider,
        say("lab_wrong_labels.how_many"),
        steps,
        first=steps[-1],
        key=f"wrong-mend-{name}",
        width=420,
    )
    chosen = {place: int(found.answers[place]) for place in [*suspects[:count], *ticked]}
    labels = mended(given, chosen)
    left = int((labels != truth).sum())
    st.caption(say("lab_wrong_labels.mending", changed=len(chosen), left=left))
    result = work.result_of(
        "wrong-again",
        (*key, tuple(sorted(chosen))),
        lambda: _again(net, data, labels, key[-1]),
        say("lab_wrong_labels.again"),
        say("lab_wrong_labels.training"),
    )
    if result is not None:
        head = (say("lab_wrong_labels.labels"), say("lab_wrong_labels.wrong_left"), say("lab_wrong_labels.on_test"))
        rows = [
            (say("lab_wrong_labels.spoiled"), str(int((given != truth).sum())), percent(found.test_accuracy[-1])),
            (say("lab_wrong_labels.mended"), str(left), percent(result["mended"])),
            (say("lab_wrong_labels.clean"), "0", percent(result["clean"])),
        ]
        table([head, *rows], "wrong-table")


def _tiles(data: Dataset, name: str, found: Studied, given: Tensor, places: list[int]) -> list[int]:
    """The first suspects as pictures with a tick each; returns those that are ticked."""
    ticked = []
    with st.container(horizontal=True, gap="small", key="wrong-suspects"):
        for place in places:
            with st.container(width=104, gap=None):
                png = png_base64(data.train.pixels(torch.tensor([place]))[0].float())
                label, answer = classes_of(data)[int(given[place])], classes_of(data)[int(found.answers[place])]
                st.html(f'<img class="gh-lab-suspect" alt="" src="data:image/png;base64,{png}">')
                st.caption(say("lab_wrong_labels.instead", label=label, answer=answer))
                if held(st.checkbox, say("lab_wrong_labels.mend"), key=f"wrong-{name}-{place}", first=False):
                    ticked.append(place)
    return ticked


def _again(net: Net, data: Dataset, labels: Tensor, seed: int) -> Generator[float, None, dict[str, Any]]:
    first = yield from scaled(_study(net, data, labels, seed), 0.0, 0.5)
    clean = yield from scaled(_study(net, data, data.train.labels, seed), 0.5, 1.0)
    return {"mended": first.test_accuracy[-1], "clean": clean.test_accuracy[-1]}
