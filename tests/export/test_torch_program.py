"""The exported PyTorch program repeats the run: the same curve, in a process of its own that knows nothing of us."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lib.config import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
)
from lib.export.keras_program import keras_script
from lib.export.recipe import exactness, repeat
from lib.export.torch_program import torch_script
from lib.nets.recording import recorded_runs
from tests.runs.whole_runs import LONG, finished, trained_by_hand

ROOT = Path(__file__).parents[2]
_LINE = re.compile(r"epoch +(\d+)  train (\S+) (\S+)  (?:valid|test) (\S+) (\S+)")
EVERYTHING = (
    *(Conv2d(4, 4, 2), BatchNorm(), MaxPool2d(), Dropout(0.3), Conv2d(5, 3, 1, "same", "tanh"), AvgPool2d()),
    *(Flatten(), BatchNorm(), Dense(8, "sigmoid")),
)


_RUN_ALL = """
import runpy, sys
for name in sys.argv[1:]:
    runpy.run_path(name)
    print("---- end", flush=True)
"""


def printed_by(folder: Path, *scripts: str) -> list[str]:
    """What each program prints: one after the other in one process, where none of our modules can be found."""
    names = []
    for number, script in enumerate(scripts):
        names.append(f"program_{number}.py")
        (folder / names[-1]).write_text(script, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-I", "-c", _RUN_ALL, *names]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("---- end\n")[:-1]


def difference_in(printed: str) -> float:
    """What a program found when it compared its curve with the one that Glasshouse wrote down."""
    return float(printed.rsplit(": ", 1)[1])


def curve_in(printed: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, found)) for found in _LINE.findall(printed)]


def curve_of(config):
    events, _, _ = trained_by_hand(config)
    ends = [event for event in events if event.kind == "epoch_end"]
    return [(e.epoch, e.train_loss, e.train_accuracy, e.valid_loss, e.valid_accuracy) for e in ends]


CASES = {
    "dense": ((Flatten(), Dense(8)), {}),
    "everything": (EVERYTHING, {"augment": True, "schedule": "one-cycle", "optimizer": "adamw", "weight_decay": 0.01}),
    "lone picture": (EVERYTHING, {"data": {"train_size": 81}, "schedule": "cosine", "optimizer": "momentum"}),
    "means": (
        (Conv2d(4, 5, padding="valid"), GlobalAvgPool2d(), Dense(8, "linear")),
        {"loss": "mse", "schedule": "step", "optimizer": "rmsprop", "data": {"valid_fraction": 0.0}},
    ),
    "unscaled, fewer of two classes": (
        (Flatten(), Dense(8, "sigmoid")),
        {"optimizer": "sgd", "data": {"scale_pixels": False, "keep": ((3, 50), (7, 0)), "seed": 5}},
    ),
    "drawn here, varied in several chunks": (
        (MaxPool2d(4), Flatten(), Dense(6)),
        {"augment": True, "batch_size": 500, "epochs": 1, "data": {"name": "doodles", "train_size": 4_500}},
    ),
}


def changed_by_hand(registry, config, until):
    """A finished run whose learning rate was changed after one step and after five."""
    run = registry.start(config, "me", stepping=True)
    for step in range(1, 6):
        until(lambda step=step: run.status()["step"] == step and run.state == "paused")
        if step in (1, 5):
            run.set_learning_rate({1: 0.1, 5: 0.003}[step], run.owner)
        run.resume(run.owner) if step == 5 else run.step(run.owner)
    assert run.wait(LONG)
    assert len(run.log.marks) == 2
    return run


def test_the_program_gives_the_same_curve(registry, set_up, until, tmp_path, subtests):
    configs = {case: set_up(*layers, **options) for case, (layers, options) in CASES.items()}
    runs = {case: finished(registry, config) for case, config in configs.items()}
    by_hand = changed_by_hand(registry, set_up(Flatten(), Dense(8), epochs=3), until)
    clocked = finished(registry, set_up(Flatten(), Dense(8), time_budget=0.15, epochs=200, batch_size=1))
    assert repeat(clocked).epochs < 200
    assert repeat(clocked).caveats == ()
    another = torch_script(runs["dense"]).replace("\nSEED = 3\n", "\nSEED = 4\n")
    scripts = [*map(torch_script, runs.values()), torch_script(by_hand), torch_script(clocked), another]
    *printed, of_hand, of_clock, of_another = printed_by(tmp_path, *scripts)
    for (case, run), text in zip(runs.items(), printed, strict=True):
        with subtests.test(case):
            found, expected = curve_in(text), curve_of(configs[case])
            assert len(found) == configs[case].train.epochs
            for ours, theirs in zip(found, expected, strict=True):
                # Losses are printed with seven decimals, accuracies with five.
                assert ours[1::2] == pytest.approx(theirs[1::2], abs=1e-6)
                assert ours[::2] == pytest.approx(theirs[::2], abs=1e-5)
            assert f"test accuracy {run.tested.accuracy:.4f}, loss {run.tested.loss:.4f}" in text
            assert difference_in(text) <= 1e-6
    with subtests.test("a rate changed by hand"):
        assert "RATES = {0: LEARNING_RATE, 1: 0.1, 5: 0.003}" in torch_script(by_hand)
        assert difference_in(of_hand) <= 1e-6
    with subtests.test("ended by the clock"):
        assert difference_in(of_clock) <= 1e-6
    with subtests.test("another first weight is noticed"):  # so that the others can fail
        assert difference_in(of_another) > 1e-3


def test_what_cannot_be_repeated_exactly_is_said(registry, set_up):
    clocked = set_up(Flatten(), Dense(8), time_budget=0.1, epochs=200, batch_size=1, schedule="cosine")
    run = finished(registry, clocked)
    assert "followed the clock" in torch_script(run)
    assert exactness(repeat(run))[0].endswith("not to the last digit.")
    endless = registry.start(set_up(Flatten(), Dense(8), epochs=200, batch_size=1), "me")
    assert endless.wait(LONG, "running")
    endless.stop(endless.owner)
    assert endless.wait(LONG)
    assert "stopped by hand" in torch_script(endless)
    bf16 = recorded_runs()["recorded-article-cnn-fast"]
    assert "bfloat16" in exactness(repeat(bf16))[1]
    assert "with torch.autocast(DEVICE, torch.bfloat16):" in torch_script(bf16)


@pytest.mark.fashion
@pytest.mark.parametrize("name", ["two-layer-sigmoid", "dense-286k", "article-cnn-fast"])
def test_programs_of_recorded_runs_are_whole(name, tmp_path):
    """Compiled, not run: they train for seconds to minutes."""
    script = torch_script(recorded_runs()[f"recorded-{name}"])
    compile(script, name, "exec")
    assert "import lib" not in script
    assert "from lib" not in script


def test_the_loop_stands_there_as_in_any_tutorial(run):
    lines = [line.split("  #")[0].strip() for line in torch_script(run).splitlines()]
    loop = ["logits = net(x)", "loss = loss_of(logits, y)", "optimizer.zero_grad()", "loss.backward()"]
    start = lines.index(loop[0])
    assert lines[start : start + 5] == [*loop, "optimizer.step()"]


def test_programs_are_written_as_our_own_code_is(registry, set_up, tmp_path):
    for number, (layers, options) in enumerate(CASES.values()):
        run = finished(registry, set_up(*layers, **options))
        (tmp_path / f"torch_{number}.py").write_text(torch_script(run), encoding="utf-8")
        (tmp_path / f"keras_{number}.py").write_text(keras_script(run), encoding="utf-8")
    width = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["line-length"]
    files = sorted(tmp_path.glob("*_?.py"))
    assert len(files) == 2 * len(CASES)
    for command in (["check", "--isolated", "--select", "E,F,I,W"], ["format", "--isolated", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, f"--line-length={width}", *files]
        done = subprocess.run(ruff, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_a_name_is_no_code(registry, small):
    run = finished(registry, small)
    run.own_name = 'a"""\nimport os\nos.abort()\n"""\\'
    script = torch_script(run)
    head = script.split('"""')[1]
    assert "import os" in head.replace("\n", " ") or "importos" in head.replace("\n", "")
    assert "\nimport os\n" not in script
    compile(script, "program", "exec")
