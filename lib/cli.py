"""The command line: `python -m lib.cli COMMAND`. Each command adds its arguments and returns an exit code."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from lib.data import DatasetUnavailable, fetch, list_datasets
from lib.data.catalogue import info

Command = Callable[[argparse.Namespace], int]

OK, FAILED, MISUSED, CANCELLED = 0, 1, 2, 130


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
    # Imported here: `fetch` and `list` should answer before torch is loaded.
    from lib.data import load_dataset
    from lib.models import build_model, preset
    from lib.runs.ready import save_ready_net
    from lib.training import TrainState, evaluate, fit

    chosen = preset(arguments.preset)
    given = {name: getattr(arguments, name) for name in ("epochs", "learning_rate", "batch_size", "augment")}
    train = chosen.train.model_dump() | {name: value for name, value in given.items() if value is not None}
    values = chosen.model_dump() | {"train": train, "seed": arguments.seed}
    values["data"]["name"] = arguments.data or chosen.data.name
    config = type(chosen).model_validate(values)

    data = load_dataset(**config.data.model_dump())
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    state = TrainState(net, config.train, config.seed)
    for event in fit(net, data.train, data.valid, config.train, state=state):
        if event.kind == "epoch_end":
            print(
                f"epoch {event.epoch:>3}  loss {event.train_loss:.4f}  accuracy {event.train_accuracy:.4f}  "
                f"valid_loss {event.valid_loss:.4f}  valid_accuracy {event.valid_accuracy:.4f}  {event.seconds:.1f} s",
                flush=True,
            )
        if event.kind == "run_ended" and event.message:
            print(event.message, file=sys.stderr)
            return FAILED
    checked = evaluate(net, data.test, config.train.loss)
    print(f"test      loss {checked.loss:.4f}  accuracy {checked.accuracy:.4f}")
    if arguments.save:
        save_ready_net(arguments.save, config, state.step, net)
        print(f"saved to {arguments.save}")
    return OK


def _add_train(parser: argparse.ArgumentParser) -> Command:
    parser.add_argument("preset", help="for example small-cnn")
    parser.add_argument("--data", help="another data set than the preset's")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--augment", action="store_true", default=None, help="shift and mirror the training pictures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, help="write the trained net to this safetensors file")
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
