"""The heart: a run is a generator of events, and whoever drives it owns the pace."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from math import isfinite
from time import perf_counter

import torch
from torch import nn

from lib.config import TrainConfig
from lib.datasets import Split
from lib.training.batches import epoch_batches, steps_per_epoch
from lib.training.calibration import choose_arithmetic
from lib.training.evaluation import Evaluation, evaluate_in_parts
from lib.training.events import Evaluating, Event, LearningRateChanged, RunEnded, RunStarted, StepEnd, Working
from lib.training.fast_forward import forward
from lib.training.formulas import closed_form
from lib.training.losses import loss_of
from lib.training.machine import cores_for, is_large, multiply_adds_of, on_training_thread, use_cores
from lib.training.optimizers import Update
from lib.training.precision import Arithmetic, computing_in
from lib.training.state import TrainState

_START_PICTURES = 1_000  # enough to show that a random start guesses, and instant for large nets too
_CHECK_EVERY = 16  # steps between looks at the loss: each look waits for the numbers


def fit(
    model: nn.Module,
    train: Split,
    valid: Split,
    config: TrainConfig,
    *,
    seed: int = 0,
    state: TrainState | None = None,
    in_parts: bool = False,
) -> Iterator[Event]:
    """Train `model` and yield an event after everything that happens; closing the generator is a clean stop.

    The same model, data, config and seed give the same events. Pass a `state` to watch or steer the run from outside,
    or to continue one that was restored. A loss that is no longer a number ends the run with a sentence. The thread
    that asks is left as it was.

    in_parts: also yield `Working` before the first step and within steps of large nets, so that no piece is long
    """
    state = state or TrainState(model, config, seed)
    events = on_training_thread(_events(model, train, valid, config, state))
    return events if in_parts else (event for event in events if event.kind != "working")


def _events(
    model: nn.Module, train: Split, valid: Split, config: TrainConfig, state: TrainState
) -> Generator[Event, None, None]:
    device = next(model.parameters()).device
    train, valid = train.to(device), valid.to(device)
    steps = steps_per_epoch(len(train), config.batch_size)
    budget = config.time_budget or float("inf")
    cores, how, long_steps = _set_up(state, train, config)
    precision = how.precision
    yield Working()
    parameters, update = list(model.parameters()), Update(state.optimizer)
    in_closed_form = closed_form(model, config.loss) if precision == "fp32" else None
    start = yield from _start(evaluate_in_parts(model, valid, config.loss, _START_PICTURES, precision))
    yield RunStarted(config.epochs, steps, state.step, start.loss, start.accuracy, precision)

    while state.epoch <= config.epochs and (state.seconds < budget or state.is_amid_epoch):
        order = (config.batch_size, state.seed, state.epoch)
        batches = epoch_batches(train, *order, augment=config.augment, start=state.batch)
        for x, y in batches if state.seconds < budget else ():  # none: only the last look was left to do
            if state.apply_learning_rate(steps):
                yield LearningRateChanged(state.step, state.learning_rate)
            started = perf_counter()

            use_cores(cores)  # other runs may have had their turns on this thread
            model.train()
            if in_closed_form:  # a plain dense net: the same gradients from a few formulas
                logits, loss, gradients = in_closed_form(x, y)
            else:
                with computing_in(precision, device.type):
                    logits = forward(model, x, how.by_rows)
                if long_steps:
                    forward_seconds = perf_counter() - started
                    yield Working(amid_step=True)
                    started = perf_counter() - forward_seconds
                    use_cores(cores)
                logits = logits.float()
                loss = loss_of(logits, y, config.loss)
                gradients = torch.autograd.grad(loss, parameters)
            update(gradients)

            event = StepEnd(state.step + 1, state.epoch, loss.detach(), logits.detach(), y)
            state.record(event, perf_counter() - started)
            yield event
            if (state.step % _CHECK_EVERY == 0 and not state.is_finite()) or state.seconds >= budget:
                break

        checked = None
        if state.is_finite():
            checked = yield from _timed(state, evaluate_in_parts(model, valid, config.loss, precision=precision))
        if checked is None or not isfinite(checked.loss):  # the very last update can be the one that breaks the net
            yield RunEnded("diverged", state.step, state.seconds, _diverged(state))
            return
        yield state.end_epoch(checked.loss, checked.accuracy, steps)

    yield RunEnded("time_budget" if state.seconds >= budget else "finished", state.step, state.seconds)


def _set_up(state: TrainState, train: Split, config: TrainConfig) -> tuple[int, Arithmetic, bool]:
    """Choose how to compute, unless that was done before a break; returns cores, arithmetic, and if a step is large."""
    x, y = train.batch(slice(0, config.batch_size))
    multiply_adds = multiply_adds_of(state.model, x)
    cores = (state.arithmetic and state.arithmetic.cores) or cores_for(multiply_adds)
    use_cores(cores)
    chosen = state.arithmetic or choose_arithmetic(state.model, x, y, config)
    state.arithmetic = replace(chosen, cores=cores, device=x.device.type)
    state.arithmetic.lay_out(state.model)
    return cores, chosen, is_large(multiply_adds)


def _start(parts: Generator[Evaluating, None, Evaluation]) -> Generator[Working, None, Evaluation]:
    """Measure what the run starts with."""
    while True:
        try:
            next(parts)
        except StopIteration as stop:
            result: Evaluation = stop.value
            return result
        yield Working()


def _timed(
    state: TrainState, parts: Generator[Evaluating, None, Evaluation]
) -> Generator[Evaluating, None, Evaluation]:
    """Pass `parts` on, counting the time spent in them but not the pauses between them."""
    while True:
        started = perf_counter()
        try:
            part = next(parts)
        except StopIteration as stop:
            result: Evaluation = stop.value
            return result
        finally:
            state.spend(perf_counter() - started)
        yield part


def _diverged(state: TrainState) -> str:
    return (
        f"The loss stopped being a number in epoch {state.epoch}: the steps were too large. "
        f"Try a learning rate below {state.learning_rate:g}."
    )
