"""What experiments are made of: equal in all but what is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.config import (
    LEARNING_RATES,
    MAX_EPOCHS,
    OPTIMIZERS,
    Conv2d,
    Dense,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    RunConfig,
)
from lib.experiments import designs
from lib.experiments.matching import dense_like, dense_net
from lib.models import build_model, preset, summarize
from lib.training.batches import steps_per_epoch

SHAPE, CLASSES = (1, 28, 28), 10


def differs(first: RunConfig, second: RunConfig) -> set[str]:
    """The settings in which two set-ups differ."""
    one, two = first.model_dump(), second.model_dump()
    found = {name for name in ("model", "seed") if one[name] != two[name]}
    return found | {
        f"{group}.{key}" for group in ("data", "train") for key in one[group] if one[group][key] != two[group][key]
    }


def test_S30_a_race_differs_in_the_rate_alone() -> None:
    base = preset("small-cnn")
    planned = designs.rate_race(base, (0.1, 0.00001, 0.1, 0.003))
    assert [each.panel for each in planned] == ["0.00001", "0.003", "0.1"]
    for each in planned:
        assert differs(each.config, base) <= {"train.learning_rate"}


@given(st.lists(st.sampled_from(LEARNING_RATES), min_size=1, max_size=6))
def test_panels_are_named_by_their_rates(rates) -> None:
    planned = designs.rate_race(preset("small-cnn"), rates)
    assert [float(each.panel) for each in planned] == sorted(set(rates))


def test_S62_equal_cost_means_within_two_per_cent() -> None:
    for name in ("small-cnn", "lenet-5"):
        net = preset(name).model
        cnn = summarize(net, SHAPE, CLASSES)
        by_parameters = summarize(dense_like(net, SHAPE, CLASSES, "parameters"), SHAPE, CLASSES)
        by_work = summarize(dense_like(net, SHAPE, CLASSES, "multiply_adds"), SHAPE, CLASSES)
        assert by_parameters.parameters == pytest.approx(cnn.parameters, rel=0.025)
        assert by_work.multiply_adds == pytest.approx(cnn.multiply_adds, rel=0.025)


@given(st.integers(1, 4096), st.sampled_from(["parameters", "multiply_adds"]))
def test_a_dense_net_is_found_for_its_own_cost(width, cost) -> None:
    assert dense_like(dense_net(width), SHAPE, CLASSES, cost) == dense_net(width)


def test_a_cost_that_no_dense_net_has_is_said() -> None:
    with pytest.raises(ValueError, match=r"89,466,496 multiply-adds a picture.*equal time"):
        dense_like(preset("article-cnn").model, SHAPE, CLASSES, "multiply_adds")
    tiny = ModelConfig(layers=(Conv2d(1), MaxPool2d(14), GlobalAvgPool2d()))
    with pytest.raises(ValueError, match="No dense net"):
        dense_like(tiny, SHAPE, CLASSES, "parameters")


def test_pairs_share_seed_data_and_training() -> None:
    planned = designs.dense_against_cnn(preset("small-cnn"), "parameters", SHAPE, CLASSES, seeds=3)
    assert [(each.panel, each.label) for each in planned[:2]] == [("CNN", "seed 0"), ("Dense net", "seed 0")]
    for cnn, dense in zip(planned[::2], planned[1::2], strict=True):
        assert differs(cnn.config, dense.config) == {"model"}
    assert {each.config.seed for each in planned} == {0, 1, 2}


def test_equal_time_ends_by_the_clock_alone() -> None:
    planned = designs.dense_against_cnn(preset("small-cnn"), "time", SHAPE, CLASSES, seconds=2.0)
    assert {each.config.train.time_budget for each in planned} == {2.0}
    assert {each.config.train.epochs for each in planned} == {MAX_EPOCHS}


def test_ones_own_dense_net_meets_the_small_cnn_at_equal_time() -> None:
    mine = preset("dense-286k")
    planned = designs.dense_against_cnn(mine, "time", SHAPE, CLASSES, seeds=1)
    assert planned[1].config.model == mine.model
    assert planned[0].config.model == preset("small-cnn").model


def test_optimizers_at_their_usual_rates_or_at_one() -> None:
    base = preset("small-cnn")
    usual = designs.optimizer_contest(base, OPTIMIZERS, usual_rates=True)
    assert [each.config.train.learning_rate for each in usual] == [designs.USUAL_RATES[name] for name in OPTIMIZERS]
    assert usual[0].panel == "SGD at 0.1"
    for each in designs.optimizer_contest(base, OPTIMIZERS, usual_rates=False):
        assert differs(each.config, base) <= {"train.optimizer"}


def test_activations_change_every_hidden_layer_and_nothing_else() -> None:
    base = preset("small-cnn")
    (planned,) = designs.activation_contest(base, ("tanh",))
    kinds = [getattr(layer, "activation", None) for layer in planned.config.model.layers]
    assert kinds == ["tanh", None, "tanh", None, None, "tanh"]
    shapes = [row.output_shape for row in summarize(planned.config.model, SHAPE, CLASSES).rows]
    assert shapes == [row.output_shape for row in summarize(base.model, SHAPE, CLASSES).rows]
    with pytest.raises(ValueError, match="no hidden layer"):
        designs.activation_contest(base.model_copy(update={"model": ModelConfig(layers=(Flatten(),))}), ("relu",))


def test_equal_seeds_mean_equal_first_weights_where_shape_and_activation_are_equal() -> None:
    one, two = (
        build_model(ModelConfig(layers=(Flatten(), Dense(9, name))), SHAPE, CLASSES, 4) for name in ("tanh", "sigmoid")
    )
    for first, second in zip(one.state_dict().values(), two.state_dict().values(), strict=True):
        assert first.equal(second)


@given(st.lists(st.integers(1, 9_000), min_size=2, max_size=6, unique=True), st.integers(1, 20))
def test_S12_all_sizes_take_about_as_many_iterations(sizes, epochs) -> None:
    base = designs.with_train(preset("small-cnn"), epochs=epochs)
    planned = designs.data_contest(base, sizes)
    wanted = epochs * steps_per_epoch(max(sizes), 32)
    for each in planned:
        steps = steps_per_epoch(each.config.data.train_size or 0, 32)
        took = steps * each.config.train.epochs
        assert abs(took - wanted) <= steps / 2 or each.config.train.epochs == MAX_EPOCHS
        assert differs(each.config, base) <= {"data.train_size", "train.epochs"}


def test_seeds_are_all_that_differs_within_a_panel() -> None:
    base = preset("small-cnn")
    planned = designs.from_seeds(designs.rate_race(base, (0.1, 0.003)), 3)
    assert [(each.panel, each.label) for each in planned[:3]] == [
        ("0.003", "seed 0"), ("0.1", "seed 0"), ("0.003", "seed 1"),
    ]  # fmt: skip
    for panel in ("0.003", "0.1"):
        members = [each.config for each in planned if each.panel == panel]
        assert [member.seed for member in members] == [0, 1, 2]
        assert all(differs(member, members[0]) <= {"seed"} for member in members)
