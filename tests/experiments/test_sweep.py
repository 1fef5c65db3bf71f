"""Sweeps: what is tried, who is stopped early and why, what came out best; for real, and after a restart."""

from collections.abc import Callable
from math import sqrt
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.config import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.experiments import Coordinator, Experiment, Member, Result, sweep
from lib.experiments.designs import FINALISTS, from_seeds, with_train
from lib.experiments.near_the_best import next_values
from lib.experiments.settings import SETTINGS
from lib.experiments.sweep import KIND, judge_sweep, loser_reason, plan_sweep
from lib.models import preset, summarize
from lib.runs import Registry
from tests.in_english import read, said_in_english

House = tuple[Registry, Coordinator]
Until = Callable[[Callable[[], bool]], None]
CHOICES = {"rate": [0.001, 0.01, 0.1], "batch": [8, 32]}


def begun(coordinator: Coordinator, base: RunConfig, choices, method, trials: int = 6, at_once: int = 3) -> Experiment:
    planned, options = plan_sweep(base, choices, method, trials)
    return coordinator.start(KIND, "Sweep", planned, "me", at_once=at_once, options=options)


def found(coordinator: Coordinator, experiment: Experiment) -> Experiment:
    now = coordinator.find(experiment.id)
    assert now is not None
    return now


# ---- what is tried ----


def test_a_grid_has_every_combination_once(base: RunConfig) -> None:
    planned, _ = plan_sweep(base, CHOICES, "grid", 6)
    values = [(each.config.train.learning_rate, each.config.train.batch_size) for each in planned]
    assert values == [(rate, batch) for rate in CHOICES["rate"] for batch in CHOICES["batch"]]
    assert planned[1].panel == "0.001 · 32"


@given(st.integers(1, 20), st.integers(0, 1000))
def test_random_ones_are_different_and_the_same_for_a_seed(trials, seed) -> None:
    config = preset("small-cnn").model_copy(update={"seed": seed})
    once, twice = (plan_sweep(config, CHOICES, "random", trials)[0] for _ in range(2))
    assert once == twice
    assert len({each.panel for each in once}) == len(once) == min(trials, 6)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_changes_its_own_thing_alone(name: str) -> None:
    base = preset("small-cnn")
    setting = SETTINGS[name]
    assert set(setting.first) <= set(setting.choices)
    texts = [setting.show(value) for value in setting.choices]
    assert len(set(texts)) == len(texts)
    changed = [setting.put(base, value) for value in setting.choices]
    assert len({config.model_dump_json() for config in changed}) == len(changed)
    for config in changed:
        summarize(config.model, (1, 28, 28), 10)  # it can still work
        groups = {
            group for group in ("data", "model", "train", "seed") if getattr(config, group) != getattr(base, group)
        }
        assert len(groups) <= 1


def test_filters_and_units_leave_all_else_as_it_is() -> None:
    net = ModelConfig(layers=(Conv2d(8, 5, 2, "valid", "tanh"), MaxPool2d(), Flatten(), Dense(9, "sigmoid")))
    base = preset("small-cnn").model_copy(update={"model": net})
    assert SETTINGS["filters"].put(base, 16).model.layers[0] == Conv2d(16, 5, 2, "valid", "tanh")
    assert SETTINGS["units"].put(base, 64).model.layers[3] == Dense(64, "sigmoid")


def test_what_does_not_fit_is_said_before_anything_starts(base: RunConfig) -> None:
    with pytest.raises(ValueError, match="no convolution whose filters"):
        plan_sweep(base, {"rate": [0.1, 0.2], "filters": [4, 8]}, "grid", 4)
    with pytest.raises(ValueError, match="makes 42 runs"):
        plan_sweep(base, {"rate": list(SETTINGS["rate"].choices), "units": [4, 8, 16]}, "grid", 42)


# ---- who is stopped ----


@pytest.mark.parametrize(
    ("own", "others", "epochs", "stops"),
    [
        ([0.3], [[0.5], [0.6], [0.7]], 5, True),
        ([0.6], [[0.5], [0.6], [0.7]], 5, False),  # at the median
        ([0.3], [[0.5], [0.6]], 5, False),  # too few others
        ([0.3], [[0.5], [0.6], []], 5, False),  # the third has not come as far
        ([], [[0.5], [0.6], [0.7]], 5, False),
        ([0.3, 0.4], [[0.5, 0.6]] * 3, 2, False),  # its last epoch is over
        ([0.55, 0.2], [[0.1, 0.5]] * 3, 5, False),  # the best so far counts, not the last
        ([0.2, 0.45], [[0.5, 0.1]] * 3, 5, True),
        ([0.3], [[0.2, 0.9]] * 3, 5, False),  # what others reach later is not held against it
    ],
)
def test_the_median_rule(own, others, epochs, stops) -> None:
    assert (loser_reason(own, others, epochs) is not None) == stops


def test_the_reason_has_the_numbers() -> None:
    assert said_in_english(loser_reason([0.3], [[0.5], [0.6], [0.7]], 5) or "") == (
        "stopped after epoch 1: 30.0 %, the median of the others was 60.0 %"
    )


def done(base: RunConfig, rate: float, valid: float | None, test: float | None = None, **more) -> Member:
    state = more.pop("state", "finished")
    result = Result(
        state=state, steps=1, epochs=more.pop("epochs", 4), seconds=1, valid_accuracy=valid, test_accuracy=test
    )
    return Member(panel=str(rate), label="", config=base, values={"rate": rate, "batch": 32}, result=result, **more)


def test_the_best_is_chosen_by_validation_not_by_test(base: RunConfig) -> None:
    verdict = judge_sweep([done(base, 0.01, 0.95, 0.90), done(base, 0.1, 0.90, 0.99)], 100)
    assert verdict.best == "0.01"
    assert read(verdict) == (
        "Highest: learning rate 0.01 and batch size 32, with 95.0 % of the validation pictures right and 90.0 % of the "
        "test pictures. On 100 pictures 1 other is too close to call, and one seed each says nothing about chance."
    )
    clear = judge_sweep([done(base, 0.01, 0.95, 0.90), done(base, 0.1, 0.50, 0.99)], 100)
    assert "On 100 pictures none of the others is too close to call, and one seed each" in read(clear)


def test_a_run_that_was_stopped_or_broke_is_never_the_best(base: RunConfig) -> None:
    members = [
        done(base, 0.01, 0.5, 0.5),
        done(base, 0.1, 0.9, state="stopped", stopped="stopped after epoch 1", epochs=1),
        done(base, 10.0, None, state="failed"),
    ]
    verdict = judge_sweep(members, 100)
    assert verdict.best == "0.01"
    assert verdict.panels["0.1"].word == "stopped early"
    assert "1 of 3 runs was stopped early, which saved 25 % of the epochs" in read(verdict)
    assert "No run of this sweep" in read(judge_sweep(members[1:], 100))


# ---- for real ----


def test_a_real_grid_ends_and_its_best_is_the_runs_own(house: House, base: RunConfig) -> None:
    registry, coordinator = house
    experiment = begun(coordinator, base, CHOICES, "grid")
    assert coordinator.wait(experiment.id, 240)
    ended = found(coordinator, experiment)
    assert ended.state == "finished"
    assert ended.verdict is not None
    ends = {}
    for member in ended.members:
        run = registry.find(member.run or "")
        assert run is not None
        if run.state == "finished":
            ends[member.panel] = run.log.epochs[-1]["valid_accuracy"]
    assert ends[ended.verdict.best or ""] == max(ends.values())


def test_a_real_loser_is_stopped_early(house: House, base: RunConfig) -> None:
    _, coordinator = house
    config = with_train(base, epochs=100, batch_size=2)
    choices = {"rate": [0.003, 0.005, 0.002, 0.004, 0.00001], "decay": [0.0]}
    planned, options = plan_sweep(config, choices, "grid", 5)
    experiment = coordinator.start(KIND, "Sweep", planned, "me", at_once=5, options=options)
    assert coordinator.wait(experiment.id, 240)
    slow = found(coordinator, experiment).members[-1]
    assert slow.result is not None
    assert slow.result.state == "stopped"
    assert slow.result.epochs < 100
    assert "the median of the others was" in said_in_english(slow.stopped)


def test_the_best_are_trained_again_from_seeds_that_did_not_choose_them(house: House, base: RunConfig) -> None:
    _, coordinator = house
    sweep_of = begun(coordinator, base, {"rate": [0.00001, 0.003, 0.01], "batch": [8, 32]}, "grid")
    assert coordinator.wait(sweep_of.id, 240)
    ended = found(coordinator, sweep_of)
    finals = sweep.finalists(ended)
    assert len(finals) == 3
    assert finals[0].panel == ended.verdict.best
    accuracy = {m.panel: m.result.valid_accuracy for m in ended.members if m.result and not m.stopped}
    assert [accuracy[each.panel] for each in finals] == sorted(accuracy.values(), reverse=True)[:3]
    several = from_seeds(finals, 2)
    assert not {each.config.seed for each in several} & {member.config.seed for member in ended.members}
    contest = coordinator.start(FINALISTS, "Finals", several, "me")
    assert coordinator.wait(contest.id, 240)
    verdict = found(coordinator, contest).verdict
    assert verdict is not None
    assert set(verdict.panels) == {each.panel for each in finals}
    assert "2 seeds" in read(verdict)


def test_members_near_the_best_follow_one_by_one(house: House, base: RunConfig) -> None:
    _, coordinator = house
    choices = {"rate": [0.00001, 0.0001, 0.001, 0.01, 0.1], "batch": [8, 32, 128]}
    experiment = begun(coordinator, with_train(base, epochs=2), choices, "optuna", trials=9, at_once=2)
    assert len(experiment.members) == 1
    assert coordinator.progress(experiment.id).total == 9
    assert coordinator.wait(experiment.id, 240)
    ended = found(coordinator, experiment)
    assert len(ended.members) == 9
    panels = [member.panel for member in ended.members]
    assert len(set(panels)) == 9  # nothing is trained twice


def test_optuna_looks_where_it_was_good(base: RunConfig) -> None:
    """On a made-up score with its top at 0.01 and 32, far more often than by chance."""
    choices = {"rate": list(SETTINGS["rate"].choices), "batch": [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]}
    _, options = plan_sweep(base, choices, "optuna", 40)
    experiment = Experiment(id="abcd", kind=KIND, title="", owner="", created=0, members=(), options=options)
    for _ in range(36):
        values = next_values(experiment)
        off = abs(choices["rate"].index(values["rate"]) - 7) + abs(choices["batch"].index(values["batch"]) - 5)
        member = done(base, 0.0, 1 - 0.05 * off).model_copy(update={"values": values, "panel": str(values)})
        experiment = experiment.model_copy(update={"members": (*experiment.members, member)})
    scores = [member.result.valid_accuracy for member in experiment.members if member.result]
    everywhere = [1 - 0.05 * (abs(i - 7) + abs(j - 5)) for i in range(14) for j in range(10)]
    # 31 chosen ones: so good a mean is three standard errors away from what chance gives.
    error = stdev(everywhere) / sqrt(31)
    assert mean(scores[5:]) > mean(everywhere) + 3 * error


def test_it_goes_on_after_a_restart_and_who_was_stopped_stays_stopped(
    open_house: Callable[..., House], base: RunConfig, until: Until
) -> None:
    registry, coordinator = open_house()
    endless = with_train(base, epochs=200, batch_size=1)
    experiment = begun(coordinator, endless, CHOICES, "optuna", trials=3, at_once=1)
    until(lambda: any(member.is_open for member in found(coordinator, experiment).members))
    run = registry.find(found(coordinator, experiment).members[0].run or "")
    assert run is not None
    until(lambda: len(run.log.points) > 2)
    registry.close()
    registry, coordinator = open_house()
    again = registry.find(run.id)
    assert again is not None
    until(lambda: again.state == "running")
    again.stop(again.owner)
    until(lambda: len(found(coordinator, experiment).members) == 2)  # the next one was chosen by what is in the file
    assert found(coordinator, experiment).members[0].result is not None
    coordinator.cancel(experiment.id, experiment.owner)
    assert coordinator.wait(experiment.id, 30)


def test_without_optuna_there_are_two_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sweep.has_optuna()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert not sweep.has_optuna()
