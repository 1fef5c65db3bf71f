"""The range test: against a loop by hand, and its suggestions against rates that were seen to work."""

import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from lib.config import LEARNING_RATES, Conv2d, Dense, Flatten, MaxPool2d, ModelConfig, TrainConfig
from lib.datasets import load_dataset
from lib.models import build_model
from lib.training.batches import epoch_batches
from lib.training.lr_finder import HIGHEST, LOWEST, STEPS, Tried, smoothed, suggest, try_rates

GUESS = math.log(10)
DENSE = ModelConfig(layers=(Flatten(), Dense(64)))
CNN = ModelConfig(layers=(Conv2d(8), MaxPool2d(), Conv2d(10), MaxPool2d(), Flatten(), Dense(32)))


@pytest.fixture
def digits(quick_digits):
    return load_dataset("digits")


def rates_tried(model: ModelConfig, data, optimizer: str, seed: int = 0, **train: object) -> list[Tried]:
    config = TrainConfig.model_validate({"optimizer": optimizer, "precision": "fp32", **train})
    net = build_model(model, data.input_shape, len(data.classes), seed)
    return list(try_rates(net, data.train, config, seed=seed))


def test_every_loss_is_that_after_a_step_with_its_rate(digits) -> None:
    """By hand with torch's own SGD: what a plain loop gets, to the last digit that float32 has."""
    found = rates_tried(DENSE, digits, "sgd")[:25]
    net = build_model(DENSE, digits.input_shape, 10, 0)
    optimizer = torch.optim.SGD(net.parameters(), lr=LOWEST)
    factor = (HIGHEST / LOWEST) ** (1 / (STEPS - 1))
    rate, losses = LOWEST, []
    for x, y in epoch_batches(digits.train, 32, 0, 1, augment=False):
        loss = functional.cross_entropy(net(x), y)
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        rate *= factor
    assert [each.loss for each in found] == pytest.approx(losses[1:26], rel=1e-4)


def test_rates_grow_by_one_factor_from_end_to_end(digits) -> None:
    quiet = rates_tried(DENSE, digits, "sgd", weight_decay=0.0)
    assert quiet[0].learning_rate == LOWEST
    factors = [after.learning_rate / before.learning_rate for before, after in pairwise(quiet)]
    assert factors == pytest.approx([(HIGHEST / LOWEST) ** (1 / (STEPS - 1))] * len(factors))
    assert len(quiet) <= STEPS


def test_it_ends_when_the_loss_bursts(digits) -> None:
    found = rates_tried(DENSE, digits, "sgd")
    assert len(found) < STEPS
    assert found[-1].learning_rate < HIGHEST
    assert found[-1].loss > 3 * min(each.loss for each in found)


def test_a_schedule_and_a_time_limit_do_not_interfere(digits) -> None:
    plain = rates_tried(DENSE, digits, "adam")
    assert rates_tried(DENSE, digits, "adam", schedule="cosine", time_budget=0.01, epochs=1) == plain


def test_equal_seeds_give_equal_tests(digits) -> None:
    assert rates_tried(CNN, digits, "adam", 3) == rates_tried(CNN, digits, "adam", 3)


# The same nets and data as in the race of tests/experiments, whose measured curves say which rates are good.
@pytest.mark.parametrize(
    ("model", "optimizer", "good"),
    [
        (DENSE, "adam", (0.001, 0.03)),
        (DENSE, "sgd", (0.03, 0.3)),
        (DENSE, "momentum", (0.01, 0.1)),
        (CNN, "adam", (0.001, 0.03)),
        (CNN, "sgd", (0.01, 0.3)),  # one step cautious with one seed in two
        (CNN, "momentum", (0.01, 0.03)),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_S30_S31_the_suggestion_is_a_rate_that_wins_races(digits, model, optimizer, good, seed) -> None:
    found = suggest(rates_tried(model, digits, optimizer, seed), GUESS)
    assert found is not None
    assert good[0] <= found.learning_rate <= good[1]
    assert found.steepest <= found.lowest


def test_without_a_fall_there_is_no_suggestion(digits) -> None:
    assert suggest([], GUESS) is None
    flat = [Tried(10.0 ** (-6 + i / 20), 2.31) for i in range(100)]
    assert suggest(flat, GUESS) is None
    from_above = [Tried(10.0 ** (-6 + i / 20), max(2.35, 9.0 - i / 5)) for i in range(100)]
    assert suggest(from_above, GUESS) is None  # it only comes down to guessing


def test_the_steepest_place_of_a_known_curve() -> None:
    def at(place: float) -> float:  # falls along a sigmoid around 0.01 and bursts beyond 1
        return 0.3 + 2.0 / (1 + math.exp(6 * (place + 2))) + (4 * place if place > 0 else 0)

    tried = [Tried(10.0**place, at(place)) for place in (-6 + i * 0.06 for i in range(110))]
    found = suggest(tried, GUESS)
    assert found is not None
    assert found.steepest == pytest.approx(0.01, rel=0.2)
    assert found.learning_rate == 0.01
    assert 0.05 < found.lowest < 2


@given(st.lists(st.floats(0.01, 50) | st.just(math.inf) | st.just(math.nan), max_size=60))
def test_the_mean_never_leaves_what_was_measured(losses) -> None:
    tried = [Tried(10.0 ** (-6 + i / 10), loss) for i, loss in enumerate(losses)]
    found = smoothed(tried, GUESS)
    assert len(found) == len(losses)
    capped = [min(loss, GUESS) if math.isfinite(loss) else GUESS for loss in losses]
    assert all(min(capped) - 1e-9 <= value <= max(capped) + 1e-9 for value in found)
    suggestion = suggest(tried, GUESS)
    assert suggestion is None or suggestion.learning_rate in LEARNING_RATES
