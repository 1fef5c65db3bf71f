"""One iteration under the microscope, checked against `fit`, and by hand against autograd."""

from collections.abc import Callable
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lib import build_model, fit
from lib.config import RunConfig
from lib.nets.ready import ready_net
from lib.runs import Run
from lib.ui.learn import training_copy
from tests.ui.learn.opening import CONVOLUTIONS, DENSE, LAST_ONLY, opened


def go_on(at: AppTest) -> AppTest:
    """What a press in the widget does: AppTest runs no component's callbacks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_copy, "st", SimpleNamespace(session_state=at.session_state))
        training_copy.go_on()
    at.run()
    assert not at.exception
    return at


def test_S34_a_press_is_one_more_iteration_of_a_copy(handed: dict[str, Any]) -> None:
    before = {name: value.clone() for name, value in ready_net().weights.items()}
    at = opened("iteration")
    for number in (1, 2, 3):
        shown = handed["microscope"]
        assert shown["number"] == number
        assert shown["note"] == f"iteration {number}, learning rate 0.003"
        first, after = shown["loss"]
        assert after < first
        go_on(at)
    assert all(value.equal(before[name]) for name, value in ready_net().weights.items())


def test_S34_the_copy_does_what_a_run_of_the_same_set_up_does(
    handed: dict[str, Any], finished: Callable[..., Run]
) -> None:
    """Its random start, its order of pictures, its optimizer: the losses are those of `fit`."""
    run = finished(CONVOLUTIONS)
    data, config = run.dataset, run.config
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    events = fit(net, data.train, data.valid, config.train, seed=config.seed)
    expected = list(islice((float(event.batch_loss) for event in events if event.kind == "step_end"), 3))
    at = opened("iteration", run=run.id)
    # The first three: the copy keeps the rate of its first step where the run's schedule lowers it.
    for loss in expected:
        assert handed["microscope"]["loss"][0] == pytest.approx(loss, rel=2e-3)
        go_on(at)


def test_S32_the_layers_answers_and_each_picture_s_loss_are_the_net_s(
    handed: dict[str, Any], finished: Callable[..., Run]
) -> None:
    run = finished(DENSE)
    at = opened("iteration", run=run.id)
    at.segmented_control(key="iteration-origin").set_value("now").run()
    shown = handed["microscope"]
    assert [layer["name"] for layer in shown["layers"]] == ["flatten1", "dense1", "dense2"]
    assert [layer["shape"] for layer in shown["layers"]] == ["784", "20", "10"]
    _, model = run.model()
    kept = at.session_state["training-copy"]
    for name, value in model.state_dict().items():
        torch.testing.assert_close(kept["tensors"][f"model.{name}"], value)
    assert len(shown["pictures"]) == 32
    mean = sum(picture["loss"] for picture in shown["pictures"]) / 32
    assert mean == pytest.approx(shown["loss"][0], rel=1e-5)


def test_S33_gradients_and_changes_are_given_for_layers_with_weights_only(handed: dict[str, Any]) -> None:
    opened("iteration")
    for layer in handed["microscope"]["layers"]:
        has_weights = layer["name"].startswith(("conv", "dense"))
        assert (layer["gradient"] is not None) == has_weights
        assert layer["activity"] > 0
        if has_weights:
            assert layer["gradient"] > 0
            assert 0 < layer["change"] <= 0.0031  # Adam's first step: the rate, where there is a gradient


def test_S34_five_lines_of_pytorch_with_this_batch_s_shapes(handed: dict[str, Any]) -> None:
    opened("iteration")
    code = handed["microscope"]["code"]
    assert [line["line"] for line in code] == [
        "x, y = next(batches)",
        "logits = model(x)",
        "loss = F.cross_entropy(logits, y)",
        "loss.backward()",
        "optimizer.step()",
    ]
    assert code[0]["remark"] == "# x (32, 1, 28, 28), y (32,)"
    assert code[1]["remark"] == "# logits (32, 10)"
    assert f"{handed['microscope']['loss'][0]:.4f}" in code[2]["remark"]
    assert "16,852 gradients" in code[3]["remark"]
    assert "Adam" in code[4]["remark"]


@pytest.mark.parametrize("config", [DENSE, LAST_ONLY, CONVOLUTIONS], ids=["momentum", "sgd-mse", "rmsprop"])
def test_S42_every_line_by_hand_is_what_pytorch_says(config: RunConfig, finished: Callable[..., Run]) -> None:
    run = finished(config)
    at = opened("iteration", run=run.id)
    for origin in ("start", "now"):
        at.segmented_control(key="iteration-origin").set_value(origin).run()
        assert not at.exception
        go_on(at)
        table = at.table[0].value
        assert table["same?"].tolist()[:8] == ["✓"] * 8, table
    assert [line.split()[0] for line in table["line"][:8]] == [*"12345678"]
    plain = table["line"].tolist()[8:]
    assert bool(plain) == (config.train.optimizer != "sgd")


def test_S42_weight_3_17_is_the_one_that_is_shown_first_and_another_can_be_chosen() -> None:
    at = opened("iteration")
    unit, place = (next(each for each in at.number_input if each.label == label) for label in ("Unit", "Input"))
    assert (unit.value, place.value) == (3, 17)
    before = at.table[0].value["by hand"].tolist()
    place.set_value(18).run()
    assert not at.exception
    assert at.table[0].value["by hand"].tolist() != before
    assert set(at.table[0].value["same?"].tolist()[:8]) == {"✓"}
