"""One look after an experiment: gather results, start what comes next, judge it at the end."""

import logging
from dataclasses import dataclass

from lib.datasets import list_datasets
from lib.datasets.own import check_open
from lib.experiments import sweep
from lib.experiments.measured import result_of
from lib.experiments.outcome import judge
from lib.experiments.records import Experiment, Planned
from lib.runs import Limits, Registry, Run, TooMuch
from lib.runs.limits import check, check_pictures
from lib.telling import Refusal, Told, in_any_language, told

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What people want of an experiment."""

    cancel: bool = False
    watched: bool = True


def check_member(planned: Planned, limits: Limits, owner: str) -> None:
    """Raise TooMuch, ShapeError or ValueError, in plain words, if this run should not start."""
    data = planned.config.data
    info = next((each for each in list_datasets() if each.name == data.name), None)
    if info is None or not info.available:
        message = f"The data set “{data.name}” is not on this machine. Choose another one."
        raise Refusal(message, told("refused.data_not_here"))
    check_open(data.name, owner)
    check_pictures(data, info)
    check(planned.config, info.input_shape, len(info.classes), limits)


def open_runs(experiment: Experiment, registry: Registry) -> list[Run]:
    """Its runs that have not ended."""
    found = [registry.find(member.run) for member in experiment.members if member.is_open and member.run]
    return [run for run in found if run is not None and not run.has_ended]


def advanced(experiment: Experiment, registry: Registry, wish: Wish) -> Experiment:
    """The experiment a moment later; the very same if nothing happened. Never raises: what breaks ends and says why."""
    try:
        experiment = _with_results(experiment, registry)
        if wish.cancel:
            return _cancelled(experiment, registry)
        experiment = sweep.extended(_without_losers(experiment, registry))
        if any(member.is_waiting for member in experiment.members):
            if wish.watched:
                return _with_more_runs(experiment, registry)
            return _saying(experiment, told("experiments.resting"))
        if any(member.is_open for member in experiment.members):
            return _saying(experiment, None)
        update = {"state": "finished", "message": None, "verdict": judge(experiment, registry)}
        return experiment.model_copy(update=update)
    except Exception as problem:
        logger.exception("experiment %s broke off", experiment.title)
        for run in open_runs(experiment, registry):
            run.stop(experiment.owner)
        return experiment.model_copy(
            update={"state": "failed", "message": told("experiments.broke_off", problem=str(problem))}
        )


def _with_results(experiment: Experiment, registry: Registry) -> Experiment:
    for index, member in enumerate(experiment.members):
        if not member.is_open or member.run is None:
            continue
        run = registry.find(member.run)
        if run is None:
            experiment = experiment.with_member(index, note=told("experiments.run_deleted"))
        elif run.has_ended:
            experiment = experiment.with_member(index, result=result_of(run))
    return experiment


def _without_losers(experiment: Experiment, registry: Registry) -> Experiment:
    """In a sweep, stop the runs that do clearly worse than the others did at the same point."""
    if experiment.kind != sweep.KIND:
        return experiment
    runs = [registry.find(member.run) if member.run else None for member in experiment.members]
    past = [_accuracies(run) if run else [] for run in runs]
    for index, (member, run) in enumerate(zip(experiment.members, runs, strict=True)):
        if run is None or not member.is_open:
            continue
        if member.stopped:
            run.stop(experiment.owner)  # once more: a restart may have come between
            continue
        others = [history for place, history in enumerate(past) if place != index]
        if reason := sweep.loser_reason(past[index], others, member.config.train.epochs):
            run.stop(experiment.owner)
            experiment = experiment.with_member(index, stopped=reason)
    return experiment


def _accuracies(run: Run) -> list[float]:
    """Validation accuracy after each whole epoch so far."""
    return [epoch["valid_accuracy"] or 0.0 for epoch in run.log.epochs if epoch["epoch"] > 0]


def _with_more_runs(experiment: Experiment, registry: Registry) -> Experiment:
    under_way = sum(member.is_open for member in experiment.members)
    message = None
    for index, member in enumerate(experiment.members):
        if under_way >= experiment.at_once:
            break
        if not member.is_waiting:
            continue
        try:
            run = registry.start(member.config, experiment.owner)
        except TooMuch as problem:  # it was checked before the start, so it is the queue that is full: later
            message = told("experiments.waiting", problem=in_any_language(problem))
            break
        except ValueError as problem:
            experiment = experiment.with_member(index, note=in_any_language(problem))
        else:
            under_way += 1
            experiment = experiment.with_member(index, run=run.id)
    return _saying(experiment, message)


def _cancelled(experiment: Experiment, registry: Registry) -> Experiment:
    done = sum(member.result is not None for member in experiment.members)
    for run in open_runs(experiment, registry):
        run.stop(experiment.owner)
    message = told("experiments.cancelled", done=done, all=len(experiment.members))
    return experiment.model_copy(update={"state": "cancelled", "message": message})


def _saying(experiment: Experiment, message: Told | None) -> Experiment:
    return experiment if experiment.message == message else experiment.model_copy(update={"message": message})
