"""`python -m lib.cli export`: the files of "Take it away", from the shell."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from lib.export.catalogue import exports_of
from lib.home.place import home
from lib.runs.lookup import find_run

OK, FAILED = 0, 1


def add_export(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Add the arguments of the command and return it."""
    parser.add_argument("run", help="a run's id or name, or the name of a recorded run")
    parser.add_argument("format", nargs="?", help="for example torch; leave it out to see what there is")
    parser.add_argument("file", nargs="?", type=Path, help="where it goes; else here, named as on the page")
    return _export


def _export(arguments: argparse.Namespace) -> int:
    run = find_run(arguments.run)
    if run is None:
        raise ValueError(f"There is no run called “{arguments.run}” in {home()}.")
    if not run.has_ended:
        raise ValueError(f"{run.name} has not ended yet; wait until it has, or stop it on Train.")
    exports = {export.kind: export for group in exports_of(run).values() for export in group}
    if arguments.format is None:
        for export in exports.values():
            size = "–" if export.problem else f"{export.about_bytes / 1e3:,.1f} kB"
            print(f"{export.kind:<12} {size:>12}  {export.problem or export.sentence}")
        return OK
    if arguments.format not in exports:
        known = ", ".join(exports)
        raise ValueError(f"{run.name} cannot be exported as “{arguments.format}”; choose one of {known}.")
    export = exports[arguments.format]
    if export.problem:
        print(export.problem, file=sys.stderr)
        return FAILED
    path = arguments.file or Path()
    if path.is_dir():
        path /= export.file_name
    ending = Path(export.file_name).suffix
    if path.suffix != ending:
        raise ValueError(f"{path} should end in {ending}, so that other programs know what it is.")
    content = export.make()
    try:
        path.write_bytes(content)
    except OSError as error:
        print(f"{path} cannot be written ({error.strerror}).", file=sys.stderr)
        return FAILED
    print(f"{export.title}: {path}, {len(content) / 1e3:,.1f} kB")
    return OK
