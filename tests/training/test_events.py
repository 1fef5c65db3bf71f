"""Events are small frozen values with the names that others rely on."""

import dataclasses

import pytest
import torch

from lib.training import EpochEnd, Evaluating, LearningRateChanged, RunEnded, RunStarted, StepEnd

STEP = StepEnd(1, 1, torch.tensor(0.5), torch.tensor([[2.0, 1.0], [0.0, 3.0]]), torch.tensor([0, 0]))
EPOCH = EpochEnd(
    epoch=1,
    train_loss=1.0,
    train_accuracy=0.5,
    valid_loss=1.1,
    valid_accuracy=0.4,
    learning_rate=0.1,
    seconds=2.0,
)
EVENTS = [
    (RunStarted(1, 2, 0, 2.3, 0.1), "run_started"),
    (STEP, "step_end"),
    (LearningRateChanged(3, 0.1), "learning_rate_changed"),
    (Evaluating(1, 2), "evaluating"),
    (EPOCH, "epoch_end"),
    (RunEnded("finished", 3, 1.0), "run_ended"),
]


@pytest.mark.parametrize(("event", "kind"), EVENTS)
def test_kinds(event, kind):
    assert event.kind == kind


@pytest.mark.parametrize("event", [event for event, _ in EVENTS])
def test_events_are_frozen_and_slotted(event):
    assert not hasattr(event, "__dict__")
    for field in dataclasses.fields(event):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(event, field.name, None)


def test_an_epoch_s_end_has_the_names_of_the_contract():
    assert [field.name for field in dataclasses.fields(EpochEnd)] == (
        "epoch train_loss train_accuracy valid_loss valid_accuracy learning_rate seconds share".split()  # noqa: SIM905
    )


def test_a_step_computes_loss_and_accuracy_when_asked():
    assert (STEP.loss, STEP.accuracy) == (0.5, 0.5)
