"""From where on the doctor speaks, in numbers that are written down here again: a threshold that moves is noticed."""

from dataclasses import replace

import pytest

from lib.doctor import RULES, Epoch, Measurements
from tests.doctor.trained import measured

MANY = 1_000_000  # validation pictures, so that chance explains nothing


@pytest.fixture(autouse=True)
def _digits(quick_digits: None) -> None:
    """One short run on digits gives everything that is not in question."""


def speaks(name: str, epochs: tuple[Epoch, ...], pictures: int = MANY) -> bool:
    m: Measurements = replace(measured("healthy"), valid_pictures=pictures, epochs=epochs)
    return next(rule for rule in RULES if rule.name == name).check(m).finding is not None


def epochs_of(**values: tuple[float, ...]) -> tuple[Epoch, ...]:
    """As many whole epochs as there are values, the rest as in a good run."""
    last = measured("healthy").whole[-1]
    each = zip(*values.values(), strict=True)
    return tuple(
        replace(last, number=number, **dict(zip(values, row, strict=True))) for number, row in enumerate(each, 1)
    )


@pytest.mark.parametrize(("valid", "is_gap"), [(0.84, False), (0.83, True)])
def test_a_gap_of_six_and_a_half_points_is_conspicuous(valid: float, is_gap: bool) -> None:
    assert speaks("gap", epochs_of(train_accuracy=(0.9,), valid_accuracy=(valid,))) == is_gap


@pytest.mark.parametrize(("pictures", "is_gap"), [(150, False), (500, True)])
def test_three_standard_errors_are_rarely_luck(pictures: int, is_gap: bool) -> None:
    """A gap of 7 points at 83 %: 2.3 of 150 pictures' errors, 4.2 of 500's."""
    assert speaks("gap", epochs_of(train_accuracy=(0.9,), valid_accuracy=(0.83,)), pictures) == is_gap


@pytest.mark.parametrize(("now", "is_surer"), [(0.109, False), (0.112, True)])
def test_a_validation_loss_that_rose_by_a_tenth_is_conspicuous(now: float, is_surer: bool) -> None:
    assert speaks("surer", epochs_of(valid_loss=(0.1, now, now))) == is_surer


@pytest.mark.parametrize(("now", "is_surer"), [((0.2, 0.1), False), ((0.2,), False), ((0.2, 0.2), True)])
def test_one_epoch_that_is_worse_is_nothing(now: tuple[float, ...], is_surer: bool) -> None:
    assert speaks("surer", epochs_of(valid_loss=(0.1, *now))) == is_surer


@pytest.mark.parametrize(("last", "is_early"), [(1.31, True), (1.38, False)])
def test_an_epoch_that_takes_off_a_tenth_says_that_more_would_help(last: float, is_early: bool) -> None:
    assert speaks("early", epochs_of(train_loss=(1.5, last), valid_loss=(1.5, last))) == is_early
