"""The left side of Train: data, layers, hyperparameters. Every widget shows the set-up and writes back to it."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from lib.config import BATCH_SIZES, LEARNING_RATES, LOSSES, OPTIMIZERS, ModelConfig, RunConfig
from lib.data import DatasetInfo, list_datasets
from lib.models import ShapeError, list_presets, preset
from lib.models.shapes import Planned, plan
from lib.training.batches import steps_per_epoch
from lib.ui import state, text
from lib.ui.components.net_editor import net_editor
from lib.ui.download import offer_download

_EDITOR = "net"
_VALID_SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
_EPOCHS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200)
_BUDGETS = (None, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
_DECAYS = (0.0, 0.00001, 0.0001, 0.001, 0.01, 0.1)
_SIZES = (100, 300, 1_000, 3_000, 10_000, 30_000)


def split_sizes(config: RunConfig, info: DatasetInfo) -> tuple[int, int]:
    """How many pictures train, and how many measure every epoch."""
    valid = round(info.train_count * config.data.valid_fraction)
    train = min(config.data.train_size or info.train_count, info.train_count - valid)
    return train, valid or min(config.data.test_size or info.test_count, info.test_count)


def data_card(config: RunConfig, info: DatasetInfo) -> None:
    """Name the data and let it be changed; offer the download of a set that is not here."""
    train, _ = split_sizes(config, info)
    channels, height, width = info.input_shape
    colour = "grey" if channels == 1 else "colour"
    with st.container(border=True, key="data-card"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{info.title}**", width="content")
            facts = f"{train:,} pictures · {height}×{width} {colour} · {len(info.classes)} classes"
            st.caption(facts, width="stretch", text_alignment="right")
            with st.popover("change", type="tertiary", key="data-popover"):
                _data_options(config, info)
        if not info.available:
            offer_download(info)


def layers_card(config: RunConfig, info: DatasetInfo) -> bool:
    """Draw the net and its layer list; True if the net can work."""
    error: ShapeError | None = None
    try:
        planned = plan(config.model, info.input_shape, len(info.classes))
    except ShapeError as problem:
        error, planned = problem, problem.reached
    names = list_presets()
    net_editor(
        key=_EDITOR,
        layers=config.model.model_dump()["layers"],
        rows=_rows(planned, len(config.model.layers) + 1),
        input_shape=info.input_shape,
        classes=len(info.classes),
        totals={
            "parameters": sum(step.parameters for step in planned),
            "multiply_adds": sum(step.multiply_adds for step in planned),
        },
        error=_for_editor(error) if error else None,
        presets=[{"name": name, "label": text.PRESET_TITLES[name]} for name in names],
        preset=next((name for name in names if preset(name).model == config.model), None),
        can_undo=state.can("undo"),
        can_redo=state.can("redo"),
        locked=False,
        version=state.version(),
        on_action=_edited,
    )
    return error is None


def hyperparameters_card(config: RunConfig, info: DatasetInfo) -> None:
    """Learning rate, epochs, batch size, optimizer, loss, and the rest behind More."""
    train, _ = split_sizes(config, info)
    with st.container(border=True, key="hyperparameters-card", gap="small"):
        rate, epochs, batch = st.columns([1.25, 1, 1], gap="medium")
        with rate:
            options = _with_value(LEARNING_RATES, config.train.learning_rate)
            help_text = "How far each step goes against the slope. While your run trains, moving this changes it live."
            _choose(st.select_slider, "Learning rate", options, "train.learning_rate", config, text.rate, help_text)
        with epochs:
            options = _with_value(_EPOCHS, config.train.epochs)
            _choose(st.select_slider, "Epochs", options, "train.epochs", config, str)
        with batch:
            options = _with_value(BATCH_SIZES, config.train.batch_size)
            _choose(st.select_slider, "Batch size", options, "train.batch_size", config, str)
        optimizer, loss, more = st.columns([1.25, 1, 1], gap="medium", vertical_alignment="bottom")
        with optimizer:
            titles = text.OPTIMIZER_TITLES.__getitem__
            _choose(st.selectbox, "Optimizer", OPTIMIZERS, "train.optimizer", config, titles)
        with loss:
            _choose(st.selectbox, "Loss", LOSSES, "train.loss", config, text.LOSS_TITLES.__getitem__)
        with more, st.popover("More", width="stretch", key="more-popover"):
            _more_options(config)
        steps = steps_per_epoch(train, config.train.batch_size)
        budget = config.train.time_budget
        limit = f" · ends after {text.duration(budget)} at the latest" if budget else ""
        st.caption(f"{train:,} / {config.train.batch_size} = {steps:,} iterations an epoch{limit}")


def _data_options(config: RunConfig, info: DatasetInfo) -> None:
    titles = {each.name: each.title for each in list_datasets()}
    _choose(st.selectbox, "Data", list(titles), "data.name", config, titles.__getitem__)
    st.caption(info.about)
    rest = info.train_count - round(info.train_count * config.data.valid_fraction)
    sizes = [n for n in _with_value(_SIZES, config.data.train_size) if n < rest]
    _choose(
        st.select_slider,
        "Training pictures",
        [*sizes, None],
        "data.train_size",
        config,
        lambda n: f"{n or rest:,}",
        "Train on fewer to see what is lost: a class needs samples.",
    )
    _choose(
        st.select_slider,
        "Validation share",
        _with_value(_VALID_SHARES, config.data.valid_fraction),
        "data.valid_fraction",
        config,
        lambda share: f"{share * 100:g} %",
        "Cut from the training pictures. With 0 % all of them train, and the dashed curve is measured on the test "
        "pictures, as many tutorials do.",
    )
    _choose(
        st.toggle,
        "Scale pixels to 0–1",
        None,
        "data.scale_pixels",
        config,
        help_text="Without it the net gets 0–255, and most nets learn badly: try it.",
    )


def _more_options(config: RunConfig) -> None:
    _choose(
        st.select_slider,
        "Time limit",
        _with_value(_BUDGETS[1:], config.train.time_budget, first=None),
        "train.time_budget",
        config,
        lambda seconds: text.duration(seconds) if seconds else "none",
        "Ends the run after so much training, if the epochs take longer.",
    )
    _choose(
        st.select_slider,
        "Weight decay",
        _with_value(_DECAYS, config.train.weight_decay),
        "train.weight_decay",
        config,
        lambda value: text.rate(value) or "0",
        "Pulls every weight a little towards zero at each step.",
    )
    _choose(
        st.toggle,
        "Shift and mirror the training pictures",
        None,
        "train.augment",
        config,
        help_text="Augmentation: each picture moves by up to 2 pixels and half of them are mirrored, anew every epoch.",
    )
    _choose(
        st.selectbox,
        "Precision",
        ("auto", "fp32", "bf16"),
        "train.precision",
        config,
        {"auto": "what is faster here", "fp32": "float32", "bf16": "bfloat16"}.__getitem__,
        "With auto, a few steps are timed before the start. Small nets stay in float32.",
    )
    st.number_input(
        "Seed",
        min_value=0,
        max_value=2**31 - 1,
        step=1,
        help="The same set-up with the same seed gives the same curve on one machine.",
        **_bound("seed", config),
    )


def _choose(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[Any] | None,
    path: str,
    config: RunConfig,
    format_func: Callable[[Any], str] = str,
    help_text: str | None = None,
) -> None:
    choices = {} if options is None else {"options": list(options), "format_func": format_func}
    widget(label, help=help_text, **choices, **_bound(path, config))


def _bound(path: str, config: RunConfig) -> dict[str, Any]:
    """Widget arguments that show the set-up's value at `path` and write a new one back."""
    key = f"setup.{path}"
    value: Any = config
    for name in path.split("."):
        value = getattr(value, name)
    if st.session_state.get(key, object()) != value:
        st.session_state[key] = value
    return {"key": key, "on_change": _written, "args": (path, key)}


def _written(path: str, key: str) -> None:
    value, config = st.session_state[key], state.setup()
    *group, name = path.split(".")
    changed = config.model_dump()
    (changed[group[0]] if group else changed)[name] = value
    if name == "name":  # another data set has other sizes
        changed["data"]["train_size"] = changed["data"]["test_size"] = None
    state.change_setup(RunConfig.model_validate(changed))
    run = state.current_run()
    if name == "learning_rate" and run and state.is_mine(run):
        run.set_learning_rate(value)


def _edited() -> None:
    """Do what was asked in the layer list."""
    action, config = st.session_state[_EDITOR].action, state.setup()
    match action["type"]:
        case "edit":
            model = ModelConfig.model_validate({"layers": action["layers"]})
            state.change_setup(config.model_copy(update={"model": model}), undoable=True)
        case "preset":
            # A preset brings its own way of training; the pictures that were chosen stay.
            chosen = preset(action["name"])
            data = chosen.data.model_copy(update={"name": config.data.name, "train_size": config.data.train_size})
            state.change_setup(chosen.model_copy(update={"data": data, "seed": config.seed}), undoable=True)
        case "mend":
            _mend(config)
        case "undo":
            state.undo()
        case "redo":
            state.redo()
        case _:
            raise ValueError(f"unknown action {action!r}")
    state.handled()


def _mend(config: RunConfig) -> None:
    info = state.dataset_info(config.data.name)
    try:
        plan(config.model, info.input_shape, len(info.classes))
    except ShapeError as error:
        if error.mend:
            model = ModelConfig(layers=error.mend.layers)
            state.change_setup(config.model_copy(update={"model": model}), undoable=True)


def _rows(planned: list[Planned], count: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"name": step.name, "shape": list(step.output_shape), "parameters": step.parameters} for step in planned
    ]
    return rows + [{"name": "", "shape": None, "parameters": 0}] * (count - len(rows))


def _for_editor(error: ShapeError) -> dict[str, Any]:
    mend = error.mend.label if error.mend else None
    return {"layer_index": error.layer_index, "reason": error.reason, "mend_label": mend}


def _with_value(options: Iterable[Any], value: Any, *, first: Any = ...) -> list[Any]:
    """`options` in order, with a value from a link or a preset put in its place."""
    chosen = set(options) | ({value} if value is not None else set())
    return ([first] if first is not ... else []) + sorted(chosen)
