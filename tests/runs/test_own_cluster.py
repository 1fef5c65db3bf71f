"""The scheduler of this machine's other cores: it takes no fixed port, and where it cannot start nothing is left."""

import socket
import tempfile
from contextlib import suppress

import pytest

from lib.runs.places import own

USUAL = 8787  # where dask's schedulers have their web page


def test_it_starts_where_another_one_has_the_usual_port():
    with socket.socket() as another:
        with suppress(OSError):  # somebody may have it already
            another.bind(("127.0.0.1", USUAL))
            another.listen()
        cluster = own.Own(workers=0)
        try:
            http = cluster.cluster.scheduler.http_server
            assert (http.address, http.port != USUAL) == ("127.0.0.1", True)
        finally:
            cluster.close()


def test_where_it_cannot_start_its_certificates_are_gone(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(own, "LocalCluster", lambda **_: (_ for _ in ()).throw(RuntimeError("no scheduler here")))
    with pytest.raises(RuntimeError, match="no scheduler"):
        own.Own(workers=0)
    assert list(tmp_path.iterdir()) == []
