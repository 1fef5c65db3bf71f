"""The real server on a free port, and a real browser in front of it; whatever either complains about fails a test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# Streamlit's own client probes below a page's address first, for servers that host several apps.
_PROBES = ("/_stcore/health", "/_stcore/host-config")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its runs; empty at first."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """Serve Glasshouse; its log must stay free of errors and warnings."""
    log = home / "server.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"GLASSHOUSE_HOME": str(home)}, stdout=output, stderr=output
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)
    said = log.read_text()
    assert "Traceback" not in said, said
    assert "WARNING" not in said.upper().replace("WARNINGS", ""), said


def _wait_for(health: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(health, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server does not answer")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """`visit("/train")` opens a page in a browser of its own (or in `context`); no console error may appear.

    A path may be a whole address. `forgive` is a part of those that a test brings about itself.
    """
    complaints: list[str] = []
    forgiven: list[str] = []
    contexts: list[BrowserContext] = []

    def heard(message: ConsoleMessage) -> None:
        probed = any(message.location.get("url", "").endswith(probe) for probe in _PROBES)
        if message.type == "error" and not probed and not any(part in message.text for part in forgiven):
            complaints.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(_PROBES):
            complaints.append(f"{response.status} {response.url}")

    def open_page(path: str, context: BrowserContext | None = None, forgive: str = "", **options: object) -> Page:
        forgiven.extend([forgive] if forgive else [])
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", answered)
        page.goto(path if path.startswith("http") else address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
