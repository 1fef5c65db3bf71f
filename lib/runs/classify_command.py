"""`python -m lib.cli classify`: pictures and zips in, answers out."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from lib.datasets import UnsafeImage
from lib.pictures.archive import MAX_ZIP_MB, PictureFiles, Source
from lib.runs.classify import Answer, answer, find_net, read_picture, to_csv, verdict
from lib.runs.spreadsheet import DECIMAL
from lib.runs.strange import NONE_OF_THESE, familiar_to
from lib.training import has_numbers

OK, FAILED = 0, 1


def add_classify(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Add the arguments of the command and return it."""
    parser.add_argument("net", help="a run's id or name, `ready`, or a .safetensors file that `train --save` wrote")
    parser.add_argument("files", type=Path, nargs="+", metavar="file", help="pictures, and zips of pictures")
    parser.add_argument("--csv", action="store_true", help="print comma-separated values, with every probability")
    parser.add_argument("--sep", choices=tuple(DECIMAL), default=",", help="what separates them; ; has decimal commas")
    return _classify


def _classify(arguments: argparse.Namespace) -> int:
    net = find_net(arguments.net)
    step, model = net.model()
    if not has_numbers(model):
        print(f"The weights of {net.name} are no longer numbers: its steps were too large.", file=sys.stderr)
        return FAILED
    classes, known = net.dataset.classes, familiar_to(net, step, model)
    print(f"{net.name} at iteration {step:,}, trained on {net.dataset.name}", file=sys.stderr)
    answers = []
    for file in PictureFiles(Source(str(path), _size_of(path), partial(_bytes_of, path)) for path in arguments.files):
        answers.append(answer(model, read_picture(file, net.dataset), known))
        if not arguments.csv:
            _print_answer(classes, answers[-1])
    if arguments.csv:
        print(to_csv(classes, answers, arguments.sep), end="")
    return FAILED if any(each.problem for each in answers) else OK


def _print_answer(classes: Sequence[str], answered: Answer) -> None:
    label, share = ("refused", None) if answered.probabilities is None else verdict(classes, answered)
    percent = "" if share is None else f"{100 * share:.1f} %"
    width = max(map(len, (NONE_OF_THESE, *classes)))
    print(f"{label:<{width}}  {percent:>7}  {answered.name}" + (f": {answered.problem}" if answered.problem else ""))


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # reading says why
        return 0


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read((MAX_ZIP_MB << 20) + 1)  # a device has no size and no end
    except OSError as error:
        raise UnsafeImage(f"It cannot be read ({error.strerror}).") from error
