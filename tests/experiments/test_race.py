"""The rules of the learning-rate race, on measured curves and on runs that are trained here for each word."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from lib.config import Conv2d, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.experiments import Coordinator, Experiment
from lib.experiments.designs import from_seeds, rate_race, with_train
from lib.experiments.measured import Curve
from lib.experiments.race import judge_race
from lib.experiments.words import loss as loss_in_words
from lib.runs import Registry
from tests.in_english import read, said_in_english

House = tuple[Registry, Coordinator]
LONG = 240.0  # seconds; a busy machine must not fail a test

# Recorded with `fit`: 2,000 doodles for 4 epochs, or all digits for 5; means of every 8 iterations.
MEASURED = json.loads(Path(__file__).with_name("measured_curves.json").read_text())
C, G, S, B, X = "crawls", "good", "gets stuck", "bounces", "explodes"
NEAR = "crawls/good"  # a threshold lies within a few per cent
WORDS = {
    "doodles/small-cnn/adam": {
        0.00001: C, 0.0001: C, 0.0003: C, 0.001: G, 0.003: G, 0.01: G, 0.03: G, 0.1: S, 0.3: X, 1: X, 3: X, 10: X,
    },
    "doodles/small-cnn/sgd": {
        0.00001: C, 0.0001: C, 0.0003: C, 0.001: C, 0.003: C, 0.01: C, 0.03: G, 0.1: G, 0.3: G, 1: S, 3: S, 10: X,
    },
    "digits/dense/momentum": {
        0.00001: C, 0.0001: C, 0.0003: C, 0.001: C, 0.003: NEAR, 0.01: G, 0.03: G, 0.1: G, 0.3: B, 1: X, 3: X, 10: X,
    },
}  # fmt: skip


def name(rate: float) -> str:
    return f"{rate:.5f}".rstrip("0").rstrip(".")


def measured(race: str, rates: Sequence[float] = ()) -> list[Curve]:
    return [
        Curve(name(each["rate"]), each["rate"], each["start"], math.log(10), tuple(map(tuple, each["points"])))
        for each in MEASURED
        if each["race"] == race and (not rates or each["rate"] in rates)
    ]


def words(curves: Sequence[Curve]) -> dict[float, str]:
    verdict = judge_race(curves, {})
    return {curve.rate: verdict.panels[curve.name].word for curve in curves}


@pytest.mark.parametrize("race", WORDS)
def test_S30_S31_measured_curves_get_the_word_that_a_person_would_use(race: str) -> None:
    assert words(measured(race)) == WORDS[race]


def test_the_best_is_the_lowest_end_and_stands_first_in_the_sentence() -> None:
    curves = measured("digits/dense/momentum", [0.0001, 0.03, 0.3, 10])
    verdict = judge_race(curves, {"0.03": 0.965})
    assert verdict.best is None  # one seed
    ends = {curve.name: curve.end for curve in curves}
    assert read(verdict).startswith(
        f"0.03 ends lowest: training loss {ends['0.03']:.3f} at the end, with 96.5 % of the validation pictures right; "
        "one seed says nothing about chance; "
    )
    assert f"0.0001 ({ends['0.0001']:.2f}) crawls" in read(verdict)
    assert f"0.3 ({ends['0.3']:.2f}) bounces" in read(verdict)
    assert "10 (up to " in read(verdict)


@pytest.mark.parametrize(
    ("race", "rates", "expected", "advice"),
    [
        ("doodles/small-cnn/sgd", (0.00001, 0.0001, 0.0003), [C, C, C], "all are too small: try larger ones"),
        (
            "digits/dense/sgd",
            (1, 3, 10),
            ["gets stuck/explodes", X, X],
            "all are too large: try smaller ones",
        ),
        ("doodles/small-cnn/adam", (0.00001, 10), [C, X], "try one between"),
        ("doodles/small-cnn/adam", (0.0001, 0.0003), [C, G], "a larger one may be better"),
        ("digits/dense/sgd", (0.3, 1), [G, "gets stuck/explodes"], "a smaller one may be better"),
    ],
)
def test_a_badly_chosen_field_is_told_so(race: str, rates: Sequence[float], expected: list[str], advice: str) -> None:
    curves = measured(race, rates)
    assert list(words(curves).values()) == expected
    assert advice in read(judge_race(curves, {}))


def test_a_loss_that_is_no_number_explodes_and_is_never_the_best() -> None:
    good, *_ = measured("digits/dense/momentum", [0.03])
    diverged = Curve("10", 10.0, 2.4, math.log(10), ((0.1, 3.0), (0.2, math.inf)), diverged=True)
    verdict = judge_race([good, diverged], {})
    assert verdict.panels["10"].word == X
    assert "no number any more" in read(verdict)
    assert read(verdict).startswith("0.03 ends lowest")


def test_a_curve_of_a_few_points_is_not_judged() -> None:
    curves = measured("digits/dense/momentum", [0.03])
    short = Curve("0.1", 0.1, 2.4, math.log(10), curves[0].points[:4])
    verdict = judge_race([*curves, short], {})
    assert verdict.panels == {}
    assert "train for more epochs" in read(verdict)


def test_rising_is_counted_in_the_second_half_only() -> None:
    falls = tuple((i / 10, 2.0 - i / 5000) for i in range(1, 81))
    jumps = tuple((at, loss + (1.0 if 5.0 < at < 6.0 else 0.0)) for at, loss in falls)
    early = tuple((at, loss + (1.0 if 1.0 < at < 2.0 else 0.0)) for at, loss in falls)
    rises = [Curve("", 1, 2.4, 2.3, points).rises() for points in (falls, jumps, early)]
    assert rises[0] == rises[2] == 0
    assert rises[1] == pytest.approx(1.0, abs=0.01)


def seeds_of(curve: Curve, *ends: float) -> list[Curve]:
    """The same curve, lowered or lifted so that its mean over the last fifth is each of `ends`."""
    return [replace(curve, points=tuple((at, loss + end - curve.end) for at, loss in curve.points)) for end in ends]


def test_a_rate_learns_best_only_if_its_seeds_lie_apart_from_those_of_the_other_good_ones() -> None:
    one, other = measured("digits/dense/momentum", [0.03, 0.1])
    apart = judge_race([*seeds_of(one, 0.10, 0.11, 0.12), *seeds_of(other, 0.20, 0.21, 0.22)], {})
    assert apart.best == "0.03"
    assert read(apart).startswith("0.03 learns best: training loss 0.110 at the end, in the middle of 3 seeds; ")
    close = judge_race([*seeds_of(one, 0.10, 0.14, 0.18), *seeds_of(other, 0.11, 0.15, 0.19)], {})
    assert close.best is None
    assert read(close).startswith("0.03 ends lowest: training loss 0.140 at the end, in the middle of 3 seeds; ")
    assert "too close to call which is best" in read(close)
    assert {judged.word for judged in close.panels.values()} == {G}


def test_seeds_that_disagree_put_a_rate_between_two_words() -> None:
    (good,), (bouncing,) = measured("digits/dense/momentum", [0.03]), measured("digits/dense/momentum", [0.3])
    settles = replace(good, name="0.3", rate=0.3)
    verdict = judge_race([good, good, good, bouncing, settles, bouncing], {})
    assert verdict.panels["0.3"].word == "good/bounces"
    assert "0.3 (1.20) is between “good” and “bounces”" in read(verdict)


@pytest.mark.parametrize("race", WORDS)
def test_the_last_digits_of_a_curve_change_no_word(race: str) -> None:
    """What another processor computes differs by far less than one per cent; a word may at most become "between"."""
    curves, noise = measured(race), random.Random(race)
    before = words(curves)
    for _ in range(10):
        shaken = [
            replace(curve, points=tuple((at, loss * noise.uniform(0.99, 1.01)) for at, loss in curve.points))
            for curve in curves
        ]
        for rate, word in words(shaken).items():
            assert word == before[rate] or "/" in word + before[rate], (rate, before[rate], word)


def race(house: House, base: RunConfig, rates: Sequence[float], seeds: int = 1) -> Experiment:
    _, coordinator = house
    experiment = coordinator.start("rates", "Race", from_seeds(rate_race(base, rates), seeds), "me", at_once=6)
    assert coordinator.wait(experiment.id, LONG)
    ended = coordinator.find(experiment.id)
    assert ended is not None
    assert ended.state == "finished", ended.message
    return ended


def test_S30_S31_a_real_race_crawls_learns_and_explodes(house: House, base: RunConfig, fine_points: None) -> None:
    """0.3 lies between learning and bouncing, and chaos decides: three seeds, and either word or "between" is true."""
    config = with_train(base, optimizer="momentum", epochs=5, learning_rate=1.0)
    config = config.model_copy(update={"data": config.data.model_copy(update={"train_size": None})})
    ended = race(house, config, (10.0, 0.0003, 0.03, 0.3), seeds=3)
    verdict = ended.verdict
    assert verdict is not None
    told = {panel: judged.word for panel, judged in verdict.panels.items()}
    assert (told["0.0003"], told["0.03"], told["10"]) == (C, G, X)
    assert told["0.3"] in (B, S, X) or "/" in told["0.3"]
    # The numbers in the sentence are the runs' own.
    tails, accuracies = [], []
    for member in (each for each in ended.members if each.panel == "0.03"):
        run = house[0].find(member.run or "")
        assert run is not None
        last = run.log.points[-1][0] or 0.0
        tail = [loss for at, loss, _ in run.log.points if at is not None and loss is not None and at > 0.8 * last]
        tails.append(sum(tail) / len(tail))
        accuracies.append(run.log.epochs[-1]["valid_accuracy"])
    middle = f"training loss {median(tails):.3f} at the end, with {median(accuracies) * 100:.1f} % of the validation"
    assert f"0.03 learns best: {middle}" in read(verdict)


def test_a_real_net_gets_stuck(house: House, base: RunConfig, fine_points: None) -> None:
    """Three times the rate at which it gets stuck, so that no last digit decides; it may also explode on the way."""
    net = ModelConfig(layers=(Conv2d(8), MaxPool2d(), Conv2d(10), MaxPool2d(), Flatten()))
    config = with_train(base.model_copy(update={"model": net}), optimizer="sgd", epochs=6)
    verdict = race(house, config, (0.1, 3.0)).verdict
    assert verdict is not None
    assert verdict.panels["0.1"].word == G
    assert set(verdict.panels["3"].word.split("/")) <= {
        S,
        X,
    }


def test_a_real_loss_stops_being_a_number(house: House, base: RunConfig, fine_points: None) -> None:
    config = with_train(base, optimizer="sgd", epochs=4)
    config = config.model_copy(update={"data": config.data.model_copy(update={"scale_pixels": False})})
    verdict = race(house, config, (0.0001, 10.0)).verdict
    assert verdict is not None
    assert verdict.panels["10"].word == X


@pytest.mark.parametrize(
    ("loss", "told"),
    [(0.0542, "0.054"), (2.305, "2.31"), (56869.9, "56,870"), (8224173.0, "8.2 million"), (3e7, "30 million"),
     (4e12, "over a billion"), (math.inf, "not a number")],
)  # fmt: skip
def test_a_loss_is_said_as_people_say_it(loss: float, told: str) -> None:
    assert said_in_english(loss_in_words(loss)) == told
