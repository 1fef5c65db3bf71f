"""bfloat16 never costs what a run promises."""

import pytest
import torch

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, ModelConfig, TrainConfig, build_model, evaluate, fit
from lib.training.precision import Arithmetic, computing_in
from tests.training.plain_words import CONFIG, RANDOM, net_of, settings_of

MODEL = ModelConfig(layers=(Conv2d(3), BatchNorm(), Conv2d(4), Dropout(0.5), Flatten(), Dense(8)))
AUTO = TrainConfig(batch_size=8, epochs=2, learning_rate=0.01)


@pytest.fixture
def net(tiny):
    return build_model(MODEL, tiny.input_shape, 3)


def with_precision(kind):
    return AUTO.model_copy(update={"precision": kind})


@pytest.mark.parametrize("channels_last", [True, False])
def test_a_layout_changes_the_storage_and_no_value(tiny, net, channels_last):
    before = {name: value.clone() for name, value in net.state_dict().items()}
    Arithmetic(channels_last=channels_last).lay_out(net)
    assert net.conv2.weight.is_contiguous(memory_format=torch.channels_last) == channels_last
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_computing_in_bf16_rounds_and_comes_off():
    x, w = torch.full((1, 4), 1.001), torch.eye(4)
    with computing_in("bf16"):
        assert (x @ w).dtype == torch.bfloat16
    with computing_in("fp32"):
        assert torch.equal(x @ w, x)
    assert (x @ w).dtype == torch.float32


def losses(tiny, kind, model=MODEL):
    net = build_model(model, tiny.input_shape, 3)
    events = list(fit(net, tiny.train, tiny.valid, with_precision(kind)))
    assert events[0].precision == kind
    for event in events:
        if event.kind == "step_end":
            assert event.logits.dtype == event.batch_loss.dtype == torch.float32
            fits_bf16 = torch.equal(event.logits.bfloat16().float(), event.logits)
            assert fits_bf16 == (kind == "bf16")
    assert {parameter.dtype for parameter in net.parameters()} == {torch.float32}
    return [event.loss for event in events if event.kind == "step_end"]


def test_bf16_trains_nearly_the_same(tiny):
    plain = ModelConfig(layers=(Conv2d(3), Conv2d(4), Flatten(), Dense(8)))
    exact, rounded = losses(tiny, "fp32", plain), losses(tiny, "bf16", plain)
    assert rounded == pytest.approx(exact, rel=0.05)
    assert rounded != exact


def test_no_event_is_given_out_while_computing_in_bf16(tiny, net):
    for event in fit(net, tiny.train, tiny.valid, with_precision("bf16")):
        assert not torch.is_autocast_enabled("cpu"), event
        assert torch.is_grad_enabled()


def test_equal_seeds_give_equal_curves_in_bf16_too(tiny):
    assert losses(tiny, "bf16") == losses(tiny, "bf16")


def test_an_epoch_in_bfloat16_is_validated_in_bfloat16(tiny):
    """What is shown is the net as it computes, not a better one."""
    net = net_of(tiny, RANDOM, 2)
    config = settings_of(CONFIG, precision="bf16", epochs=2)
    ends = [
        (event.valid_loss, *(evaluate(net, tiny.valid, precision=kind).loss for kind in ("bf16", "fp32")))
        for event in fit(net, tiny.train, tiny.valid, config, seed=2)
        if event.kind == "epoch_end"
    ]
    for told, short, long in ends:
        assert told == short != long
