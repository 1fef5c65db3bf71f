"""Choose the next combination of a sweep near those that did well. The only module that needs optuna, an extra."""

import random
from itertools import product
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from lib.experiments.records import Experiment, Member
from lib.experiments.settings import SETTINGS, Value

_AT_RANDOM = 5  # members before what they came to counts

optuna.logging.set_verbosity(optuna.logging.WARNING)


def next_values(experiment: Experiment) -> dict[str, Value]:
    """The values of the next member: the untried combination that is nearest to what optuna asks for.

    All that optuna knows is put together anew from the members, so a restart loses nothing.
    """
    choices: dict[str, list[Value]] = dict(experiment.options["choices"])  # type: ignore[arg-type]
    count = len(experiment.members)
    sampler = optuna.samplers.TPESampler(seed=count, n_startup_trials=_AT_RANDOM)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    spaces = {name: _space(name, len(values)) for name, values in choices.items()}
    for member in experiment.members:
        study.add_trial(_trial(member, choices, spaces))
    asked = study.ask(spaces).params
    values = {name: choices[name][place] for name, place in asked.items()}
    tried = [member.values for member in experiment.members]
    untried = [each for each in _combinations(choices) if each not in tried]
    random.Random(count).shuffle(untried)  # so that of several equally near ones none is preferred

    def distance(other: dict[str, Value]) -> int:
        return sum(_apart(name, choices[name], values[name], other[name]) for name in choices)

    return min(untried, key=distance)


def _combinations(choices: dict[str, list[Value]]) -> list[dict[str, Value]]:
    return [dict(zip(choices, each, strict=True)) for each in product(*choices.values())]


def _apart(name: str, values: list[Value], one: Value, other: Value) -> int:
    """Places between two values; of those without an order any two others are one apart."""
    if SETTINGS[name].ordered:
        return abs(values.index(one) - values.index(other))
    return int(one != other)


def _space(name: str, count: int) -> BaseDistribution:
    """Places in the list of values: where larger and smaller mean something, near means something too."""
    if SETTINGS[name].ordered and count > 1:
        return IntDistribution(0, count - 1)
    return CategoricalDistribution(tuple(range(count)))


def _trial(member: Member, choices: dict[str, list[Value]], spaces: dict[str, BaseDistribution]) -> Any:
    params = {name: choices[name].index(value) for name, value in member.values.items()}
    found = member.result.valid_accuracy if member.result else None
    state = (
        TrialState.COMPLETE if found is not None else TrialState.RUNNING if member.result is None else TrialState.FAIL
    )
    return create_trial(params=params, distributions=spaces, value=found, state=state)
