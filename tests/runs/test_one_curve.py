"""Same set-up, same seed, same curve: bit for bit, whichever way a run is driven."""

import sys

import pytest
import torch
from safetensors.torch import load_file

from lib import Dense, Flatten, ModelConfig, cli
from lib.nets.recording import read_recording
from lib.runs.log import RunLog
from lib.runs.store import Store
from tests.runs.whole_runs import LONG, changed, finished, trained_by_hand, without_seconds


@pytest.fixture(params=["random", "dense"])
def config(request, random_net):
    """A net with dropout and augmentation, and a plain dense one, which trains in closed form."""
    if request.param == "random":
        return changed(random_net, schedule="cosine")
    dense = ModelConfig(layers=(Flatten(), Dense(9, "sigmoid"), Dense(8)))
    return changed(random_net.model_copy(update={"model": dense}), schedule="one-cycle", augment=False)


@pytest.fixture
def expected(config, tmp_path):
    """The epochs and the last weights that a plain loop over `fit` gives."""
    events, _, net = trained_by_hand(config)
    store = Store(tmp_path / "by-hand")
    store.create("by-hand", "me", config, lambda _: "by-hand")
    log = RunLog("by-hand", store)
    log.add_start(events[0].valid_loss, events[0].valid_accuracy)
    for event in events:
        if event.kind == "epoch_end":
            log.add_epoch(event)
    store.close()
    return without_seconds(log.epochs), net.state_dict()


def same(expected, run):
    epochs, weights = expected
    assert without_seconds(run.log.epochs) == epochs
    found = run.weights()[1]
    assert all(torch.equal(found[name], value) for name, value in weights.items())


def test_as_the_page_runs_it(registry, config, expected):
    same(expected, finished(registry, config))


def test_step_by_step(registry, config, expected, until):
    run = registry.start(config, "me", stepping=True)
    for step in range(1, 10):
        assert run.wait(LONG, "paused")
        until(lambda step=step: run.status()["step"] == step and run.state == "paused")
        if step < 9:
            run.step(run.owner)
    run.resume(run.owner)
    assert run.wait(LONG)
    same(expected, run)


def test_paused_and_resumed_by_another_process(open_registry, config, expected, after_event):
    holder = []

    def look(_driver, event):
        if event.kind == "step_end" and event.step == 5:
            holder[0].pause(holder[0].owner)

    first = open_registry("home")
    after_event(look)
    holder.append(first.start(config, "me"))
    assert holder[0].wait(LONG, "paused")
    assert holder[0].status()["step"] >= 5
    first.close()
    run = open_registry("home").find(holder[0].id)
    run.resume(run.owner)
    assert run.wait(LONG)
    same(expected, run)


def test_from_the_command_line(config, expected, monkeypatch, tmp_path):
    monkeypatch.setattr("lib.nets.train_command.preset", lambda _name, _data: config)
    files = ["--record", str(tmp_path / "run.json"), "--save", str(tmp_path / "net.safetensors")]
    assert cli.main(["train", "this", "--seed", str(config.seed), *files]) == 0
    epochs, weights = expected
    assert without_seconds(read_recording(tmp_path / "run.json").epochs) == epochs
    saved = load_file(tmp_path / "net.safetensors")
    assert all(torch.equal(saved[name], value) for name, value in weights.items())


def test_paused_in_the_middle_of_large_steps(open_registry, config, expected, after_event, until, monkeypatch):
    """Others come between the two halves of a step; what is kept is what was before it or after it, never in it."""
    monkeypatch.setattr(sys.modules["lib.training.loop"], "is_large", lambda _multiply_adds: True)
    holder, asked = [], set()

    def look(driver, event):
        step = driver._training.step
        if holder and event.kind in ("working", "step_end") and step in (4, 7) and step not in asked:
            asked.add(step)
            holder[0].pause(holder[0].owner)

    after_event(look)
    for number in range(3):
        registry = open_registry("home")
        if number:
            holder[0] = registry.find(holder[0].id)
            holder[0].resume("me")
        else:
            holder.append(registry.start(config, "me"))
        until(lambda number=number: holder[0].has_ended or (len(asked) > number and holder[0].state == "paused"))
        registry.close()
    assert holder[0].state == "finished"
    assert len(asked) == 2
    same(expected, holder[0])
