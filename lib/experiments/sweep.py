"""Sweeps: two or three settings varied together, losers stopped early, and what came out best.

Which combinations are tried: all of them (grid), some at random (Bergstra & Bengio 2012) or, where optuna is there,
each near those that did well so far (tree-structured Parzen estimator, Bergstra et al. 2011).
"""

import importlib.util
import random
from collections.abc import Mapping, Sequence
from itertools import product
from math import sqrt
from statistics import median
from typing import Any, Literal

from lib.config import RunConfig
from lib.experiments.records import Experiment, Judged, Member, Planned, Verdict
from lib.experiments.settings import SETTINGS, Value
from lib.telling import Refusal, Told, told

Method = Literal["grid", "random", "optuna"]

KIND = "sweep"
MOST_RUNS = 36
_WARM_UP = 1  # whole epochs before anybody is stopped
_FINALISTS = 3
_LEAST_OTHERS = 3  # that must have come as far, for their median to mean something

RULES = (
    told("sweep.rule_stopped", others=_LEAST_OTHERS),
    told("sweep.rule_highest", best=_FINALISTS),
    told("sweep.rule_methods"),
)


def has_optuna() -> bool:
    """True if the `sweep` extra is installed."""
    return importlib.util.find_spec("optuna") is not None


def plan_sweep(
    base: RunConfig, choices: Mapping[str, Sequence[Value]], method: Method, trials: int
) -> tuple[list[Planned], dict[str, Any]]:
    """The members of a sweep, and the options that `Coordinator.start` keeps with it.

    choices: two or three names of `SETTINGS`, each with the values to try. With "optuna" only the first member is
    planned; the others follow one by one. ValueError in plain words if a setting does not fit the net.
    """
    combinations = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    options: dict[str, Any] = {"choices": {name: list(values) for name, values in choices.items()}, "method": method}
    options |= {"trials": min(trials, len(combinations)), "base": base.model_dump(mode="json")}
    for name, values in choices.items():
        SETTINGS[name].put(base, values[0])  # so that what does not fit is said before anything starts
    match method:
        case "grid":
            chosen = combinations
        case "random":
            chosen = random.Random(base.seed).sample(combinations, min(trials, len(combinations)))
        case "optuna":
            chosen = random.Random(base.seed).sample(combinations, 1)
        case _:
            raise ValueError(f"There is no way of choosing called “{method}”.")
    if len(chosen) > MOST_RUNS:
        message = f"That makes {len(chosen)} runs; {MOST_RUNS} are the most. Choose fewer values, or random ones."
        raise Refusal(message, told("refused.sweep_runs", count=len(chosen), most=MOST_RUNS))
    return [member_of(base, values) for values in chosen], options


def member_of(base: RunConfig, values: Mapping[str, Value]) -> Planned:
    """The run with these values of the swept settings."""
    config = base
    for name, value in values.items():
        config = SETTINGS[name].put(config, value)
    panel = " · ".join(SETTINGS[name].show(value) for name, value in values.items())
    return Planned(panel=panel, label="", config=config, values=dict(values))


def extended(experiment: Experiment) -> Experiment:
    """A sweep with its next member, where the members before decide which one that is; else the very same."""
    options = experiment.options
    if experiment.kind != KIND or options.get("method") != "optuna":
        return experiment
    open_or_waiting = sum(member.is_open or member.is_waiting for member in experiment.members)
    if open_or_waiting >= experiment.at_once or len(experiment.members) >= int(str(options["trials"])):
        return experiment
    from lib.experiments.near_the_best import next_values  # optuna is an extra

    base = RunConfig.model_validate(options["base"])
    member = Member(**member_of(base, next_values(experiment)).model_dump())
    return experiment.model_copy(update={"members": (*experiment.members, member)})


def loser_reason(own: Sequence[float], others: Sequence[Sequence[float]], epochs: int) -> Told | None:
    """Why a run should be stopped, by the median rule; None if it should not.

    own, others: validation accuracies after each whole epoch, of this run and of all others; epochs: how many it has.
    """
    done = len(own)
    if done < _WARM_UP or done >= epochs:
        return None
    as_far = [max(history[:done]) for history in others if len(history) >= done]
    if len(as_far) < _LEAST_OTHERS:
        return None
    best, middle = max(own), median(as_far)
    if best >= middle:
        return None
    return told("sweep.loser", epoch=done, best=best, middle=middle)


def judge_sweep(members: Sequence[Member], checked: int) -> Verdict:
    """Name the combination with most of the `checked` validation pictures right, and what early stopping saved."""
    whole = [m for m in members if m.result and m.result.state == "finished" and m.result.valid_accuracy is not None]
    if not whole:
        return Verdict(sentence=(told("sweep.none"),))
    best = max(whole, key=_accuracy)
    result = best.result
    assert result is not None
    settings = [told("told.setting", name=name, value=value) for name, value in best.values.items()]
    scores = {"valid": result.valid_accuracy or 0.0}
    if result.test_accuracy is None:
        sentence = [told("sweep.highest", settings=settings, **scores)]
    else:
        sentence = [told("sweep.highest_tested", settings=settings, **scores, test=result.test_accuracy)]
    close = sum(_is_close(_accuracy(best), _accuracy(member), checked) for member in whole) - 1
    if len(whole) > 1 and close == 0:
        sentence.append(told("sweep.none_close", checked=checked))
    elif len(whole) > 1:
        sentence.append(told("sweep.close", checked=checked, count=close))
    early = [member for member in members if member.stopped and member.result]
    if early:
        planned = sum(member.config.train.epochs for member in members)
        saved = sum(member.config.train.epochs - member.result.epochs for member in early if member.result)
        sentence.append(told("sweep.early", count=len(early), all=len(members), saved=saved / planned))
    panels = {best.panel: Judged(word="highest", reason=settings[0])}
    panels |= {member.panel: Judged(word="stopped early", reason=member.stopped or "") for member in early}
    return Verdict(sentence=tuple(sentence), panels=panels, best=best.panel)


def finalists(experiment: Experiment) -> list[Planned]:
    """The best of a sweep by validation, to be trained anew from seeds that took no part in choosing them.

    Whoever came out highest of many was lucky too: what it had there is no measure of it.
    """
    whole = [m for m in experiment.members if m.result and m.result.state == "finished" and not m.stopped]
    best = sorted(whole, key=_accuracy, reverse=True)[:_FINALISTS]
    return [
        Planned(
            panel=member.panel,
            label="",
            config=member.config.model_copy(update={"seed": member.config.seed + 1}),
            values=member.values,
        )
        for member in best
    ]


def _accuracy(member: Member) -> float:
    return (member.result.valid_accuracy or 0.0) if member.result else 0.0


def _is_close(high: float, low: float, checked: int) -> bool:
    return high - low <= 2 * sqrt((high * (1 - high) + low * (1 - low)) / max(checked, 1))
