"""How time to accuracy is reckoned, and that our side of it really trains; Keras' side is `make bench-accuracy`."""

import pytest

from bench import to_accuracy
from bench.to_accuracy import KERAS, OURS, RECIPES, Recipe, report, run, seconds_to
from lib import DataConfig, Dense, Flatten, ModelConfig, RunConfig, TrainConfig

EPOCHS = [(1.0, 0.5), (2.0, 0.9), (4.0, 0.8)]


@pytest.mark.parametrize(("accuracy", "seconds"), [(0.5, 1.0), (0.85, 3.0), (0.9, 3.0), (0.91, None)])
def test_the_seconds_up_to_the_first_epoch_that_is_good_enough(accuracy, seconds):
    assert seconds_to(accuracy, EPOCHS) == seconds


def test_a_bar_is_for_the_median_of_the_seeds(monkeypatch):
    config = RECIPES["doodles, 98 %"].config
    monkeypatch.setattr(to_accuracy, "RECIPES", {"a": Recipe(0.9, 3.0, config), "b": Recipe(0.95, 3.0, config)})
    found = {OURS: [EPOCHS, EPOCHS, [(9.0, 0.9)]], KERAS: [[(9.0, 0.1)]]}
    _, _, a, b = report({"a": found, "b": found}).splitlines()
    ours = "3.0 (3.0, 3.0, 9.0; ends at 80.0%, 80.0%, 90.0%)"
    assert a == f"| a | 3 | {ours} | never (never; ends at 10.0%) | not measured | reached |"
    assert b.startswith("| b | 3 | never (never, never, never;")
    assert b.endswith("| **missed** |")


def test_our_side_trains(tmp_path):
    config = RunConfig(
        data=DataConfig(name="digits", train_size=200, test_size=50),
        model=ModelConfig(layers=(Flatten(), Dense(16))),
        train=TrainConfig(epochs=2, batch_size=20, learning_rate=0.01),
    )
    epochs = run(Recipe(0.5, 1.0, config), OURS, 0, "", tmp_path)
    assert len(epochs) == 2
    assert all(seconds > 0 for seconds, _ in epochs)
    assert epochs[-1][1] > 0.5
