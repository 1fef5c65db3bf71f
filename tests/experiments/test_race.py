"""The rules of the learning-rate race, on measured curves and on runs that are trained here for each word."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from lib.config import Conv2d, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.experiments import Coordinator, Experiment
from lib.experiments.designs import rate_race, with_train
from lib.experiments.measured import Curve
from lib.experiments.race import judge_race
from lib.experiments.words import loss as loss_in_words
from lib.runs import Registry

House = tuple[Registry, Coordinator]

# Recorded with `fit`: 2,000 doodles for 4 epochs, or all digits for 5; means of every 8 iterations.
MEASURED = json.loads(Path(__file__).with_name("measured_curves.json").read_text())
C, G, S, B, X = "crawls", "good", "gets stuck", "bounces", "explodes"
WORDS = {
    "doodles/small-cnn/adam": {
        0.00001: C, 0.0001: C, 0.0003: C, 0.001: G, 0.003: G, 0.01: G, 0.03: G, 0.1: S, 0.3: X, 1: X, 3: X, 10: X,
    },
    "doodles/small-cnn/sgd": {
        0.00001: C, 0.0001: C, 0.0003: C, 0.001: C, 0.003: C, 0.01: C, 0.03: G, 0.1: G, 0.3: G, 1: S, 3: S, 10: X,
    },
    "digits/dense/momentum": {
        0.00001: C, 0.0001: C, 0.0003: C, 0.001: C, 0.003: C, 0.01: G, 0.03: G, 0.1: G, 0.3: B, 1: X, 3: X, 10: X,
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
    assert verdict.best == "0.03"
    ends = {curve.name: curve.end for curve in curves}
    assert verdict.sentence.startswith(
        f"0.03 learns best: training loss {ends['0.03']:.3f} at the end, with 96.5 % of the validation pictures right; "
    )
    assert f"0.0001 ({ends['0.0001']:.2f}) crawls" in verdict.sentence
    assert f"0.3 ({ends['0.3']:.2f}) bounces" in verdict.sentence
    assert "10 (up to " in verdict.sentence


@pytest.mark.parametrize(
    ("race", "rates", "expected", "advice"),
    [
        ("doodles/small-cnn/sgd", (0.00001, 0.0001, 0.0003), [C, C, C], "all are too small: try larger ones"),
        ("digits/dense/sgd", (1, 3, 10), [S, X, X], "all are too large: try smaller ones"),
        ("doodles/small-cnn/adam", (0.00001, 10), [C, X], "try one between"),
        ("doodles/small-cnn/adam", (0.0001, 0.0003), [C, G], "a larger one may be better"),
        ("digits/dense/sgd", (0.3, 1), [G, S], "a smaller one may be better"),
    ],
)
def test_a_badly_chosen_field_is_told_so(race: str, rates: Sequence[float], expected: list[str], advice: str) -> None:
    curves = measured(race, rates)
    assert list(words(curves).values()) == expected
    assert advice in judge_race(curves, {}).sentence


def test_a_loss_that_is_no_number_explodes_and_is_never_the_best() -> None:
    good, *_ = measured("digits/dense/momentum", [0.03])
    diverged = Curve("10", 10.0, 2.4, math.log(10), ((0.1, 3.0), (0.2, math.inf)), diverged=True)
    verdict = judge_race([good, diverged], {})
    assert verdict.panels["10"].word == X
    assert "no number any more" in verdict.sentence
    assert verdict.best == "0.03"


def test_a_curve_of_a_few_points_is_not_judged() -> None:
    curves = measured("digits/dense/momentum", [0.03])
    short = Curve("0.1", 0.1, 2.4, math.log(10), curves[0].points[:4])
    verdict = judge_race([*curves, short], {})
    assert verdict.panels == {}
    assert "train for more epochs" in verdict.sentence


def test_rising_is_counted_in_the_second_half_only() -> None:
    falls = tuple((i / 10, 2.0 - i / 5000) for i in range(1, 81))
    jumps = tuple((at, loss + (1.0 if 5.0 < at < 6.0 else 0.0)) for at, loss in falls)
    early = tuple((at, loss + (1.0 if 1.0 < at < 2.0 else 0.0)) for at, loss in falls)
    rises = [Curve("", 1, 2.4, 2.3, points).rises() for points in (falls, jumps, early)]
    assert rises[0] == rises[2] == 0
    assert rises[1] == pytest.approx(1.0, abs=0.01)


def race(house: House, base: RunConfig, rates: Sequence[float]) -> Experiment:
    _, coordinator = house
    experiment = coordinator.start("rates", "Race", rate_race(base, rates), "me", at_once=6)
    assert coordinator.wait(experiment.id, 60)
    ended = coordinator.find(experiment.id)
    assert ended is not None
    assert ended.state == "finished", ended.message
    return ended


def test_S30_S31_a_real_race_crawls_learns_bounces_and_explodes(
    house: House, base: RunConfig, fine_points: None
) -> None:
    config = with_train(base, optimizer="momentum", epochs=5, learning_rate=1.0)
    config = config.model_copy(update={"data": config.data.model_copy(update={"train_size": None})})
    ended = race(house, config, (10.0, 0.0003, 0.03, 0.3))
    verdict = ended.verdict
    assert verdict is not None
    assert {panel: judged.word for panel, judged in verdict.panels.items()} == {
        "0.0003": C, "0.03": G, "0.3": B, "10": X,
    }  # fmt: skip
    # The numbers in the sentence are the runs' own.
    run = house[0].find(ended.members[1].run or "")
    assert run is not None
    last = run.log.points[-1][0] or 0.0
    tail = [loss for at, loss, _ in run.log.points if at is not None and loss is not None and at > 0.8 * last]
    assert f"0.03 learns best: training loss {sum(tail) / len(tail):.3f}" in verdict.sentence
    accuracy = run.log.epochs[-1]["valid_accuracy"]
    assert f"with {accuracy * 100:.1f} % of the validation pictures right" in verdict.sentence


def test_a_real_net_gets_stuck(house: House, base: RunConfig, fine_points: None) -> None:
    net = ModelConfig(layers=(Conv2d(8), MaxPool2d(), Conv2d(10), MaxPool2d(), Flatten()))
    config = with_train(base.model_copy(update={"model": net}), optimizer="sgd", epochs=6)
    verdict = race(house, config, (0.1, 1.0)).verdict
    assert verdict is not None
    assert verdict.panels["0.1"].word == G
    assert verdict.panels["1"].word == S


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
    assert loss_in_words(loss) == told
