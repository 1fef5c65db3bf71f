"""`python -m lib.cli classify`: pictures and zips in, answers out."""

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from lib.datasets import UnsafeImage
from lib.nets.classify import Answer, answer, find_net, read_picture, to_csv, verdict
from lib.nets.strange import NONE_OF_THESE, familiar_to
from lib.pictures.archive import MAX_ZIP_MB, PictureFiles, Source
from lib.runs.spreadsheet import DECIMAL
from lib.training import has_numbers

OK, FAILED = 0, 1


@click.command("classify", help="Answer pictures, and zips of pictures, with a trained net.")
@click.argument("called", metavar="NET")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--csv", is_flag=True, help="Print comma-separated values, with every probability.")
@click.option(
    "--sep", type=click.Choice(tuple(DECIMAL)), default=",", help="What separates them; ; has decimal commas."
)
def classify(called: str, files: tuple[Path, ...], csv: bool, sep: str) -> int:
    """Answer them; 1 if any was refused.

    called: a run's id or name, `ready`, or a .safetensors file that `train --save` wrote
    """
    net = find_net(called)
    step, model = net.model()
    if not has_numbers(model):
        click.echo(f"The weights of {net.name} are no longer numbers: its steps were too large.", err=True)
        return FAILED
    classes, known = net.dataset.classes, familiar_to(net, step, model)
    click.echo(f"{net.name} at iteration {step:,}, trained on {net.dataset.name}", err=True)
    pictures = PictureFiles(Source(str(path), _size_of(path), partial(_bytes_of, path)) for path in files)
    answers = []
    with click.progressbar(length=len(pictures), file=sys.stderr, hidden=not (csv and sys.stderr.isatty())) as bar:
        for file in pictures:
            answers.append(answer(model, read_picture(file, net.dataset), known))
            bar.update(1)
            if not csv:
                _print_answer(classes, answers[-1])
    if csv:
        click.echo(to_csv(classes, answers, sep), nl=False)
    return FAILED if any(each.problem for each in answers) else OK


def _print_answer(classes: Sequence[str], answered: Answer) -> None:
    label, share = ("refused", None) if answered.probabilities is None else verdict(classes, answered)
    percent = "" if share is None else f"{100 * share:.1f} %"
    width = max(map(len, (NONE_OF_THESE, *classes)))
    click.echo(
        f"{label:<{width}}  {percent:>7}  {answered.name}" + (f": {answered.problem}" if answered.problem else "")
    )


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
