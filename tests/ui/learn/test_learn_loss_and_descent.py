"""Loss and descent on Learn, with the numbers of this very net."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.nn import functional

from lib import evaluate, summarize
from lib.config import Dense, Flatten, ModelConfig
from lib.explain.landscape import losses_at, one_weight, vector_of
from lib.nets.ready import ready_net
from lib.runs import Run
from lib.ui.words import words_of
from tests.ui.learn.opening import DENSE, FASHION, opened, press, told

# ---- labels and loss ------------------------------------------------------------------------------------------------


def test_S22_X8_a_surer_net_has_another_loss_and_the_same_accuracy(handed: dict[str, Any]) -> None:
    at = opened("loss")
    net = ready_net()
    shown = handed["surer"]
    as_trained = min(range(len(shown["scales"])), key=lambda i: abs(shown["scales"][i] - 1))
    expected = evaluate(net.model()[1], net.dataset.test, limit=1_000)
    assert shown["accuracy"] == pytest.approx(expected.accuracy)
    assert shown["losses"]["cross-entropy"][as_trained] == pytest.approx(expected.loss, rel=1e-4)
    assert shown["losses"]["cross-entropy"][-1] > 1.5 * min(shown["losses"]["cross-entropy"])
    assert "surer of its mistakes" in told(at)
    assert "0.417 at 90.5 %" in words_of("en")["loss.sure_note"]


def test_S21_both_losses_of_the_same_net_are_measured(handed: dict[str, Any]) -> None:
    opened("loss")
    net = ready_net()
    shown = handed["surer"]
    as_trained = min(range(len(shown["scales"])), key=lambda i: abs(shown["scales"][i] - 1))
    for loss in ("cross-entropy", "mse"):
        expected = evaluate(net.model()[1], net.dataset.test, loss, limit=1_000).loss
        assert shown["losses"][loss][as_trained] == pytest.approx(expected, rel=1e-4)


def test_X9_squared_errors_are_said_to_be_one_loss_among_several() -> None:
    assert "It is one loss among several" in told(opened("loss"))


# ---- gradient descent -----------------------------------------------------------------------------------------------


def own_curve(handed: dict[str, Any]) -> dict[str, Any]:
    assert handed["descent"]["curves"][0]["name"] == "own"  # the last one that was drawn
    curve: dict[str, Any] = handed["descent"]["curves"][0]
    return curve


def test_S28_the_slice_is_this_net_s_own_loss_along_one_weight(
    handed: dict[str, Any], finished: Callable[..., Run]
) -> None:
    run = finished(DENSE)
    at = opened("descent", run=run.id)
    unit, place = (next(each for each in at.number_input if each.label == label) for label in ("Unit", "Input"))
    unit.set_value(3)
    place.set_value(17).run()
    curve = own_curve(handed)
    step, model = run.model()
    x, y = run.dataset.train.batch(slice(None))
    direction = one_weight(model, "dense2.weight", (3, 17))
    away = torch.tensor(curve["positions"])[:, None] - float(model.get_parameter("dense2.weight")[3, 17].detach())
    expected = list(losses_at(model, x, lambda logits: functional.cross_entropy(logits, y), direction[None], away))
    assert curve["losses"] == pytest.approx(expected, rel=1e-4)
    assert curve["axis"] == "value of dense2.weight [3, 17]"
    assert f"each of the {vector_of(model).numel():,} weights" in told(at)
    assert f"at iteration {step:,}" in told(at)


def test_S28_the_way_it_walked_begins_high_and_ends_where_it_is_now(
    handed: dict[str, Any], finished: Callable[..., Run]
) -> None:
    run = finished(DENSE)
    at = opened("descent", run=run.id)
    at.segmented_control(key="slice-kind-3").set_value("way").run()
    curve = own_curve(handed)
    losses = dict(zip([round(place, 3) for place in curve["positions"]], curve["losses"], strict=True))
    x, y = run.dataset.train.batch(slice(None))
    for place, model in ((0.0, run.model_at(0)), (1.0, run.model()[1])):
        with torch.no_grad():
            assert losses[place] == pytest.approx(float(functional.cross_entropy(model(x), y)), rel=1e-4)
    assert losses[0.0] > losses[1.0]
    assert curve["start"] == 0.0


@pytest.mark.parametrize("has_past", [True, False])
def test_S28_the_map_is_computed_on_request_and_remembered(
    handed: dict[str, Any], finished: Callable[..., Run], has_past: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.ui.learn.descent_map._SIDE", 7)
    monkeypatch.setattr("lib.ui.learn.descent_map._drawn", OrderedDict())
    run = finished(DENSE) if has_past else None
    at = opened("descent", **({"run": run.id} if run else {}))
    assert "landscape" not in handed
    press(at, "Compute the map")
    drawn = handed["landscape"]
    assert drawn["losses"].shape == (7, 7)
    assert not [each for each in at.button if each.label == "Cancel"]
    if run is None:
        assert drawn["path"] == []
        middle, model = drawn["losses"][3, 3], ready_net().model()[1]
        assert drawn["losses"].min() <= middle
        assert torch.isfinite(torch.from_numpy(drawn["losses"])).all()
        assert sum(parameter.numel() for parameter in model.parameters()) == 16_852
    else:
        assert [moment["step"] for moment in drawn["path"]] == [*run.snapshots()[:-1], run.model()[0]]
        assert drawn["path"][-1]["x"] == drawn["path"][-1]["y"] == 0
        assert drawn["path"][0]["loss"] > drawn["path"][-1]["loss"]
    handed.pop("landscape")
    at.run()
    assert "landscape" in handed  # at once: it was kept


def test_S27_what_is_learned_and_what_was_chosen_are_told_apart() -> None:
    said = told(opened("descent"))
    assert "Learned: 16,852 parameters" in said
    assert "Chosen beforehand: learning rate 0.003, optimizer Adam, batch size 32, 24 epochs, 7 layers" in said


def test_X2_a_neuron_is_no_parameter_and_the_numbers_are_right() -> None:
    assert "100,480 parameters" in told(opened("descent"))
    rows = summarize(ModelConfig(layers=(Flatten(), Dense(128))), FASHION, 10).rows
    assert [row.parameters for row in rows if row.name == "dense1"] == [100_480]
    assert rows[1].output_shape == (128,)
