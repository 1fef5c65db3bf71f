"""Training, validation and test side by side (S17, S68): what each is for, and what the gaps between them say."""

from collections.abc import Generator
from math import sqrt
from typing import Any, NamedTuple

import streamlit as st
from torch import nn

from lib.datasets import Split
from lib.datasets.catalogue import info
from lib.doctor import measure
from lib.parts import at_once
from lib.training import guessing_loss
from lib.training.evaluation import evaluate_in_parts
from lib.ui.components.bar_list import bar_list
from lib.ui.diagnose import asked, curves
from lib.ui.net import inside
from lib.ui.net.measuring import remembered
from lib.ui.net.missing import lacks_pictures
from lib.ui.net.moment import newest_button
from lib.ui.net.picture import can_be_asked, is_learning, refresh_seconds
from lib.ui.setup.controls import held
from lib.ui.setup.sizes import split_sizes
from lib.ui.words import Said, field, number, say, text

_SIZES = (500, 2_000, 10_000)
_AT_ONCE = 15_000_000_000  # multiply-adds for each split at first
_LIVE = 3_000_000_000  # and while it trains
_CHANCE = 2.0  # standard errors: smaller gaps may be luck
_ROLES = Said(
    {
        "train": "diagnose.roles_train",
        "valid": "diagnose.roles_valid",
        "test": "diagnose.roles_test",
    }
)


class Score(NamedTuple):
    """How a net does on `pictures` pictures of a split."""

    split: str
    loss: float
    accuracy: float
    pictures: int

    @property
    def error(self) -> float:
        """The standard error of the accuracy: what another draw of so many pictures would change."""
        return sqrt(self.accuracy * (1 - self.accuracy) / self.pictures)


def show(net: inside.Net) -> None:
    """Measure the same weights on all three splits."""
    if net.recording:
        _kept(net, say("diagnose.weights_were_not"))
        return
    if not net.came_trained and lacks_pictures(net):
        _kept(net, say("diagnose.pictures_not_here"))
        return
    data = asked.pictures_of(net)
    if data is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="diagnose-controls"):
        most = max(len(asked.split_of(data, name)) for name in asked.splits_of(data))
        sizes = sorted({min(size, most) for size in _SIZES})
        first = sum(size <= asked.affordable(net, _AT_ONCE) for size in sizes)
        count = held(
            st.selectbox,
            say("diagnose.pictures_each"),
            sizes,
            first=sizes[max(0, first - 1)],
            format_func=lambda size: say("diagnose.up_pictures_each", size=size),
            key=f"gap-count-{net.id}",
            label_visibility="collapsed",
            width=250,
            help=say("diagnose.spread_evenly_over"),
        )
        live = asked.live_toggle(net)
        if is_learning(net) and not live:
            newest_button(net)
    if live:
        st.fragment(_follow, run_every=refresh_seconds(net, every=3.0))(net, count)
        return
    step, model = asked.net_now(net, live)
    if not can_be_asked(model):
        return
    # Outside of fragments, where Cancel is heard.
    scores: list[Score] | None = remembered(
        ("gap", net.id, step, count), _measure(net, model, count), say("diagnose.measuring_all_three")
    )
    if scores is not None:
        _show_scores(net, scores, say("diagnose.iteration", step=step), step)


def _follow(net: inside.Net, count: int) -> None:
    """Measure again and again while the net learns."""
    if not is_learning(net):
        st.rerun()  # it has ended: measure with everything, once
    step, model = net.model()
    if can_be_asked(model):
        scores = at_once(_measure(net, model, min(count, asked.affordable(net, _LIVE))))
        _show_scores(net, scores, say("diagnose.iteration", step=step), step)


def _measure(net: inside.Net, model: nn.Module, count: int) -> Generator[float, None, list[Score]]:
    names = [name for name in ("train", "valid", "test") if name in asked.splits_of(net.dataset)]
    found = []
    for place, name in enumerate(names):
        split = asked.split_of(net.dataset, name)
        parts = evaluate_in_parts(model, split, net.config.train.loss, count)
        found.append((yield from _one(name, split, count, parts, place, len(names))))
    return found


def _one(
    name: str, split: Split, count: int, parts: Generator[Any, None, Any], place: int, of: int
) -> Generator[float, None, Score]:
    while True:
        try:
            part = next(parts)
        except StopIteration as stop:
            return Score(name, stop.value.loss, stop.value.accuracy, min(count, len(split)))
        yield (place + part.done / part.total) / of


def _show_scores(net: inside.Net, scores: list[Score], when: str, step: int | None) -> None:
    with st.container(key="stack-gap"):
        left, right = st.columns(2, gap="medium")
    counted = ", ".join(f"{score.pictures:,} {asked.named(score.split)}" for score in scores)
    classes = len(asked.classes_of(net))
    with left:
        bar_list(
            key="gap-accuracy",
            title=say("diagnose.accuracy"),
            note=say("diagnose.pictures_one_standard", counted=counted, when=when),
            limit=1.0,
            step=step,
            rows=[
                {
                    "label": asked.named(score.split),
                    "values": [score.accuracy],
                    "texts": [f"{text.percent(score.accuracy)} ± {number(100 * score.error, '.1f')}"],
                }
                for score in scores
            ]
            + [{"label": say("field.guessing"), "values": [1 / classes], "texts": [text.percent(1 / classes)]}],
        )
    with right:
        guess = guessing_loss(classes, net.config.train.loss)
        bar_list(
            key="gap-loss",
            title=say("diagnose.loss"),
            note=field.LOSS_TITLES[net.config.train.loss],
            step=step,
            rows=[
                {
                    "label": asked.named(score.split),
                    "values": [score.loss],
                    "texts": [number(score.loss, ".3f")],
                }
                for score in scores
            ]
            + [{"label": say("field.guessing"), "values": [guess], "texts": [number(guess, ".3f")]}],
        )
    st.markdown(gap_says(scores))
    if not net.came_trained:
        curves.show(measure(net))
    for column, score in zip(st.columns(len(scores), gap="medium"), scores, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall", key=f"gap-role-{score.split}"):
            st.markdown(f"**{asked.named(score.split, capital=True)}**")
            st.caption(_role(net, score.split))


def gap_says(scores: list[Score]) -> str:
    """What the gaps between the three say, in a sentence or two."""
    found = {score.split: score for score in scores}
    train, test = found["train"], found["test"]
    gap = train.accuracy - test.accuracy
    chance = _CHANCE * sqrt(train.error**2 + test.error**2)
    said = say("diagnose.net_right_test", accuracy=text.percent(test.accuracy), accuracy_2=text.percent(train.accuracy))
    if gap > chance:
        said += say("diagnose.points_what_does", gap=100 * gap)
    elif gap < -chance:
        said += say("diagnose.training_pictures_harder")
    else:
        said += say("diagnose.gap_points_no", gap=100 * gap)
    if (valid := found.get("valid")) is None:
        return said + (say("diagnose.no_validation_slice"))
    apart = abs(valid.accuracy - test.accuracy)
    luck = _CHANCE * sqrt(valid.error**2 + test.error**2)
    if apart <= luck:
        return said + say("diagnose.validation_test_agree")
    return said + say("diagnose.validation_test_differ", apart=100 * apart)


def _role(net: inside.Net, split: str) -> str:
    if split == "test" and net.config.data.valid_fraction == 0:
        return say("diagnose.never_trained_as")
    return _ROLES[split]


def _kept(net: inside.Net, why: str) -> None:
    """The numbers of a run's last epoch and of its end, where nothing can be measured any more."""
    last = net.log.epochs[-1] if net.log.epochs else {}
    train, valid = split_sizes(net.config, info(net.config.data.name))
    counted = {"train": train} | ({"valid": valid} if net.config.data.valid_fraction else {})
    test = _tested(net)
    if test is None or any(last.get(f"{name}_loss") is None for name in counted):
        st.info(say("diagnose.last_epoch_has"))
        return
    st.caption(say("diagnose.numbers_last_epoch", name=net.name, why=why))
    scores = [Score(name, last[f"{name}_loss"], last[f"{name}_accuracy"], count) for name, count in counted.items()]
    scores.append(test)
    _show_scores(net, scores, say("diagnose.last_epoch"), None)


def _tested(net: inside.Net) -> Score | None:
    """How it did on the test pictures at its end; None where it came to none."""
    if net.recording:
        test = net.recording.test
        return Score("test", test.loss, test.accuracy, sum(map(sum, test.confusion)))
    found, data = net.test_numbers, net.config.data
    if found is None or found["loss"] is None or found["accuracy"] is None:
        return None
    return Score("test", found["loss"], found["accuracy"], data.test_size or info(data.name).test_count)
