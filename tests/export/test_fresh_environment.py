"""The exported program in an environment that has only what the program says it needs: `make soak`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lib.config import BatchNorm, Dense, Dropout, Flatten
from lib.export.torch_program import torch_script
from lib.models import preset
from tests.runs.whole_runs import changed

pytestmark = pytest.mark.soak

_EPOCHS = 3


def set_ups():
    """A small CNN on doodles with batch norm and dropout, a dense net on digits with augmentation; float32."""
    small = preset("small-cnn")
    first, pool, *rest = small.model.layers
    layers = {
        "doodles": (first, BatchNorm(), pool, Dropout(0.2), *rest, Dropout(0.3)),
        "digits": (Flatten(), Dense(64), Dense(32)),
    }
    for name, net in layers.items():
        config = small.model_copy(
            update={
                "data": small.data.model_copy(update={"name": name}),
                "model": small.model.model_copy(update={"layers": net}),
            }
        )
        yield name, changed(config, precision="fp32", epochs=_EPOCHS, augment=name == "digits")


def needed_by(script: str) -> list[str]:
    """The packages of the line that the program says to install, each in the version that is here."""
    (line,) = re.findall(r"^ +pip install (.+)$", script, flags=re.MULTILINE)
    return [f"{name}=={version(name).partition('+')[0]}" for name in line.split()]


@contextmanager
def fresh_environment(packages: set[str]) -> Iterator[Path]:
    """A new environment with nothing but the packages, gone afterwards (it is large); its Python."""
    with TemporaryDirectory(prefix="glasshouse-fresh-") as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *sorted(packages)], check=True, timeout=900)
        yield python


def test_programs_repeat_their_runs_in_a_fresh_environment(registry, tmp_path):
    runs = {name: registry.start(config, "me") for name, config in set_ups()}
    assert all(run.wait(300) and run.state == "finished" for run in runs.values())
    scripts = {name: torch_script(run) for name, run in runs.items()}
    with fresh_environment({need for script in scripts.values() for need in needed_by(script)}) as python:
        for name, script in scripts.items():
            (tmp_path / "program.py").write_text(script, encoding="utf-8")
            command = [python, "-I", "program.py"]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stderr
            assert len(re.findall("^epoch ", done.stdout, flags=re.MULTILINE)) == _EPOCHS
            assert float(done.stdout.rsplit(": ", 1)[1]) <= 1e-6  # from the curve that Glasshouse drew
            assert f"test accuracy {runs[name].tested.accuracy:.4f}, loss {runs[name].tested.loss:.4f}" in done.stdout
