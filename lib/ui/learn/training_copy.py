"""The copy of a net that goes on training under the microscope; the net itself is never touched."""

from typing import Any, NamedTuple

import streamlit as st
from torch import Tensor, nn

from lib.config import TrainConfig
from lib.explain.iteration import Iteration, iterate
from lib.explain.pencil_and_paper import memory_of
from lib.models import build_model
from lib.training import TrainState, loss_of
from lib.training.batches import epoch_batches, steps_per_epoch
from lib.ui.net import inside

_KEY = "training-copy"
_LARGEST_BATCH = 64  # one look needs no more, and every picture is drawn


class Step(NamedTuple):
    """One iteration of the copy."""

    number: int  # of presses so far
    iteration: int  # of the run it continues, from 1
    seen: Iteration
    model: nn.Sequential  # after the update
    rate: float
    state_before: TrainState  # for what its optimizer remembered


def last_step(net: inside.Net, origin: str) -> Step:
    """The iteration that the copy did last. `origin`: "start" copies the random start, "now" the newest weights."""
    kept = st.session_state.get(_KEY)
    if kept is None or kept["net"] != (net.id, origin):
        tensors, counters = _first(net, origin).to_tensors()
        # Plain values only: instances of our own classes would go stale when the code is loaded anew.
        kept = {"net": (net.id, origin), "number": 1, "tensors": tensors, "counters": counters}
        st.session_state[_KEY] = kept
    before, state = _restored(net, kept), _restored(net, kept)
    seen = _advance(net, state)
    kept["after"] = state.to_tensors()
    assert isinstance(state.model, nn.Sequential)
    return Step(kept["number"], state.step, seen, state.model, state.effective_rate, before)


def go_on() -> None:
    """Let the next iteration begin where the last one ended."""
    kept = st.session_state[_KEY]
    kept["tensors"], kept["counters"] = kept.pop("after")
    kept["number"] += 1


def memory(step: Step, parameter: str, index: tuple[int, ...]) -> dict[str, float]:
    """What the optimizer remembered of one weight before this iteration."""
    return memory_of(step.state_before.optimizer, step.state_before.model.get_parameter(parameter), index)


def batch_size(config: TrainConfig) -> int:
    """Pictures of one batch here."""
    return min(config.batch_size, _LARGEST_BATCH)


def _first(net: inside.Net, origin: str) -> TrainState:
    """Where the copy begins: with the run's own optimizer and its memory where that was kept."""
    if origin == "start":
        return TrainState(_new_model(net), net.config.train, net.config.seed)
    step, model = net.model()
    weights: dict[str, Tensor] = {name: value.clone() for name, value in model.state_dict().items()}
    state = TrainState(model, net.config.train, net.config.seed)
    saved = net.checkpoint()
    if saved is not None:
        state.restore(saved.tensors, saved.counters)
        model.load_state_dict(weights)  # the newest ones; those on disk may be some seconds older
    state.step = step
    return state


def _restored(net: inside.Net, kept: dict[str, Any]) -> TrainState:
    state = TrainState(_new_model(net), net.config.train, net.config.seed)
    state.restore(kept["tensors"], kept["counters"])
    # A schedule that has come to its end would leave nothing to see.
    state.effective_rate = state.effective_rate or state.learning_rate
    for group in state.optimizer.param_groups:
        group["lr"] = state.effective_rate
    return state


def _new_model(net: inside.Net) -> nn.Sequential:
    data = net.dataset
    return build_model(net.config.model, data.input_shape, len(data.classes), net.config.seed)


def _advance(net: inside.Net, state: TrainState) -> Iteration:
    train, size = net.dataset.train, batch_size(net.config.train)
    if state.batch >= steps_per_epoch(len(train), size):
        state.epoch, state.batch = state.epoch + 1, 0
    batches = epoch_batches(
        train, size, net.config.seed, state.epoch, augment=net.config.train.augment, start=state.batch
    )
    x, y = next(batches)
    assert isinstance(state.model, nn.Sequential)
    seen = iterate(
        state.model, state.optimizer, x, y, lambda logits, labels: loss_of(logits, labels, net.config.train.loss)
    )
    state.step, state.batch = state.step + 1, state.batch + 1
    return seen
