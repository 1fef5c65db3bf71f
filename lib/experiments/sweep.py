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
from lib.experiments import words
from lib.experiments.records import Experiment, Judged, Member, Planned, Verdict
from lib.experiments.settings import SETTINGS, Value

Method = Literal["grid", "random", "optuna"]

KIND = "sweep"
MOST_RUNS = 36
_WARM_UP = 1  # whole epochs before anybody is stopped
_FINALISTS = 3
_LEAST_OTHERS = 3  # that must have come as far, for their median to mean something

RULES = (
    f"**Stopped early** (median rule): after a whole epoch, a run whose best validation accuracy is below the median "
    f"of what at least {_LEAST_OTHERS} others had by that epoch. The last epoch is never cut off.",
    "**Highest**: the highest validation accuracy at the end of a run that was not stopped. Each combination has one "
    "seed, which says nothing about chance: the sentence counts the others that are less than two standard errors of "
    "the difference behind, √(p(1−p)/n) each on n validation pictures; another seed may well turn round more; "
    f"the best {_FINALISTS} can be trained from several new seeds afterwards and told apart by Welch's test. The test "
    "pictures take no part in choosing; what the run scores on them is said afterwards.",
    "**Grid** tries every combination; **random** draws some of them, the same for the same seed; **near the best** "
    "draws five at random and then, by optuna, each near those that did well.",
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
        raise ValueError(
            f"That makes {len(chosen)} runs; {MOST_RUNS} are the most. Choose fewer values, or random ones."
        )
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


def loser_reason(own: Sequence[float], others: Sequence[Sequence[float]], epochs: int) -> str | None:
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
    return f"stopped after epoch {done}: {words.percent(best)}, the median of the others was {words.percent(middle)}"


def judge_sweep(members: Sequence[Member], checked: int) -> Verdict:
    """Name the combination with most of the `checked` validation pictures right, and what early stopping saved."""
    whole = [m for m in members if m.result and m.result.state == "finished" and m.result.valid_accuracy is not None]
    if not whole:
        return Verdict(sentence="No run of this sweep came to its end with a loss that is a number.")
    best = max(whole, key=_accuracy)
    result = best.result
    assert result is not None
    titles = [f"{SETTINGS[name].title.lower()} {SETTINGS[name].show(value)}" for name, value in best.values.items()]
    sentence = f"Highest: {words.listed(titles)}, with {words.percent(result.valid_accuracy or 0.0)} of the validation "
    sentence += "pictures right"
    if result.test_accuracy is not None:
        sentence += f" and {words.percent(result.test_accuracy)} of the test pictures"
    close = sum(_is_close(_accuracy(best), _accuracy(member), checked) for member in whole) - 1
    if len(whole) > 1:
        many = "none of the others is" if close == 0 else f"{close} other{'s are' if close > 1 else ' is'}"
        sentence += f". On {checked:,} pictures {many} too close to call, and one seed each says nothing about chance"
    early = [member for member in members if member.stopped and member.result]
    if early:
        planned = sum(member.config.train.epochs for member in members)
        saved = sum(member.config.train.epochs - member.result.epochs for member in early if member.result)
        share = 100 * saved / planned
        sentence += f". {len(early)} of {len(members)} runs were stopped early, which saved {share:.0f} % of the epochs"
    panels = {best.panel: Judged(word="highest", reason=titles[0])}
    panels |= {member.panel: Judged(word="stopped early", reason=member.stopped or "") for member in early}
    return Verdict(sentence=words.sentence(sentence), panels=panels, best=best.panel)


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
