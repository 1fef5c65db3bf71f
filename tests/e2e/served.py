"""A server process of its own on a home and a port: started, stopped and killed by its id, its log read."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).parents[2]
STREAMLIT = ("-m", "streamlit", "run", "app.py", "--server.port")
CLASS = ("-m", "lib.classroom", "--plain", "--port")  # what `make classroom PLAIN=1` does
_BAD_LINE = re.compile(r"\b(warning|error|critical|exception)\b|uncaught|does not exist anymore", re.IGNORECASE)


class Served:
    """Glasshouse on a home. `start` after `stop` or `kill` serves the same home at the same address again."""

    launched: ClassVar[list["Served"]] = []  # by these tests so far: what any of them says is judged after each test

    def __init__(
        self,
        home: Path,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        limits: str = "",
        forgive: Sequence[str] = (),
        command: Sequence[str] = STREAMLIT,
    ) -> None:
        """As for `serve`."""
        self.home, self.port, self._limits = home, port or free_port(), limits
        self.forgiven, self._judged = list(forgive), 0
        self.address = f"http://127.0.0.1:{self.port}"
        self.log_file = home.parent / f"{home.name}-{self.port}.log"  # beside the home, which a test may take away
        self._command = [*command, str(self.port)]
        self._environment = os.environ | {"GLASSHOUSE_HOME": str(home)} | dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the server, the last one if it has ended."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def log(self) -> str:
        """What all the servers of this home have said so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def complaints(self) -> list[str]:
        """Tracebacks and warnings in what it has said since it was last asked."""
        said, self._judged = self.log[self._judged :], len(self.log)
        return complaints_in(said, self.forgiven)

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start the process, and do not wait: it may be meant to end at once."""
        if self not in Served.launched:
            Served.launched.append(self)
        command = [sys.executable, *self._command]
        if self._limits:
            command = ["sh", "-c", f'ulimit {self._limits} && exec "$@"', "sh", *command]
        with self.log_file.open("ab") as output:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=output, stderr=output)
        return self._process

    def start(self, seconds: float = 180.0) -> None:
        """Serve, and come back when the server answers."""
        process, until = self.launch(), time.monotonic() + seconds
        while time.monotonic() < until:
            assert process.poll() is None, f"the server ended with {process.returncode}:\n{self.log}"
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(f"the server does not answer:\n{self.log}")

    def stop(self, seconds: float = 60.0, how: int = signal.SIGTERM) -> int:
        """Ask the server to end; gives its exit code, negative where a signal ended it."""
        assert self._process is not None, "not started"
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self._process.wait(seconds)

    def kill(self) -> None:
        """End the server as a power cut does."""
        self.stop(how=signal.SIGKILL)

    def close(self) -> None:
        """Leave no process behind."""
        try:
            if self._process is not None:
                self.stop()
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def serve(
    home: Path,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
    forgive: Sequence[str] = (),
    limits: str = "",
    command: Sequence[str] = STREAMLIT,
) -> Iterator[Served]:
    """Serve a home while the block runs; its log must be free of tracebacks and warnings (see conftest).

    settings: of the environment; forgive: parts of the complaints that the test brings about; limits: options of the
    shell's `ulimit`, as "-n 256"; command: what Python is to run, followed by the port
    """
    server = Served(home, port, settings, limits, forgive, command)
    try:
        server.start()
        yield server
    finally:
        server.close()
    found = server.complaints()
    assert not found, "\n".join(found)


def complaints_in(log: str, forgive: Sequence[str] = ()) -> list[str]:
    """Tracebacks, each whole, and warnings in what a server said."""
    found = re.findall(
        r"(?:^.*\n)?^[ |+]*Traceback \(most recent call last\):\n(?:^[ |+]+.*\n?)*(?:^.*$)?", log, re.MULTILINE
    )
    left = log
    for each in found:
        left = left.replace(each, "")
    found += [line for line in left.splitlines() if _BAD_LINE.search(line)]
    return [each for each in found if not any(part in each for part in forgive)]


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to no connection: a server may come back to it."""
    while True:
        port = secrets.randbelow(12_000) + 20_000  # Linux takes those of connections from 32768 on, others from 49152
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
