"""Bounds of an installation, and what they are compared with."""

import pytest

from lib import Conv2d, DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig, load_dataset, preset
from lib.datasets.catalogue import info
from lib.runs import Limits, TooMuch
from lib.runs.limits import check, check_pictures, memory_estimate_mb

GREY = (1, 28, 28)


def test_every_bound_can_be_set_from_outside(monkeypatch):
    assert Limits.from_environment() == Limits()
    monkeypatch.setenv("GLASSHOUSE_MAX_PARAMETERS", "123")
    monkeypatch.setenv("GLASSHOUSE_LEASE_SECONDS", "1.5")
    monkeypatch.setenv("GLASSHOUSE_WORKERS", "2")
    assert Limits.from_environment() == Limits(max_parameters=123, lease_seconds=1.5, workers=2)


@pytest.mark.parametrize("text", ["", "many", "1.5"])
def test_a_bound_that_is_no_number_is_named(monkeypatch, text):
    monkeypatch.setenv("GLASSHOUSE_MAX_QUEUED", text)
    with pytest.raises(ValueError, match="GLASSHOUSE_MAX_QUEUED must be a number"):
        Limits.from_environment()


def test_the_memory_estimate_by_hand():
    config = RunConfig(model=ModelConfig(layers=(Flatten(), Dense(100))), train=TrainConfig(batch_size=1_000))
    weights = 4 * (784 * 100 + 100 + 100 * 10 + 10)  # values, gradients and two moments
    values = 784 + 784 + 100 + 10  # of one picture: itself, flattened, hidden, logits
    assert memory_estimate_mb(config, GREY, 10) == pytest.approx(4 * (weights + 3 * 1_000 * values) / 1e6)


def test_the_presets_are_allowed():
    for name in ("article-cnn", "small-cnn", "dense-286k"):
        check(preset(name), GREY, 10, Limits())


def test_what_is_too_much_is_refused_and_what_just_fits_is_not():
    config = RunConfig(model=ModelConfig(layers=(Flatten(), Dense(128, "sigmoid"))))
    check(config, GREY, 10, Limits(max_parameters=101_770))
    with pytest.raises(TooMuch, match="101,770 parameters; this machine allows 101,769"):
        check(config, GREY, 10, Limits(max_parameters=101_769))
    wide = RunConfig(model=ModelConfig(layers=(Conv2d(512, 15), Flatten())), train=TrainConfig(batch_size=4096))
    with pytest.raises(TooMuch, match="smaller batch"):
        check(wide, GREY, 10, Limits())


@pytest.mark.parametrize("valid_fraction", [0.0, 0.0001, 0.1, 0.333, 0.5])
def test_as_many_pictures_as_can_be_loaded_are_allowed_and_no_more(valid_fraction):
    there = len(load_dataset("digits", valid_fraction=valid_fraction).train)
    check_pictures(DataConfig(name="digits", train_size=there, valid_fraction=valid_fraction), info("digits"))
    with pytest.raises(TooMuch, match="training pictures"):
        check_pictures(DataConfig(name="digits", train_size=there + 1, valid_fraction=valid_fraction), info("digits"))
    check_pictures(DataConfig(name="digits", test_size=382), info("digits"))
    with pytest.raises(TooMuch, match="Digits has 382 test pictures; 383 cannot be taken"):
        check_pictures(DataConfig(name="digits", test_size=383), info("digits"))
