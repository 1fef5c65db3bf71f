"""What a lesson can ask of a run: on curves made by hand, on any curve, and on real runs of a tiny net."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lib.config import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig
from lib.lessons import Facts
from lib.lessons.conditions import AnyCondition, Condition
from lib.models import build_model
from lib.training import fit

SHAPES = ("loss_bounced", "loss_crawled", "curve_tapers")
ALL = (
    *SHAPES,
    "gap_grew",
    "beats_guessing",
    "steps_taken",
    {"name": "accuracy_at_least", "share": 0.5},
    *(
        {"name": name, "step": "a"}
        for name in ("slower_than", "more_accurate_than", "less_accurate_than", "as_accurate_as")
    ),
)


def condition(value: object) -> Condition:
    return TypeAdapter(AnyCondition).validate_python(value)


def facts(losses, accuracies=None, train=None, **more: object) -> Facts:
    accuracies = accuracies or [0.1] + [0.5] * (len(losses) - 1)
    train = train or losses[1:]
    return Facts(RunConfig(), 10, tuple(losses), tuple(accuracies), tuple(train), steps=100, seconds=1.0, **more)


def shape_of(found: Facts) -> set[str]:
    return {name for name in SHAPES if (answer := condition(name).ask(found, {})) and answer.holds}


@pytest.mark.parametrize(
    ("losses", "shape"),
    [
        ([2.4, 0.6, 0.45, 0.4, 0.38], "curve_tapers"),
        ([2.4, 2.39, 2.38, 2.37, 2.36], "loss_crawled"),
        ([2.4, 1.0, 1.9, 0.8, 1.7], "loss_bounced"),
        ([2.4, 36.9, 25.2, 51.7, 13.6], "loss_bounced"),
    ],
)
def test_S30_S31_S39_each_shape_is_told_from_the_others(losses, shape) -> None:
    assert shape_of(facts(losses)) == {shape}


def test_S31_a_run_that_left_the_numbers_bounced() -> None:
    found = condition("loss_bounced").ask(facts([2.4, 1.0], diverged=True), {})
    assert found
    assert found.holds


def test_a_steady_fall_does_not_taper() -> None:
    assert shape_of(facts([2.4, 1.9, 1.4, 0.9, 0.4])) == set()


def test_S41_the_gap_between_training_and_validation() -> None:
    grew = facts([2.4, 1.4, 1.0, 1.6], train=[1.9, 0.5, 0.01])
    assert condition("gap_grew").ask(grew, {}).holds
    assert not condition("gap_grew").ask(facts([2.4, 0.6, 0.5, 0.45], train=[0.8, 0.5, 0.4]), {}).holds


def test_S35_guessing_is_beaten() -> None:
    assert condition("beats_guessing").ask(facts([2.3, 1.0], [0.1, 0.2]), {}).holds
    assert not condition({"name": "beats_guessing", "times": 3}).ask(facts([2.3, 1.0], [0.1, 0.29]), {}).holds


def test_S63_one_run_beside_another() -> None:
    mine, other = facts([2.3, 0.5], [0.1, 0.80]), facts([2.3, 0.6], [0.1, 0.75])
    earlier = {"a": other}

    def holds(name: str, **numbers: float) -> bool:
        return condition({"name": name, "step": "a"} | numbers).ask(mine, earlier).holds

    assert holds("more_accurate_than")
    assert not holds("more_accurate_than", by=0.06)
    assert not holds("less_accurate_than")
    assert holds("as_accurate_as", within=0.05001)
    assert not holds("as_accurate_as")
    assert not holds("slower_than")
    slow = condition({"name": "slower_than", "step": "a"}).ask(replace(mine, seconds=3.0), earlier)
    assert slow.holds
    assert slow.numbers["times"] == pytest.approx(3.0)


@pytest.mark.parametrize("value", ALL, ids=str)
def test_nothing_is_claimed_of_a_run_that_goes_on_or_has_not_begun(value: object) -> None:
    asked, earlier = condition(value), {"a": facts([2.4, 1.0])}
    assert asked.ask(facts([], [], ended=False), earlier) is None or asked.at_once
    if not asked.at_once:
        assert asked.ask(facts([2.4, 1.0, 0.9], ended=False), earlier) is None
    if hasattr(asked, "step"):
        assert asked.ask(facts([2.4, 1.0]), {}) is None
        assert asked.ask(facts([2.4, 1.0]), {"a": facts([2.4], ended=False)}) is None


_loss = st.floats(0.0, 100.0) | st.just(math.inf)


@given(
    st.sampled_from(ALL).map(condition),
    st.lists(_loss, min_size=1, max_size=9),
    st.data(),
    st.booleans(),
)
def test_any_curve_is_answered_with_the_numbers_that_texts_may_quote(asked, losses, data, diverged) -> None:
    shares = data.draw(st.lists(st.floats(0, 1), min_size=len(losses), max_size=len(losses)))
    train = data.draw(st.lists(_loss, min_size=len(losses) - 1, max_size=len(losses) - 1))
    run = Facts(RunConfig(), 10, tuple(losses), tuple(shares), tuple(train), 5, 0.1, diverged=diverged)
    found = asked.ask(run, {"a": run})
    if found is not None:
        assert isinstance(found.holds, bool)
        assert set(found.numbers) == set(asked.numbers)


def trained(tiny, rate: float, epochs: int = 12, **train: object) -> Facts:
    """A real run of a tiny net, as facts."""
    config = TrainConfig(optimizer="sgd", learning_rate=rate, epochs=epochs, batch_size=5, **train)
    model = ModelConfig(layers=(Flatten(), Dense(12, "sigmoid")))
    net = build_model(model, tiny.input_shape, 3, seed=0)
    losses, accuracies, training = [], [], []
    for event in fit(net, tiny.train, tiny.valid, config):
        if event.kind in ("run_started", "epoch_end"):
            losses.append(event.valid_loss)
            accuracies.append(event.valid_accuracy)
        if event.kind == "epoch_end":
            training.append(event.train_loss)
    run = RunConfig(data=DataConfig(name="digits"), model=model, train=config)
    return Facts(run, 3, tuple(losses), tuple(accuracies), tuple(training), event.step, event.seconds)


def test_S30_S31_real_runs_crawl_settle_and_bounce(tiny) -> None:
    assert shape_of(trained(tiny, 1e-5)) == {"loss_crawled"}
    assert shape_of(trained(tiny, 0.3, epochs=40)) == {"curve_tapers"}
    assert "loss_bounced" in shape_of(trained(tiny, 10.0))
