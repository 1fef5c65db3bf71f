"""The numbers that an experiment came to: a table, and accuracies with error bars."""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, stdev
from typing import Literal

import streamlit as st

from lib.datasets.catalogue import info as dataset_info
from lib.experiments import Experiment, Member
from lib.models import summarize
from lib.training.batches import steps_per_epoch
from lib.ui.compare.names import at_its_rate, panel_names, seed_of, word_of
from lib.ui.compare.table import table_html
from lib.ui.components.score_chart import score_chart
from lib.ui.words import field, number, say, text

TONES = {
    "good": "good",
    "best": "good",
    "ahead": "good",
    "generalises": "good",
}  # others are neither good nor bad
TONES |= dict.fromkeys(("crawls", "gets stuck", "bounces", "explodes", "diverged", "learns by heart"), "bad")


def steps_of(member: Member) -> int:
    """Iterations that a member will take, if no clock ends it."""
    config = member.config
    info = dataset_info(config.data.name)
    there = info.training_count(config.data.valid_fraction)
    return config.train.epochs * steps_per_epoch(config.data.train_size or there, config.train.batch_size)


def axis_of(kind: str, members: Sequence[Member]) -> tuple[Literal["epochs", "iterations", "seconds"], float]:
    """What the x axis counts, and how far it goes."""
    if budget := members[0].config.train.time_budget:
        return "seconds", budget
    if kind == "data":
        return "iterations", max(map(steps_of, members))
    return "epochs", max(member.config.train.epochs for member in members)


def note_of(kind: str, member: Member) -> str:
    """What is worth knowing of a panel before its runs have started."""
    config = member.config
    match kind:
        case "rates":
            return say(
                "compare.batches",
                optimizer_titles=field.OPTIMIZER_TITLES[config.train.optimizer],
                batch_size=config.train.batch_size,
            )
        case "dense-cnn":
            info = dataset_info(config.data.name)
            cost = summarize(config.model, info.input_shape, len(info.classes))
            return say("compare.parameters_multiply_adds", parameters=cost.parameters, multiply_adds=cost.multiply_adds)
        case "data":
            return say("compare.epochs_iterations", epochs=config.train.epochs, member=steps_of(member))
        case "batches":
            return say("compare.count_iterations", count=steps_of(member))
        case "optimizers" if at_its_rate(member):
            return say("compare.batches_2", batch_size=config.train.batch_size)
        case _:
            return say("compare.learning_rate", learning_rate=text.rate(config.train.learning_rate))


def show(experiment: Experiment) -> None:
    """Draw what there is so far; nothing before the first result, and nothing moves up when it comes."""
    panels = experiment.panels()
    if not any(member.result for member in experiment.members):
        return
    if experiment.kind != "rates":
        _scores(experiment, panels)
    best = experiment.verdict.best if experiment.verdict else None
    pairs = any(len(group) > 1 for group in panels.values())
    heads = [
        "",
        say("compare.test_accuracy"),
        say("compare.test_loss"),
        say("compare.validation_accuracy"),
        say("compare.training_accuracy"),
        say("compare.column_epochs"),
        say("compare.column_iterations"),
        say("compare.column_seconds"),
    ]
    names = panel_names(experiment.kind, experiment.members)
    rows = [
        _row(f"{names[name]}, {seed_of(member)}" if pairs else names[name], member)
        for name, group in panels.items()
        for member in group
        if member.result
    ]
    st.html(
        table_html(
            say("compare.results"), say("compare.seconds_training_validation"), heads, rows, names.get(best or "")
        )
    )


def _row(name: str, member: Member) -> list[str]:
    result = member.result
    assert result is not None

    def share(value: float | None) -> str:
        return "–" if value is None else text.percent(value)

    return [
        name,
        word_of("diverged") if result.has_diverged else share(result.test_accuracy),
        "–" if result.test_loss is None else number(result.test_loss, ".3f"),
        share(result.valid_accuracy),
        share(result.train_accuracy),
        number(result.epochs, ",.0f" if result.epochs == round(result.epochs, 1) // 1 else ",.1f"),
        number(result.steps),
        number(result.seconds, ",.1f"),
    ]


def _scores(experiment: Experiment, panels: dict[str, list[Member]]) -> None:
    tests = _tests(experiment.members[0])
    several = any(len(group) > 1 for group in panels.values())
    rows = []
    names = panel_names(experiment.kind, experiment.members)
    for name, group in panels.items():
        scores = [each.result.test_accuracy for each in group if each.result and each.result.test_accuracy is not None]
        centre = mean(scores) if scores else None
        spread = None
        if centre is not None:
            spread = stdev(scores) if len(scores) > 1 else None if several else sqrt(centre * (1 - centre) / tests)
        best = experiment.verdict is not None and experiment.verdict.best == name
        rows.append({"label": names[name], "scores": scores, "centre": centre, "spread": spread, "best": best})
    note = say("compare.circles_one_seed", tests=tests) if several else say("compare.one_standard_error", tests=tests)
    score_chart(key="experiment-scores", title=say("compare.test_accuracy_2"), rows=rows, note=note)


def _tests(member: Member) -> int:
    return member.config.data.test_size or dataset_info(member.config.data.name).test_count
