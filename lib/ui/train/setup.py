"""The left side of Train: data and hyperparameters, every widget bound to the set-up."""

import streamlit as st

from lib.config import BATCH_SIZES, LEARNING_RATES, LOSSES, OPTIMIZERS, SCHEDULES, RunConfig
from lib.datasets import DatasetInfo
from lib.training.batches import steps_per_epoch
from lib.ui.setup.controls import choose, with_value
from lib.ui.setup.download import offer_download
from lib.ui.setup.hiding import is_hidden
from lib.ui.setup.pictures import choose_by_picture, titles_for
from lib.ui.setup.sizes import split_sizes
from lib.ui.setup.withheld import is_withheld, say_instead
from lib.ui.train.rate_curve import rate_curve_html
from lib.ui.words import field, say, text
from lib.ui.words.field import about_of, title_of

_VALID_SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
_EPOCHS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200)
_BUDGETS = (10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
_DECAYS = (0.0, 0.00001, 0.0001, 0.001, 0.01, 0.1)
_DATA_OPTIONS = ("data.name", "data.train_size", "data.valid_fraction", "data.scale_pixels")
_MORE_OPTIONS = ("train.time_budget", "train.weight_decay", "train.augment", "train.precision", "seed")
_SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000)


def _schedule_help() -> str:
    return "\n".join([say("train.schedule_help"), *field.schedules_told()])


def data_card(config: RunConfig, info: DatasetInfo) -> None:
    """Name the data and let it be changed; offer the download of a set that is not here."""
    train, _ = split_sizes(config, info)
    channels, height, width = info.input_shape
    colour = say("train.grey") if channels == 1 else say("train.colour")
    facts = say(
        "train.pictures_classes", train=train, height=height, width=width, colour=colour, classes=len(info.classes)
    )
    with st.container(border=True, key="data-card", gap=None):
        if not is_hidden("data.name"):
            choose_by_picture(config)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{text.literal(title_of(info))}**", width="content")
            st.caption(facts, width="stretch", text_alignment="right")
            if not is_hidden(*_DATA_OPTIONS):
                with st.popover(say("train.change"), type="tertiary", key="data-popover"):
                    _data_options(config, info)
        if not info.available:
            offer_download(info)


def hyperparameters_card(config: RunConfig, info: DatasetInfo) -> None:
    """Learning rate, epochs, batch size, optimizer, loss, and the rest behind More."""
    train, _ = split_sizes(config, info)
    with st.container(border=True, key="hyperparameters-card", gap="small"):
        rate, epochs, batch = st.columns([1.25, 1, 1], gap="medium")
        with rate:
            options = with_value(LEARNING_RATES, config.train.learning_rate)
            help_text = say("train.how_far_each")
            choose(
                st.select_slider,
                say("train.learning_rate"),
                options,
                "train.learning_rate",
                config,
                text.rate,
                help_text,
            )
        with epochs:
            if config.train.time_budget is None:
                options = with_value(_EPOCHS, config.train.epochs)
                choose(st.select_slider, say("train.epochs"), options, "train.epochs", config, str)
            else:
                _time_limit(config, say("train.train_2"))
        with batch:
            options = with_value(BATCH_SIZES, config.train.batch_size)
            choose(st.select_slider, say("train.batch_size"), options, "train.batch_size", config, str)
        optimizer, schedule, loss, more = st.columns([1.1, 1.1, 1.2, 0.75], gap="small", vertical_alignment="bottom")
        with optimizer:
            choose(
                st.selectbox,
                say("train.optimizer"),
                OPTIMIZERS,
                "train.optimizer",
                config,
                field.OPTIMIZER_TITLES.__getitem__,
            )
        with schedule:
            titles = field.SCHEDULE_TITLES.__getitem__
            choose(st.selectbox, say("train.schedule"), SCHEDULES, "train.schedule", config, titles, _schedule_help())
        with loss:
            choose(st.selectbox, say("train.loss_2"), LOSSES, "train.loss", config, field.LOSS_TITLES.__getitem__)
        if not is_hidden(*_MORE_OPTIONS):
            with more, st.popover(say("train.more"), width="stretch", key="more-popover"):
                _more_options(config)
        steps = steps_per_epoch(train, config.train.batch_size)
        with st.container(horizontal=True, vertical_alignment="center", key="iterations"):
            if is_withheld("iterations"):
                say_instead()
            else:
                st.caption(say("train.iterations_epoch", train=train, batch_size=config.train.batch_size, steps=steps))
            if config.train.schedule != "constant":
                st.html(rate_curve_html(config.train), width="content")


def _data_options(config: RunConfig, info: DatasetInfo) -> None:
    titles = titles_for(config)
    choose(st.selectbox, say("train.data"), list(titles), "data.name", config, titles.__getitem__)
    st.caption(about_of(info))
    rest = info.training_count(config.data.valid_fraction)
    sizes = [n for n in with_value(_SIZES, config.data.train_size) if n < rest]
    choose(
        st.select_slider,
        say("train.training_pictures"),
        [*sizes, None],
        "data.train_size",
        config,
        lambda n: f"{n or rest:,}",
        say("train.train_fewer_see"),
    )
    choose(
        st.select_slider,
        say("train.validation_share"),
        with_value(_VALID_SHARES, config.data.valid_fraction),
        "data.valid_fraction",
        config,
        lambda share: text.percent(share, "g"),
        say("train.cut_from_training"),
    )
    choose(
        st.toggle,
        say("train.scale_pixels"),
        None,
        "data.scale_pixels",
        config,
        help_text=say("train.without_net_gets"),
    )


def _more_options(config: RunConfig) -> None:
    if config.train.time_budget is None:
        _time_limit(config, say("train.time_limit"))
    choose(
        st.select_slider,
        say("train.weight_decay"),
        with_value(_DECAYS, config.train.weight_decay),
        "train.weight_decay",
        config,
        lambda value: text.rate(value) or "0",
        say("train.pulls_every_weight"),
    )
    choose(
        st.toggle,
        say("train.vary_training_pictures"),
        None,
        "train.augment",
        config,
        help_text=say("train.augmentation_anew_every"),
    )
    choose(
        st.selectbox,
        say("train.precision"),
        ("auto", "fp32", "bf16"),
        "train.precision",
        config,
        {"auto": say("train.what_faster_here"), "fp32": "float32", "bf16": "bfloat16"}.__getitem__,
        say("train.auto_few_steps"),
    )
    choose(
        st.number_input,
        say("train.seed"),
        None,
        "seed",
        config,
        help_text=say("train.same_set_up"),
        min_value=0,
        max_value=2**31 - 1,
        step=1,
    )


def _time_limit(config: RunConfig, label: str) -> None:
    choose(
        st.select_slider,
        label,
        with_value(_BUDGETS, config.train.time_budget, first=None),
        "train.time_budget",
        config,
        lambda seconds: text.duration(seconds) if seconds else say("train.no_time_limit"),
        say("train.train_so_long"),
    )
