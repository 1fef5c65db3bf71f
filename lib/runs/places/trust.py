"""Certificates with which scheduler, workers and Glasshouse know each other: one authority, one certificate for all."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from lib.home.files import write_secret, write_whole

NAMES = ("authority.pem", "certificate.pem", "key.pem")
DAYS = 3 * 365


class Missing(ValueError):
    """There are no certificates in a folder; the text says so."""


def folder_with_certificates(text: str) -> Path:
    """The folder of this name, if all that is needed lies there. Missing."""
    folder = Path(text)
    absent = [name for name in NAMES if not (folder / name).is_file()] if text else list(NAMES)
    if absent:
        raise Missing(f"{text or 'No folder'} lacks {' and '.join(absent)}; python -m lib.cli certificates makes them.")
    return folder


def make_certificates(folder: Path) -> None:
    """Make an authority of one's own and one certificate that it vouches for. FileExistsError: none is replaced.

    The authority's own key is thrown away: nobody, here or elsewhere, can make a second certificate that counts.
    """
    import trustme

    for name in NAMES:
        if (folder / name).exists():
            raise FileExistsError(17, "File exists", str(folder / name))
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA(organization_name="Glasshouse")
    until = datetime.now(UTC) + timedelta(days=DAYS)
    shown = authority.issue_cert("glasshouse.invalid", common_name="glasshouse", not_after=until)
    write_whole(folder / NAMES[0], authority.cert_pem.bytes())
    write_whole(folder / NAMES[1], b"".join(each.bytes() for each in shown.cert_chain_pems))
    write_secret(folder / NAMES[2], shown.private_key_pem.bytes())


@click.command("certificates", help="Make the certificates with which a cluster knows its own, in FOLDER.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def certificates(folder: Path) -> int:
    """Make them and say what to do with them."""
    try:
        make_certificates(folder)
    except FileExistsError as there:
        raise ValueError(f"{there.filename} is there already; delete it first, or choose another folder.") from there
    except ImportError as missing:
        raise ValueError("This needs one more package: pip install -r requirements-cluster.txt") from missing
    click.echo(f"Made {', '.join(NAMES)} in {folder}, good for {DAYS // 365} years.")
    click.echo("Copy the folder to every machine of the cluster, by a way that nobody reads along.")
    return 0
