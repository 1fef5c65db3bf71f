"""The first run of a server's life begins as quickly as any other: torch has loaded what it loads at a first step."""

import subprocess
import sys

_FIRST_RUN = """
import sys, torch
from lib.config import TrainConfig
from lib.datasets import load_dataset
from lib.models import build_model, preset
from lib.training import fit
from lib.training.first_step import warm_up

warm_up()
known = set(sys.modules)
data, config = load_dataset("digits"), preset("small-cnn", "digits")
events = fit(build_model(config.model, data.input_shape, 10), data.train, data.valid, config.train)
while next(events).kind != "step_end":
    pass
print(len([name for name in set(sys.modules) - known if name.startswith("torch")]))
"""


def test_a_first_run_loads_nothing_more() -> None:
    said = subprocess.run([sys.executable, "-c", _FIRST_RUN], capture_output=True, text=True, check=True, timeout=120)
    assert said.stdout.split() == ["0"]
