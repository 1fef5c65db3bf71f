"""From the runs of an experiment to its verdict: gather what they measured and hand it to the rules."""

from collections.abc import Sequence
from statistics import median_low
from typing import NamedTuple

from lib.datasets import DatasetUnavailable
from lib.datasets.catalogue import info
from lib.experiments import answers, contests, race, sweep
from lib.experiments.designs import FINALISTS
from lib.experiments.groups import Entry
from lib.experiments.measured import curve_of, validation_of
from lib.experiments.records import Experiment, Member, Verdict
from lib.models import summarize
from lib.runs import Registry, Run
from lib.telling import Told, told

RULES: dict[str, tuple[Told, ...]] = {
    "rates": race.RULES,
    "dense-cnn": contests.PAIR_RULES,
    "optimizers": contests.SPEED_RULES,
    "activations": contests.SPEED_RULES,
    "batches": contests.RANKING_RULES,
    "data": contests.DATA_RULES,
    FINALISTS: contests.RANKING_RULES,
    sweep.KIND: sweep.RULES,
}


def judge(experiment: Experiment, registry: Registry) -> Verdict:
    """Apply the rules of its kind to an experiment whose runs have ended; of single seeds, compare answers as well."""
    verdict = _by_its_rules(experiment, registry)
    if experiment.kind == sweep.KIND or any(len(group) > 1 for group in experiment.panels().values()):
        return verdict
    said = _same_pictures(experiment, registry)
    return verdict.model_copy(update={"sentence": (*verdict.sentence, *said)}) if said else verdict


def _same_pictures(experiment: Experiment, registry: Registry) -> tuple[Told, ...] | None:
    """The two with the most test pictures right, on the same pictures."""
    ranked = sorted(
        (m for m in experiment.members if m.run and m.result and m.result.test_accuracy is not None),
        key=lambda member: -(member.result.test_accuracy or 0.0) if member.result else 0.0,
    )[:2]
    runs = [run for member in ranked if (run := registry.find(member.run or ""))]
    if len(runs) < 2 or not answers.same_test(runs[0], runs[1]):
        return None
    try:
        right = [answers.right_answers(run) for run in runs]
    except DatasetUnavailable:
        return None
    if right[0] is None or right[1] is None:
        return None
    first, second = (told("told.panel", name=member.panel) for member in ranked)
    return answers.said_of(first, second, answers.beside(right[0], right[1]))


def _by_its_rules(experiment: Experiment, registry: Registry) -> Verdict:
    found = [(m, run) for m in experiment.members if m.run and m.result and (run := registry.find(m.run))]
    if not found:
        return Verdict(sentence=(told("verdict.no_runs"),))
    if experiment.kind == sweep.KIND:
        return sweep.judge_sweep(experiment.members, _sizes(found[0][1]).valid)
    if experiment.kind == "rates":
        accuracies = {panel: _middle([m for m, _ in found if m.panel == panel]) for panel in experiment.panels()}
        return race.judge_race([curve_of(m.panel, run) for m, run in found], accuracies)
    entries = [_entry(member, run) for member, run in found]
    tests = _sizes(found[0][1]).test
    match experiment.kind:
        case "dense-cnn":
            equal = str(experiment.options.get("equal", "time")).removeprefix("equal ")  # so an older version kept it
            return contests.judge_pair(entries, equal, tests)
        case "data":
            return contests.judge_data(entries, tests)
        case "batches":
            return contests.judge_ranking(entries, tests, with_cost=True)
        case _:
            return contests.judge_ranking(entries, tests)


class _Sizes(NamedTuple):
    """How many pictures were behind a run's numbers."""

    train: int
    valid: int
    test: int


def _sizes(run: Run) -> _Sizes:
    """Counted, or where the pictures are not here any more as many as there were of them."""
    data, chosen = run.dataset, run.config.data
    if len(data.train):
        return _Sizes(len(data.train), len(data.valid), len(data.test))
    about = info(chosen.name)
    test = chosen.test_size or about.test_count
    valid = about.validation_count(chosen.valid_fraction) or test
    return _Sizes(chosen.train_size or about.training_count(chosen.valid_fraction), valid, test)


def _middle(members: Sequence[Member]) -> float | None:
    """The validation accuracy of the seed in the middle."""
    known = [m.result.valid_accuracy for m in members if m.result and m.result.valid_accuracy is not None]
    return median_low(known) if known else None


def _entry(member: Member, run: Run) -> Entry:
    result = member.result
    assert result is not None
    data = info(member.config.data.name)
    cost = summarize(member.config.model, data.input_shape, len(data.classes))
    seen = [(at, found) for at, _, found in validation_of(run.log) if at is not None and found is not None]
    return Entry(
        panel=member.panel,
        test_accuracy=result.test_accuracy if result.state == "finished" else None,
        train_accuracy=result.train_accuracy,
        seconds=result.seconds,
        steps=result.steps,
        parameters=cost.parameters,
        multiply_adds=cost.multiply_adds,
        validation=tuple(seen),
        pictures=_sizes(run).train,
        diverged=result.has_diverged,
    )
