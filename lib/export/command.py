"""`python -m lib.cli export`: the files of "Take it away", from the shell."""

from pathlib import Path

import click

from lib.export.catalogue import exports_of
from lib.home.place import home
from lib.nets.lookup import find_run

OK, FAILED = 0, 1


@click.command("export", help="Write RUN as a program, a report, weights and more; without FORMAT, say what there is.")
@click.argument("called", metavar="RUN")
@click.argument("kind", metavar="[FORMAT]", required=False)
@click.argument("file", metavar="[FILE]", type=click.Path(path_type=Path), required=False)
def export(called: str, kind: str | None, file: Path | None) -> int:
    """Write it; 1 if it cannot be.

    called: a run's id or name, or the name of a recorded run; file: where it goes; else here, named as on the page
    """
    run = find_run(called)
    if run is None:
        raise ValueError(f"There is no run called “{called}” in {home()}.")
    if not run.has_ended:
        raise ValueError(f"{run.name} has not ended yet; wait until it has, or stop it on Train.")
    exports = {each.kind: each for group in exports_of(run).values() for each in group}
    if kind is None:
        for each in exports.values():
            size = "–" if each.problem else f"{each.about_bytes / 1e3:,.1f} kB"
            click.echo(f"{each.kind:<12} {size:>12}  {each.problem or each.sentence}")
        return OK
    if kind not in exports:
        known = ", ".join(exports)
        raise ValueError(f"{run.name} cannot be exported as “{kind}”; choose one of {known}.")
    chosen = exports[kind]
    if chosen.problem:
        click.echo(chosen.problem, err=True)
        return FAILED
    path = file or Path()
    if path.is_dir():
        path /= chosen.file_name
    ending = Path(chosen.file_name).suffix
    if path.suffix != ending:
        raise ValueError(f"{path} should end in {ending}, so that other programs know what it is.")
    content = chosen.make()
    try:
        path.write_bytes(content)
    except OSError as error:
        click.echo(f"{path} cannot be written ({error.strerror}).", err=True)
        return FAILED
    click.echo(f"{chosen.title}: {path}, {len(content) / 1e3:,.1f} kB")
    return OK
