"""The command line: `python -m lib.cli COMMAND`. Each command adds its arguments and returns an exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lib.config import SCHEDULES, RunConfig
from lib.data import DatasetUnavailable, fetch, list_datasets, load_dataset
from lib.data.catalogue import info
from lib.models import preset
from lib.runs import Limits, Registry, Run
from lib.runs.ready import save_ready_net
from lib.runs.recording import record, write_recording

Command = Callable[[argparse.Namespace], int]

OK, FAILED, MISUSED, CANCELLED = 0, 1, 2, 130

_TRAIN_OPTIONS = ("epochs", "learning_rate", "schedule", "batch_size", "precision", "augment")
_LOOK_SECONDS = 0.2  # between looks at a run that trains


class _Bar:
    """Draws a progress bar on one line of standard error, at most once for each per cent."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.percent = -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // max(1, total)
        if percent != self.percent:
            self.percent = percent
            bar = ("#" * (percent // 4)).ljust(25, ".")
            line = f"\r{self.title} [{bar}] {percent:3d} % of {total / 1e6:.1f} MB"
            print(line, end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self.percent >= 0:
            print(file=sys.stderr)


def _fetch(arguments: argparse.Namespace) -> int:
    entry = info(arguments.name)
    if entry.offline:
        print(f"{entry.title} comes with Glasshouse; there is nothing to fetch.")
        return OK
    bar = _Bar(entry.title)
    try:
        folder = fetch(entry.name, bar, arguments.mirror)
    finally:
        bar.close()
    print(f"{entry.title} is in {folder.absolute()}")
    return OK


def _list(_arguments: argparse.Namespace) -> int:
    for entry in list_datasets():
        where = "always here" if entry.offline else "here" if entry.available else f"fetch {entry.name}"
        counts = f"{entry.train_count:>6,} + {entry.test_count:>6,}"
        print(f"{entry.name:<14} {counts}  {len(entry.classes)} classes  {where:<20} {entry.about}")
    return OK


def _train(arguments: argparse.Namespace) -> int:
    run = _finished(_asked_for(arguments))
    if run.tested is None:
        print(run.message, file=sys.stderr)
        return FAILED
    print(f"test      loss {run.tested.loss:.4f}  accuracy {run.tested.accuracy:.4f}")
    if arguments.save:
        save_ready_net(arguments.save, run.config, *run.model())
        print(f"saved to {arguments.save}")
    if arguments.record:
        write_recording(arguments.record, record(arguments.preset, run))
        print(f"recorded in {arguments.record}")
    return OK


def _asked_for(arguments: argparse.Namespace) -> RunConfig:
    """The preset, with what was asked to be different; ValueError if that makes no sense."""
    chosen = preset(arguments.preset).model_dump()
    chosen["seed"] = arguments.seed
    groups = {"data": ("name", "train_size"), "train": _TRAIN_OPTIONS}
    for group, names in groups.items():
        asked = {name: getattr(arguments, name) for name in names}
        chosen[group] |= {name: value for name, value in asked.items() if value is not None}
    return RunConfig.model_validate(chosen)


def _finished(config: RunConfig) -> Run:
    """Train as the page does, in a folder of its own, and print every epoch; the run when it has ended."""
    load_dataset(**config.data.model_dump())  # says at once if it is not here
    with TemporaryDirectory(prefix="glasshouse-") as folder:
        registry = Registry(Path(folder), replace(Limits.from_environment(), lease_seconds=0.0))
        try:
            run = registry.start(config, "command line")
            printed = 0
            while not run.wait(_LOOK_SECONDS) or printed < len(run.log.epochs):
                for epoch in run.log.epochs[printed:]:
                    _print_epoch(**epoch)
                    printed += 1
            return run
        finally:
            registry.close()


def _print_epoch(epoch: int, valid_loss: float, valid_accuracy: float, **trained: float) -> None:
    line = f"epoch {epoch:>3}  valid_loss {valid_loss:.4f}  valid_accuracy {valid_accuracy:.4f}"
    if trained:
        line += "  loss {train_loss:.4f}  accuracy {train_accuracy:.4f}  {seconds:.1f} s".format_map(trained)
    print(line, flush=True)


def _add_train(parser: argparse.ArgumentParser) -> Command:
    parser.add_argument("preset", help="for example small-cnn")
    parser.add_argument("--data", dest="name", help="another data set than the preset's")
    parser.add_argument("--train-size", type=int, help="train on so many pictures only")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--learning-rate", type=float, help="the largest one of the schedule")
    parser.add_argument("--schedule", choices=SCHEDULES)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"))
    parser.add_argument("--augment", action="store_true", default=None, help="shift and mirror the training pictures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, help="write the trained net to this safetensors file")
    parser.add_argument("--record", type=Path, help="write the run's curves and result to this JSON file")
    return _train


def _add_fetch(parser: argparse.ArgumentParser) -> Command:
    parser.add_argument("name", help="for example fashion-mnist; `list` shows all")
    parser.add_argument("--mirror", action="append", help="a base address to download from instead; may be repeated")
    return _fetch


def _add_list(_parser: argparse.ArgumentParser) -> Command:
    return _list


# name -> what it does, and the function that adds its arguments and returns the command
COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], Command]]] = {
    "fetch": ("download a data set, so that it is there without a network", _add_fetch),
    "train": ("train a preset and print every epoch", _add_train),
    "list": ("list the data sets and whether they are here", _add_list),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 if it failed, 2 if it was misused, 130 if it was cancelled."""
    parser = argparse.ArgumentParser(prog="python -m lib.cli", description="Glasshouse: see a neural network learn.")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, (about, add) in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=about, description=about)
        subparser.set_defaults(command=add(subparser))
    parsed = parser.parse_args(arguments)
    command: Command = parsed.command
    try:
        return command(parsed)
    except KeyboardInterrupt:
        print("Cancelled; nothing half-done was kept.", file=sys.stderr)
        return CANCELLED
    except DatasetUnavailable as error:
        print(error, file=sys.stderr)
        return FAILED
    except ValueError as error:
        print(error, file=sys.stderr)
        return MISUSED


if __name__ == "__main__":
    sys.exit(main())
