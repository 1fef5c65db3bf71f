"""What an experiment is to compare: one short form for each kind."""

from typing import Any, NamedTuple

import streamlit as st

from lib.config import ACTIVATIONS, BATCH_SIZES, LEARNING_RATES, OPTIMIZERS, RunConfig
from lib.datasets import DatasetInfo
from lib.experiments import Planned
from lib.experiments import designs as design
from lib.experiments.designs import ALL_KINDS, FAIREST
from lib.models import ShapeError
from lib.ui.compare import base as start
from lib.ui.compare.expected import AS_MANY_AS_FIT, choose_seeds
from lib.ui.setup.controls import held
from lib.ui.words import Said, field, number, say, text
from lib.ui.words.telling import problem_said

_KEYS = {kind: f"compare.kind_{field.slug(kind)}" for kind in ALL_KINDS}
TITLES = Said(_KEYS)
QUESTIONS = Said({kind: f"{key}_asks" for kind, key in _KEYS.items()})
ALIKE = Said({kind: f"{key}_alike" for kind, key in _KEYS.items()})  # what all members share
_RATES = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0)
_SECONDS = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)
_PICTURES = (50, 100, 300, 1_000, 3_000, 10_000, 30_000)
_MOST = 6  # panels that can be told apart at a glance


class Asked(NamedTuple):
    """An experiment as the form describes it; without `planned` there is a `problem`."""

    kind: str
    info: DatasetInfo
    planned: list[Planned]  # one seed of each
    options: dict[str, Any]
    problem: str | None
    seeds: int = AS_MANY_AS_FIT


def experiment_form(kind: str) -> Asked:
    """Draw the form of `kind` and read it."""
    options: dict[str, Any] = {}
    choices = _choices(kind)
    first = "two-layer-sigmoid" if kind == "activations" else "small-cnn"
    left, right = st.columns(2, gap="small")
    with left:
        info = start.choose_data("experiment")
    with right:
        config = start.choose_net("experiment", first)
    if kind == "data":
        choices["sizes"] = _sizes(info)
    size = None if kind == "data" else start.choose_size("experiment", info)
    by_the_clock = choices.get("equal") == "time"
    if by_the_clock:
        choices["seconds"] = held(
            st.select_slider,
            say("compare.seconds_each_run"),
            _SECONDS,
            first=3.0,
            format_func=lambda seconds: number(seconds, "g"),
            key="experiment-seconds",
        )
    epochs = 1 if by_the_clock else start.choose_epochs("experiment")
    if equal := choices.get("equal"):
        options = {"equal": equal, "seconds": choices.get("seconds")}
    config = start.on_these(config, info, size, epochs)
    planned: list[Planned] = []
    trouble: str | None = say("compare.choose_least_two")
    try:
        planned = _planned(kind, config, info, choices)
    except (ShapeError, ValueError) as problem:
        trouble = problem_said(problem)
    trouble = None if planned else trouble
    return Asked(kind, info, planned, options, trouble, choose_seeds("experiment-seeds", len(planned)))


def _choices(kind: str) -> dict[str, Any]:
    """What is compared."""
    match kind:
        case "rates":
            return {"rates": _several(say("compare.learning_rates"), LEARNING_RATES, _RATES, text.rate)}
        case "dense-cnn":
            titles = {
                "time": say("compare.time"),
                "parameters": say("compare.parameters"),
                "multiply-adds": say("compare.multiply_adds"),
            }
            equal = held(
                st.segmented_control,
                say("compare.equal"),
                FAIREST,
                first="time",
                format_func=titles.__getitem__,
                key="experiment-equal",
                required=True,
                help=say("compare.what_both_nets"),
            )
            return {"equal": equal}
        case "optimizers":
            names = _several(say("compare.optimizers"), OPTIMIZERS, OPTIMIZERS, field.OPTIMIZER_HEADINGS.__getitem__)
            usual = held(
                st.toggle,
                say("compare.each_usual_learning"),
                first=True,
                key="experiment-usual",
                help=say("compare.plain_descent_needs"),
            )
            return {"names": names, "usual": usual}
        case "activations":
            return {
                "names": _several(
                    say("compare.activations"), ACTIVATIONS, ACTIVATIONS, field.ACTIVATION_TITLES.__getitem__
                )
            }
        case "batches":
            return {"sizes": _several(say("compare.batch_sizes"), BATCH_SIZES, (8, 32, 128, 512), number)}
        case _:
            return {}


def _sizes(info: DatasetInfo) -> list[int]:
    rest = start.most_pictures(info)
    there = [n for n in _PICTURES if n < rest] + [rest]
    first = [n for n in (50, 100, 300, 1_000, 3_000) if n in there][-4:]
    return _several(say("compare.training_pictures"), there, first, number, f"experiment-sizes-{info.name}")


def _several(label: str, options: Any, first: Any, show: Any, key: str | None = None) -> list[Any]:
    chosen: list[Any] = held(
        st.multiselect,
        label,
        options,
        first=first,
        format_func=show,
        max_selections=_MOST,
        key=key or f"experiment-{label}",
    )
    return chosen


def _planned(kind: str, config: RunConfig, info: DatasetInfo, choices: dict[str, Any]) -> list[Planned]:
    several = choices.get("rates") or choices.get("names") or choices.get("sizes")
    if kind != "dense-cnn" and (several is None or len(several) < 2):
        return []
    match kind:
        case "rates":
            return design.rate_race(config, choices["rates"])
        case "dense-cnn":
            clock = {"seconds": choices["seconds"]} if choices["equal"] == "time" else {}
            return design.dense_against_cnn(
                config, choices["equal"], info.input_shape, len(info.classes), seeds=1, **clock
            )
        case "optimizers":
            return design.optimizer_contest(config, choices["names"], usual_rates=choices["usual"])
        case "activations":
            return design.activation_contest(config, choices["names"])
        case "data":
            return design.data_contest(config, choices["sizes"])
        case "batches":
            return design.batch_contest(config, choices["sizes"])
        case _:
            raise ValueError(f"There is no experiment “{kind}”.")
