"""Which of several is best, and whether that can be told: on scores by hand, and for real."""

from statistics import mean, stdev

import pytest
from scipy import stats

from lib.config import Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.experiments import Coordinator, Experiment
from lib.experiments.contests import judge_data, judge_pair, judge_ranking
from lib.experiments.designs import (
    activation_contest,
    batch_contest,
    data_contest,
    dense_against_cnn,
    from_seeds,
    optimizer_contest,
    with_train,
)
from lib.experiments.groups import Entry
from lib.experiments.statistics import ALPHA, welch
from lib.runs import Registry
from tests.in_english import read, reason

House = tuple[Registry, Coordinator]
LONG = 240.0  # seconds; a busy machine must not fail a test


def entry(panel: str, test: float | None, train: float | None = None, **more: object) -> Entry:
    values = {"seconds": 1.0, "steps": 100, "parameters": 1000, "multiply_adds": 900} | more
    return Entry(panel, test, train, **({"diverged": test is None} | values))  # type: ignore[arg-type]


def words(verdict) -> dict[str, str]:
    return {panel: judged.word for panel, judged in verdict.panels.items()}


def seeds(panel: str, *scores: float | None, **more: object) -> list[Entry]:
    return [entry(panel, score, **more) for score in scores]


def test_a_lead_counts_when_chance_between_seeds_does_not_explain_it() -> None:
    clear = [*seeds("a", 0.85, 0.86, 0.84), *seeds("b", 0.95, 0.96, 0.94)]
    verdict = judge_ranking(clear, 400)
    assert words(verdict) == {"b": "best", "a": "behind"}
    assert verdict.best == "b"
    assert read(verdict) == (
        "B is best: 95.0 % ± 1.0 of 400 test pictures right (mean ± standard deviation, 3 seeds); a (85.0 % ± 1.0) is "
        "behind."
    )
    verdict = judge_ranking([*seeds("a", 0.80, 0.86, 0.92), *seeds("b", 0.84, 0.90, 0.96)], 400)
    assert words(verdict) == {"b": "too close to call", "a": "too close to call"}
    assert verdict.best is None
    assert read(verdict).startswith("B (90.0 % ± 6.0) and a (86.0 % ± 6.0) of 400 test pictures right")
    assert "too close to call: chance alone does as much between seeds" in read(verdict)
    assert read(verdict).endswith(
        " 3 seeds each find a difference of 3.5 standard deviations in 80 % of experiments, and one of 2 in 37 of 100, "
        "where 6 seeds each find it in 87."
    )


def test_several_at_the_top_may_leave_one_behind() -> None:
    entries = [*seeds("a", 0.94, 0.95, 0.96), *seeds("b", 0.945, 0.955, 0.965), *seeds("c", 0.3, 0.32, 0.34)]
    verdict = judge_ranking(entries, 400)
    assert words(verdict) == {"b": "too close to call", "a": "too close to call", "c": "behind"}
    assert verdict.best is None
    assert "; c (32.0 % ± 2.0) is behind. 3 seeds each find a difference of 5.2 " in read(verdict)


def test_what_diverged_is_said_and_never_ranked() -> None:
    three = [*seeds("a", None, None, 0.9), *seeds("b", 0.9, 0.91, 0.92), *seeds("c", 0.2, 0.21, None)]
    verdict = judge_ranking(three, 1000)
    assert words(verdict) == {"b": "best", "c": "behind", "a": "diverged"}
    assert verdict.best == "b"
    assert "a diverged" in read(verdict)
    assert "1 of 3 diverged" in reason(verdict, "c")
    assert words(judge_ranking([entry("a", None)], 1000)) == {}


def test_only_what_diverged_is_called_so() -> None:
    """A run that somebody stopped, that broke off or whose weights are damaged says nothing of its loss."""
    lost, half = seeds("a", None, None, 0.9, diverged=False), seeds("c", 0.2, 0.21, None, diverged=False)
    verdict = judge_ranking([*lost, *seeds("b", 0.9, 0.91, 0.92), *half], 1000)
    assert words(verdict) == {"b": "best", "c": "behind", "a": "no result"}
    assert "a came to no result" in read(verdict)
    assert "1 of 3 without a result" in reason(verdict, "c")
    mixed = [*seeds("a", None, 0.9), entry("a", None, diverged=False)]
    assert words(judge_ranking([*mixed, *seeds("b", 0.9, 0.91, 0.92)], 1000))["a"] == "no result"
    pair = judge_pair([entry("CNN", 0.95), entry("Dense net", None, diverged=False)], "time", 400)
    told = [verdict, pair, judge_ranking([entry("a", None, diverged=False)], 1000)]
    assert not any("diverged" in read(each) or "number" in read(each) for each in told)


def test_how_soon_each_comes_near_the_top() -> None:
    quick = entry("quick", 0.9, validation=((0.0, 0.1), (0.5, 0.82), (2.0, 0.9)))
    slow = entry("slow", 0.88, validation=((0.0, 0.1), (0.5, 0.3), (1.5, 0.81), (2.0, 0.88)))
    never = entry("never", 0.5, validation=((0.0, 0.1), (2.0, 0.5)))
    sentence = read(judge_ranking([quick, slow, never], 1000))
    told = "with quick after 0.5 epochs, with slow after 1.5 epochs, with never never."
    assert sentence.endswith(f" 81.0 % of the validation pictures were right {told}")


def test_the_price_of_batches_is_said() -> None:
    verdict = judge_ranking(
        [entry("batch size 8", 0.9, steps=800, seconds=4.0), entry("batch size 64", 0.9, steps=100, seconds=0.64)],
        1000,
        with_cost=True,
    )
    assert "Batch size 8: 800 iterations in 4.0 s; batch size 64: 100 iterations in 0.6 s." in read(verdict)


def test_S62_two_nets_are_told_apart_by_their_spread() -> None:
    cnn, dense = (0.93, 0.94, 0.95), (0.90, 0.91, 0.92)
    verdict = judge_pair([*seeds("CNN", *cnn), *seeds("Dense net", *dense)], "time", 400)
    chance = stats.ttest_ind(cnn, dense, equal_var=False).pvalue
    assert chance < 0.05
    assert words(verdict) == {"CNN": "ahead", "Dense net": "behind"}
    assert verdict.best == "CNN"
    assert read(verdict).startswith(
        "At equal time, the CNN has 94.0 % ± 1.0 of the test pictures right and the dense net 91.0 % ± 1.0 "
        "(mean ± standard deviation, 3 seeds); the CNN is ahead by 3.0 points, more than chance between seeds explains "
        f"(Welch's test, p = {chance:.2g})."
    )
    assert "1,000 parameters, 900 multiply-adds a picture, 1.0 s a run" in read(verdict)


def test_two_nets_whose_scores_overlap_are_too_close_to_call() -> None:
    entries = [*seeds("CNN", 0.90, 0.95), *seeds("Dense net", 0.89, 0.94)]
    verdict = judge_pair(entries, "parameters", 400)
    assert words(verdict) == {"CNN": "too close to call", "Dense net": "too close to call"}
    assert verdict.best is None
    assert "1.0 points apart is too close to call, chance alone does as much" in read(verdict)


def test_one_net_without_a_result_is_said() -> None:
    entries = [entry("CNN", 0.95), entry("Dense net", None)]
    assert "came to no result" in read(judge_pair(entries, "time", 400))


def test_S12_more_pictures_help_until_they_do_not() -> None:
    def sizes(*scores: tuple[int, float, float]) -> list[Entry]:
        return [
            entry(f"{n} pictures", test + off, train, pictures=n)
            for n, test, train in scores
            for off in (-0.01, 0.0, 0.01)
        ]

    helped = judge_data(sizes((50, 0.5, 1.0), (500, 0.8, 0.99), (5000, 0.9, 0.95)), 1000)
    assert "from 50.0 % ± 1.0 of the test pictures with 50 to 90.0 % ± 1.0 with 5,000" in read(helped)
    assert "the last step still helped" in read(helped)
    assert "With 50 the net learns by heart: 100.0 % of its own pictures, 50.0 % of new ones." in read(helped)
    assert words(helped) == {
        "50 pictures": "learns by heart", "500 pictures": "learns by heart", "5000 pictures": "generalises",
    }  # fmt: skip
    level = judge_data(sizes((50, 0.5, 0.5), (500, 0.9, 0.9), (5000, 0.905, 0.9)), 1000)
    assert "the last step is too close to call" in read(level)
    worse = judge_data(sizes((50, 0.9, 0.9), (500, 0.5, 0.5)), 1000)
    assert "do not help here" in read(worse)
    assert worse.best is None
    close = judge_data(sizes((50, 0.9, 0.9), (500, 0.905, 0.9)), 1000)
    assert "Whether more pictures help is too close to call" in read(close)
    assert "nothing to compare" in read(judge_data(sizes((50, 0.9, 0.9)), 1000))


# ---- for real ----


def ended(house: House, kind: str, planned, **options: object) -> Experiment:
    _, coordinator = house
    experiment = coordinator.start(kind, kind, planned, "me", options=options)
    assert coordinator.wait(experiment.id, LONG)
    found = coordinator.find(experiment.id)
    assert found is not None
    assert found.state == "finished", found.message
    assert found.verdict is not None
    return found


def scores_of(experiment: Experiment, panel: str) -> list[float]:
    return [
        member.result.test_accuracy
        for member in experiment.panels()[panel]
        if member.result and member.result.test_accuracy is not None
    ]


@pytest.fixture
def cnn(base: RunConfig) -> RunConfig:
    net = ModelConfig(layers=(Conv2d(6), MaxPool2d(), Conv2d(8), MaxPool2d(), Flatten(), Dense(16)))
    return with_train(base.model_copy(update={"model": net}), learning_rate=0.01, epochs=4)


@pytest.mark.parametrize("equal", ["parameters", "multiply-adds"])
def test_S62_S63_dense_against_cnn_for_real(house: House, cnn: RunConfig, equal) -> None:
    planned = dense_against_cnn(cnn, equal, (1, 28, 28), 10, seeds=3)
    found = ended(house, "dense-cnn", planned, equal=f"equal {equal}")
    scores = {name: scores_of(found, name) for name in ("CNN", "Dense net")}
    assert [len(each) for each in scores.values()] == [3, 3]
    first, second = sorted(scores, key=lambda name: -mean(scores[name]))
    assert found.verdict is not None
    assert f"{mean(scores[first]) * 100:.1f} % ± {stdev(scores[first]) * 100:.1f}" in read(found.verdict)
    ahead = welch(scores[first], scores[second], 1 / 200) < ALPHA
    assert found.verdict.panels[first].word == ("ahead" if ahead else "too close to call")


def test_equal_time_is_equal_time(house: House, cnn: RunConfig) -> None:
    found = ended(house, "dense-cnn", dense_against_cnn(cnn, "time", (1, 28, 28), 10, seeds=2, seconds=0.3))
    for member in found.members:
        assert member.result is not None
        assert 0.3 <= member.result.seconds < 0.75
        assert member.config.seed in (5, 6)


def test_S42_plain_descent_falls_behind_adam_at_one_rate(house: House, base: RunConfig) -> None:
    found = ended(house, "optimizers", from_seeds(optimizer_contest(base, ("sgd", "adam"), usual_rates=False), 3))
    assert found.verdict is not None
    assert {panel: judged.word for panel, judged in found.verdict.panels.items()} == {"Adam": "best", "SGD": "behind"}
    scores = scores_of(found, "Adam")
    told = f"{mean(scores) * 100:.1f} % ± {stdev(scores) * 100:.1f}"
    assert f"Adam is best: {told} of 200 test pictures right" in read(found.verdict)


def test_S44_sigmoid_falls_behind_relu_in_a_deep_net(house: House, base: RunConfig) -> None:
    deep = base.model_copy(
        update={"model": ModelConfig(layers=(Flatten(), Dense(32), Dense(32), Dense(32), Dense(32)))}
    )
    found = ended(house, "activations", from_seeds(activation_contest(deep, ("relu", "sigmoid")), 3))
    assert found.verdict is not None
    assert {panel: judged.word for panel, judged in found.verdict.panels.items()} == {
        "ReLU": "best", "Sigmoid": "behind",
    }  # fmt: skip


def test_S12_a_starved_net_learns_by_heart(house: House, base: RunConfig) -> None:
    found = ended(house, "data", from_seeds(data_contest(with_train(base, epochs=8), (40, 1_000)), 3))
    assert found.verdict is not None
    assert found.verdict.panels["40 pictures"].word == "learns by heart"
    assert "More pictures help" in read(found.verdict)
    steps = [member.result.steps for member in found.members if member.result]
    assert abs(steps[0] - steps[1]) <= 2  # as many iterations


def test_larger_batches_make_fewer_updates(house: House, base: RunConfig) -> None:
    found = ended(house, "batches", from_seeds(batch_contest(base, (8, 600)), 3))
    assert found.verdict is not None
    assert found.verdict.panels["batch size 600"].word == "behind"
    steps = {member.panel: member.result.steps for member in found.members if member.result}
    assert steps == {"batch size 8": 300, "batch size 600": 4}
    assert "Batch size 8: 300 iterations in" in read(found.verdict)
