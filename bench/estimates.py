"""Compare what the Train page says a run will take with what it then takes, preset by preset."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

from bench.dashboard import ROOT, empty_home
from bench.kept import keep
from bench.machine import NOT_JUDGED, is_ours
from lib import RunConfig, list_datasets, list_presets, load_dataset, preset
from lib.datasets import Dataset
from lib.runs import Registry, Run
from lib.runs.time_needed import estimate

_LONGEST_TRAINING = 15.0  # seconds; of longer epochs so much is trained, and the rest is taken to go on like that
_MOST_ERROR = 0.25
_LOOK_SECONDS = 0.01


def measure(config: RunConfig) -> tuple[float, float]:
    """Give the seconds of an epoch as estimated before the start, and as it then was; for a process of its own."""
    data = load_dataset(**config.data.model_dump())
    known = estimate(
        config, data.input_shape, len(data.classes), pictures=len(data.train), valid=len(data.valid), wait=120.0
    )
    assert known is not None
    share = min(1.0, _LONGEST_TRAINING / known.seconds_per_epoch)
    with tempfile.TemporaryDirectory() as folder, closing(Registry(Path(folder))) as registry:
        run = registry.start(_shortened(config, data, share), "bench")
        training, validating = _first_epoch(run)
        run.stop(run.owner)
        run.wait(60)
        return known.seconds_per_epoch, training * len(data.train) / len(run.dataset.train) + validating


def _shortened(config: RunConfig, data: Dataset, share: float) -> RunConfig:
    if share == 1.0:
        return config
    pictures = max(config.train.batch_size, round(share * len(data.train)))
    return config.model_copy(update={"data": config.data.model_copy(update={"train_size": pictures})})


def _first_epoch(run: Run) -> tuple[float, float]:
    """Watch a run through its first epoch; gives the seconds of training and of validating."""
    first: tuple[float, int] | None = None  # (clock, steps done) when the first steps were seen
    trained: float | None = None
    while not run.has_ended:
        now, status = monotonic(), run.status()
        step, steps = status["step"], status["steps_per_epoch"]
        if first is None and step > 0:
            first = (now, step)
        if first and trained is None and step >= steps:
            trained = (now - first[0]) * steps / (steps - first[1])
            ended = now
        if trained is not None and run.log.epochs[-1]["epoch"] >= 1:
            return trained, now - ended
        time.sleep(_LOOK_SECONDS)
    raise RuntimeError(f"the run ended before its first epoch: {run.message}")


def report(found: dict[str, tuple[float, float]]) -> str:
    """Write estimates, durations and errors in Markdown."""
    lines = ["| preset | estimated, s an epoch | it took | error | |", "|---|---|---|---|---|"]
    for name, (estimated, took) in found.items():
        error = estimated / took - 1
        verdict = "reached" if abs(error) <= _MOST_ERROR else "**missed**"
        lines.append(f"| {name} | {estimated:.2f} | {took:.2f} | {error:+.0%} | {verdict} |")
    return "\n".join([*lines, "", f"The bar is an error of at most {_MOST_ERROR:.0%}."])


def _in_own_process(name: str) -> Any:
    """Nothing that an earlier preset left in memory may make this one faster."""
    with empty_home() as environment:
        command = [sys.executable, "-m", "bench.estimates", "--measure", name]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def main() -> int:
    """Measure every preset whose pictures are here, write the results, print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.estimates", description=__doc__)
    parser.add_argument("--only", choices=list_presets(), action="append", help="this preset; may be repeated")
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/estimates.json")
    parser.add_argument("--measure", choices=list_presets(), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(preset(options.measure))))
        return 0
    here = {info.name for info in list_datasets() if info.available}
    found = {}
    for name in options.only or list_presets():
        if preset(name).data.name not in here:
            print(f"{name}: its pictures are not here", file=sys.stderr)
            continue
        if not options.force and not is_ours():
            return NOT_JUDGED
        found[name] = _in_own_process(name)
    keep(found, options.results, indent=1)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
