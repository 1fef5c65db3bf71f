"""Fool it: a change of the picture that hardly shows, until the net says something else."""

from collections.abc import Generator
from typing import Any

import streamlit as st
import torch
from torch import Tensor, nn

from lib.labs import fooling
from lib.labs.fooling import LEVELS, STEPS, middle, smallest_sizes
from lib.labs.hardening import PICTURES, hardened
from lib.labs.learning import accuracy
from lib.parts import scaled
from lib.ui.components.flip_book import flip_book
from lib.ui.labs import work
from lib.ui.labs.parts import smaller, table
from lib.ui.labs.picture import any_picture
from lib.ui.net.answers import png_base64
from lib.ui.net.inside import Chosen, Net
from lib.ui.setup import session
from lib.ui.setup.controls import held
from lib.ui.words import percent, say
from lib.ui.words.field import classes_of

_ANYTHING = -1
_MEASURED = 100  # pictures
_OTHERS = 4  # nets beside this one


@st.fragment
def show(net: Net) -> None:
    """The slider over a picture; then how little suffices; then a net that was trained against it."""
    with any_picture(net) as chosen:
        if chosen is not None:
            _fool(net, chosen)
    if len(net.dataset.test):
        _how_little(net)
        _train_against(net)


def _fool(net: Net, chosen: Chosen) -> None:
    classes = classes_of(net.dataset)
    _, model = net.model()
    label = int(fooling.answers(model, chosen.x)[0].argmax())
    target = held(
        st.selectbox,
        say("lab_fool.becomes"),
        [_ANYTHING, *(index for index in range(len(classes)) if index != label)],
        format_func=lambda index: say("lab_fool.anything") if index == _ANYTHING else classes[index],
        key=f"fool-target-{net.dataset.name}",
        width=240,
    )
    toward = None if target == _ANYTHING else target
    nets = {"": model}
    if (against := work.done(_hard_key(net))) is not None:
        nets["hard"] = against["model"]
    columns = [_column(kind, nets[""], chosen.x, label, toward, net) for kind in ("one", "many", "noise")]
    if "hard" in nets:
        columns.append(_column("many", nets["hard"], chosen.x, label, toward, net, title="lab_fool.hard_title"))
    flip_book(
        key="fool",
        slider=say("lab_fool.slider"),
        stops=[say("lab_fool.level", level=level) for level in LEVELS],
        columns=columns,
        classes=classes,
        from_class=label,
        to_class=toward,
    )
    st.caption(_sentence(columns, classes[label], None if toward is None else classes[toward]))


def _column(
    kind: str, model: nn.Module, x: Tensor, label: int, toward: int | None, net: Net, title: str = ""
) -> dict[str, Any]:
    """The frames of one way to change the picture, a little more in each."""
    scale = net.dataset.test.scale
    white, sizes = 255 * scale, fooling.in_levels(LEVELS, 255 * scale)
    pictures = x.expand(len(LEVELS), *x.shape[1:])
    if kind == "noise":
        changed = fooling.noisy(pictures, sizes, white)
    else:
        labels = torch.full((len(LEVELS),), label if toward is None else toward)
        steps = STEPS if kind == "many" else 1
        changed = fooling.fooled(model, pictures, labels, sizes, white=white, toward=toward is not None, steps=steps)
    shares = fooling.answers(model, changed)
    return {
        "title": say(title or f"lab_fool.{kind}_title"),
        "sentence": say(f"lab_fool.{kind}_note"),
        "first": fooling.first_fooled(shares, label, toward),
        "frames": [
            {"png": png_base64(picture / scale), "shares": each}
            for picture, each in zip(changed, shares.tolist(), strict=True)
        ],
    }


def _sentence(columns: list[dict[str, Any]], was: str, wanted: str | None) -> str:
    """What suffices for this picture, in words."""
    parts = []
    for column in columns:
        first = column["first"]
        if first is None:
            parts.append(say("lab_fool.never", way=column["title"], level=LEVELS[-1]))
        else:
            parts.append(say("lab_fool.suffices", way=column["title"], level=LEVELS[first]))
    goal = say("lab_fool.goal_any", was=was) if wanted is None else say("lab_fool.goal", was=was, wanted=wanted)
    return f"{goal} {' · '.join(parts)}"


def _how_little(net: Net) -> None:
    """The size that suffices for half of the test pictures, for this net and others of the same pictures."""
    st.markdown(f"**{say('lab_fool.how_little')}**")
    others = [
        run
        for run in session.newest_runs(30)
        if run.has_ended and run.has_weights and run.id != net.id and run.config.data.name == net.config.data.name
    ]
    nets = [net, *others[:_OTHERS]]
    key = ("fool-sizes", *((each.id, each.model()[0]) for each in nets))
    found = work.result_of(
        "fool-sizes",
        key,
        lambda: _measure(nets),
        say("lab_fool.measure", pictures=_MEASURED),
        say("lab_fool.measuring"),
    )
    if found is not None:
        names = (say("lab_fool.net"), say("lab_fool.accuracy"), say("lab_fool.half"))
        table([names, *((name, percent(share), _level(half)) for name, share, half in found)], "fool-sizes")


def _measure(nets: list[Net]) -> Generator[float, None, list[tuple[str, float, int | None]]]:
    found = []
    for number, net in enumerate(nets):
        model = net.model()[1]
        start, end = number / len(nets), (number + 1) / len(nets)
        sizes = yield from scaled(smallest_sizes(model, net.dataset.test, _MEASURED), start, end)
        found.append((net.name, accuracy(model, net.dataset.test), middle(sizes)))
    return found


def _hard_key(net: Net) -> work.Key:
    return ("fool-hard", net.id, net.model()[0])


def _train_against(net: Net) -> None:
    """A copy that goes on learning, half of it from pictures that fool it; it then stands beside the others above."""
    st.markdown(f"**{say('lab_fool.against')}**")
    found = work.result_of(
        "fool-hard", _hard_key(net), lambda: _harden(net), say("lab_fool.train"), say("lab_fool.training")
    )
    if found is None:
        return
    names = (say("lab_fool.net"), say("lab_fool.accuracy"), say("lab_fool.half"))
    rows = [(say(f"lab_fool.{name}"), percent(share), _level(half)) for name, share, half in found["rows"]]
    table([names, *rows], "fool-hard")


def _harden(net: Net) -> Generator[float, None, dict[str, Any]]:
    model, data = net.model()[1], net.dataset
    copy = yield from scaled(hardened(model, smaller(data.train, PICTURES)), 0.0, 0.8)
    rows = []
    for number, (name, each) in enumerate((("before", model), ("after", copy))):
        sizes = yield from scaled(smallest_sizes(each, data.test, _MEASURED), 0.8 + number / 10, 0.9 + number / 10)
        rows.append((name, accuracy(each, data.test), middle(sizes)))
    return {"model": copy, "rows": rows}


def _level(size: int | None) -> str:
    return say("lab_fool.more", level=LEVELS[-1]) if size is None else say("lab_fool.level", level=size)
