"""bfloat16 only where it was measured to be faster, and never at the cost of what a run promises."""

import threading

import pytest
import torch

from lib import BatchNorm, Conv2d, Dense, Dropout, Flatten, ModelConfig, TrainConfig, build_model, fit
from lib.training import TrainState, precision
from lib.training.precision import choose_precision, computing_in

MODEL = ModelConfig(layers=(Conv2d(3), BatchNorm(), Conv2d(4), Dropout(0.5), Flatten(), Dense(8)))
AUTO = TrainConfig(batch_size=8, epochs=2, learning_rate=0.01)


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch):
    monkeypatch.setattr(precision, "_known", {})


@pytest.fixture
def net(tiny):
    return build_model(MODEL, tiny.input_shape, 3)


@pytest.fixture
def batch(tiny):
    return tiny.train.batch(slice(0, 8))


@pytest.fixture
def takes(monkeypatch):
    """`takes(fp32=..., bf16=...)`: let a pass take so many seconds; returns the list of passes that were made."""
    passes = []

    def install(**seconds):
        def measure(model, x, y, kind):
            passes.append(kind)
            return seconds[kind]

        monkeypatch.setattr(precision, "_pass", measure)
        return passes

    return install


def with_precision(kind):
    return AUTO.model_copy(update={"precision": kind})


@pytest.mark.parametrize(
    ("fp32", "bf16", "chosen"),
    [(0.1, 0.03, "bf16"), (0.1, 0.09, "fp32"), (0.1, 2.0, "fp32"), (0.001, 0.0001, "fp32")],
    ids=["much faster", "hardly faster", "slower", "too short to matter"],
)
def test_the_clearly_faster_one_is_chosen(net, batch, takes, fp32, bf16, chosen):
    takes(fp32=fp32, bf16=bf16)
    assert choose_precision(net, *batch, AUTO) == chosen


def test_short_steps_never_try_the_other_kind(net, batch, takes):
    passes = takes(fp32=0.001, bf16=0.001)
    choose_precision(net, *batch, AUTO)
    assert set(passes) == {"fp32"}


@pytest.mark.parametrize("kind", ["fp32", "bf16"])
def test_a_choice_is_obeyed_without_measuring(net, batch, takes, kind):
    passes = takes(fp32=0.1, bf16=0.1)
    assert choose_precision(net, *batch, with_precision(kind)) == kind
    assert passes == []


def test_equal_nets_get_equal_answers_for_good(net, batch, takes, tiny):
    takes(fp32=0.1, bf16=0.03)
    choose_precision(net, *batch, AUTO)
    takes(fp32=0.1, bf16=2.0)
    assert choose_precision(build_model(MODEL, tiny.input_shape, 3, seed=9), *batch, AUTO) == "bf16"
    assert choose_precision(net, *tiny.train.batch(slice(0, 16)), AUTO) == "fp32"  # other batches, another answer


def test_two_that_measure_at_once_agree(net, batch, monkeypatch):
    both = threading.Barrier(2, timeout=10)
    answers = iter(["bf16", "fp32"])

    def measure(*_):
        both.wait()
        return next(answers)

    monkeypatch.setattr(precision, "_measure", measure)
    found = []
    threads = [threading.Thread(target=lambda: found.append(choose_precision(net, *batch, AUTO))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1


@pytest.mark.parametrize("training", [True, False])
def test_measuring_leaves_the_net_as_it_was(net, batch, monkeypatch, training):
    monkeypatch.setattr(precision, "_TINY_SECONDS", 0.0)  # so that everything is really tried
    state = TrainState(net, AUTO)
    net.train(training)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    generators = torch.random.get_rng_state(), state.generator.get_state()
    assert choose_precision(net, *batch, AUTO) in ("fp32", "bf16")
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert torch.equal(torch.random.get_rng_state(), generators[0])
    assert torch.equal(state.generator.get_state(), generators[1])
    assert net.training == training
    assert not torch.is_autocast_enabled("cpu")


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
