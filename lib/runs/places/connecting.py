"""Ways to a scheduler: one of our own on this machine, or one at an address, and who may be talked to."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

import dask
from distributed import Client, Security

from lib.runs.places.own import Own, security_with
from lib.runs.places.trust import Missing, folder_with_certificates

CERTIFICATES = "GLASSHOUSE_CERTIFICATES"  # the folder that `python -m lib.cli certificates` wrote
PLAIN = "GLASSHOUSE_CLUSTER_PLAIN"  # the second time that somebody asks for tcp:// to another machine
PLAIN_WORDS = "whoever reaches it can run code"
_SETTINGS = {
    "distributed.scheduler.worker-ttl": "10s",  # so soon a worker that hangs is given up
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a checkpoint that goes back is no mistake
}


def at(address: str, security: Security | None) -> tuple[Client, None]:
    """Ask the scheduler at an address."""
    dask.config.set(_SETTINGS)
    return Client(address, security=security, timeout="5s", set_as_default=False), None


def on_this_machine(workers: int) -> tuple[Client, Own]:
    """Start workers here, one core each, that nobody else can reach; a large net takes as many as on the thread."""
    dask.config.set(_SETTINGS)
    own = Own(workers)
    return Client(own.cluster, set_as_default=False), own


def security_for(address: str) -> Security | None:
    """The certificates to show there; None where none are needed. ValueError, in a sentence, where they are."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("tls", "tcp") and bool(parts.hostname and parts.port)
    except ValueError:
        known = False
    if not known:
        raise ValueError(f'GLASSHOUSE_CLUSTER is "local" or an address like tls://host:8786, not {address!r}.')
    if parts.scheme == "tcp":
        if not _is_loopback(str(parts.hostname)) and os.environ.get(PLAIN) != PLAIN_WORDS:
            raise ValueError(
                f"{address} is neither encrypted nor guarded: whoever reaches that scheduler can run code on every "
                f"worker and here. Make certificates (python -m lib.cli certificates DIR) and use tls://, or set "
                f'{PLAIN}="{PLAIN_WORDS}" as well.'
            )
        return None
    try:
        folder = folder_with_certificates(os.environ.get(CERTIFICATES, ""))
    except Missing as missing:
        raise ValueError(f"{address} needs certificates: set {CERTIFICATES} to their folder. {missing}") from missing
    return security_with(folder)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
