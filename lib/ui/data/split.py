"""Split and balance: what trains, what watches, what judges; and how many pictures each class keeps."""

from contextlib import suppress

import streamlit as st
import torch

from lib.config import RunConfig
from lib.datasets import Dataset, DatasetInfo, load_dataset
from lib.ui.components.class_balance import asked_to_keep, class_balance
from lib.ui.data import starving
from lib.ui.frame.page import link_to
from lib.ui.setup import session
from lib.ui.setup.controls import choose, with_value
from lib.ui.setup.hiding import is_hidden
from lib.ui.setup.pictures import choose_data, dataset_of
from lib.ui.setup.withheld import is_withheld, say_instead
from lib.ui.words import for_browser, percent, say
from lib.ui.words.field import classes_of

_SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000)
_SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
_BALANCE = "data-balance"


def show(config: RunConfig, info: DatasetInfo) -> None:
    """The three parts on the left, the classes on the right, and below what starving one of them does."""
    with st.container(key="stack-split"):
        left, right = st.columns([0.44, 0.56], gap="medium")
    with left, st.container(border=True, key="data-split", gap="small"):
        choose_data(config)
        data = dataset_of(config, info)
        if data is None:
            return
        _sizes(config, info)
        _parts(config, data, info)
    with right:
        if is_withheld("per_class"):
            say_instead()
        else:
            _balance(config, data)
        if not is_hidden("data.keep"):
            starving.show(config, info)


def _sizes(config: RunConfig, info: DatasetInfo) -> None:
    rest = info.training_count(config.data.valid_fraction)
    sizes = [n for n in with_value(_SIZES, config.data.train_size) if n < rest]
    size, share = st.columns(2, gap="medium")
    with size:
        label, help_text = say("data.train_size"), say("data.train_size_help")
        choose(st.select_slider, label, [*sizes, None], "data.train_size", config,
               lambda n: say("lesson.as_count", value=n or rest), help_text)  # fmt: skip
    with share:
        shares = with_value(_SHARES, config.data.valid_fraction)
        label = say("data.valid_fraction")
        choose(st.select_slider, label, shares, "data.valid_fraction", config, lambda part: percent(part, "g"))


def _parts(config: RunConfig, data: Dataset, info: DatasetInfo) -> None:
    """The three parts to scale, and what each is for."""
    held_out = info.validation_count(config.data.valid_fraction)
    sizes = {"train": len(data.train), "valid": held_out, "test": len(data.test)}
    unused = info.train_count - held_out - len(data.train)
    whole = sum(sizes.values()) + unused
    bars = "".join(
        f'<span class="{name}" style="flex-grow: {size / whole:.5f}" data-testid="part-{name}" data-count="{size}">'
        f"<b>{say('lesson.as_count', value=size)}</b>{say(f'data.{name}')}</span>"
        for name, size in {"train": sizes["train"], "unused": unused, "valid": held_out, "test": sizes["test"]}.items()
        if size and name != "unused"
    )
    if unused:
        bars += f'<span class="unused" style="flex-grow: {unused / whole:.5f}"></span>'
    said = say("data.split_bar" if held_out else "data.split_bar_no_valid", **sizes)
    st.html(f'<div class="gh-parts" role="img" aria-label="{said}">{bars}</div>')
    if unused:
        st.caption(say("data.unused", count=unused))
    for name in ("split_train", "split_valid" if held_out else "split_no_valid", "split_test"):
        st.markdown(say(f"data.{name}"))
    if info.other_hands:
        st.caption(say("data.other_hands"))
    st.caption(say("data.set_up_note"))
    link_to("train", say("data.to_train"), ":material/play_arrow:")


def _balance(config: RunConfig, data: Dataset) -> None:
    full = load_dataset(**config.data.model_dump() | {"keep": ()})
    class_balance(
        key=_BALANCE,
        words=for_browser("data"),
        classes=classes_of(data),
        counts=torch.bincount(full.train.labels, minlength=len(data.classes)).tolist(),
        keep=config.data.keep,
        locked=is_hidden("data.keep"),
        on_keep_change=_kept,
    )


def _kept() -> None:
    """Put what was dragged into the set-up."""
    keep = asked_to_keep(_BALANCE)
    if keep is not None:
        with suppress(ValueError):  # shares and classes that our own sliders do not have
            starving.set_keep(session.setup(), tuple(keep))
