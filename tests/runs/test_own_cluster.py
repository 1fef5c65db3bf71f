"""The scheduler of this machine's other cores: it takes no fixed port, says nothing, and leaves nothing behind."""

import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from lib.runs.places import own

USUAL = 8787  # where dask's schedulers have their web page
LIFE = """
import logging
from http.client import HTTPConnection
from lib.runs.places.own import Own

own = Own(workers=0)
asked = HTTPConnection("127.0.0.1", own.cluster.scheduler.http_server.port)
asked.request("GET", "/info/main/workers.html")
print(asked.getresponse().status)
own.close()
logging.getLogger("distributed.batched").info("Batched Comm Closed", exc_info=OSError("closed"))
"""


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


def test_it_says_nothing_at_its_end_and_tells_nobody_what_trains():
    """Whoever runs the server reads its terminal: a traceback at the end looks like a fault."""
    root = Path(__file__).parents[2]
    lived = subprocess.run([sys.executable, "-c", LIFE], cwd=root, capture_output=True, text=True, check=True)
    assert (lived.stdout.strip(), lived.stderr) == ("404", "")
