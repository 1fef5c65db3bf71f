"""A certificate for the local network, so that cameras and the clipboard work: made once, for the names there are."""

import hashlib
import socket
from pathlib import Path
from typing import NamedTuple

import trustme

from lib.classroom.addresses import cards
from lib.home import write_whole
from lib.home.files import write_secret


class Certificate(NamedTuple):
    """Where the two files are; `key` is readable by its owner alone."""

    chain: Path
    key: Path


def names_here() -> list[str]:
    """Everything that a browser may call this machine."""
    name = socket.gethostname().lower().rstrip(".")
    own = {name, f"{name.partition('.')[0]}.local"} - {"", ".local"}
    return ["localhost", "127.0.0.1", *sorted(own), *sorted(card.address for card in cards())]


def certificate_for(names: list[str], folder: Path) -> Certificate:
    """The certificate of these names; the same one as last time, so that browsers that were told once know it again.

    HomeFailure if it cannot be kept.
    """
    stem = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    chain, key = folder / f"certificate-{stem}.pem", folder / f"certificate-{stem}-key.pem"
    if not (chain.is_file() and key.is_file()):
        made = trustme.CA(organization_name="Glasshouse").issue_cert(*names, organization_name="Glasshouse")
        key.unlink(missing_ok=True)  # of a certificate that is gone
        write_secret(key, made.private_key_pem.bytes())
        write_whole(chain, b"".join(part.bytes() for part in made.cert_chain_pems))
    return Certificate(chain, key)
