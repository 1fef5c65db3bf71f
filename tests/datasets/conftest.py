"""A home of its own for the data tests, and a mirror on loopback that can misbehave."""

import gzip
import hashlib
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from lib.datasets import local
from lib.datasets.sets.downloaded import IDX_FILES


def idx_bytes(array):
    """Write IDX by the book: two zero bytes, type 8 (unsigned byte), number of sizes, big-endian sizes, bytes."""
    return struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory):
    """One folder for all tests that only read what is made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _own_home(shared_home, monkeypatch):
    monkeypatch.setenv("GLASSHOUSE_HOME", str(shared_home))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty GLASSHOUSE_HOME, and no system copies."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(local, "SYSTEM", tmp_path / "system")
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "home"


@pytest.fixture
def arrays():
    """Pictures and labels in the order of IDX_FILES."""
    random = np.random.default_rng(0)
    return [
        random.integers(0, 256, (40, 28, 28), dtype=np.uint8),
        np.arange(40, dtype=np.uint8) % 10,
        random.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        np.arange(20, dtype=np.uint8) % 10,
    ]


@pytest.fixture
def idx_files(arrays):
    """The four files as a mirror serves them: name -> bytes."""
    return {name: gzip.compress(idx_bytes(array)) for name, array in zip(IDX_FILES, arrays, strict=True)}


@pytest.fixture
def small_mnist(idx_files, monkeypatch):
    """Let torchvision's list of MNIST files name ours."""
    from lib.compat import datasets

    sums = [(name, hashlib.md5(data).hexdigest()) for name, data in idx_files.items()]
    monkeypatch.setattr(datasets.MNIST, "resources", sums)
    return idx_files


class Mirror:
    """Serves `files`; `faults` maps a name to a list of what goes wrong, one for each time it is asked for."""

    def __init__(self):
        self.files, self.faults, self.asked = {}, {}, Counter()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.answer(body=False)

            def do_GET(self):
                self.answer(body=True)

            def answer(self, body):
                name = Path(self.path).name
                data = mirror.files.get(name)
                if data is None:
                    self.send_error(404)
                    return
                fault = ""
                if body:
                    mirror.asked[name] += 1
                    fault = mirror.faults[name].pop(0) if mirror.faults.get(name) else ""
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if not body or fault == "gone":
                    return
                if fault == "cut":
                    data = data[: len(data) // 2]
                if fault == "bent":
                    data = bytes([data[0] ^ 255]) + data[1:]
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/set"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def mirror(small_mnist):
    """A mirror that serves the small MNIST."""
    mirror = Mirror()
    mirror.files.update(small_mnist)
    yield mirror
    mirror.close()
