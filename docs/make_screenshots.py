"""Take the README's pictures from the running app: `make screenshots`."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
OUT = Path(__file__).parent / "screenshots"


@contextmanager
def served(log: Path | None = None, **settings: str) -> Iterator[str]:
    """Run Glasshouse on a free port with an empty home; gives its address. What it prints goes to `log`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        environment = os.environ | settings | {"GLASSHOUSE_HOME": home}
        out = log.open("w") if log else None
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                    break
                except OSError:
                    time.sleep(0.25)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def shoot(page: Page, name: str) -> None:
    """Save what the browser shows, once nothing moves any more."""
    page.wait_for_timeout(1500)
    page.screenshot(path=OUT / f"{name}.png")


def draw_house(page: Page) -> None:
    """Draw a house with the mouse: walls, then a roof."""
    surface = page.get_by_test_id("canvas-surface")
    surface.wait_for()
    page.wait_for_timeout(1000)
    box = surface.bounding_box()
    assert box
    for stroke in (
        [(0.28, 0.45), (0.28, 0.8), (0.72, 0.8), (0.72, 0.45), (0.28, 0.45)],
        [(0.22, 0.46), (0.5, 0.18), (0.78, 0.46)],
    ):
        (x, y), *rest = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in stroke]
        page.mouse.move(x, y)
        page.mouse.down()
        for to_x, to_y in rest:
            page.mouse.move(to_x, to_y, steps=12)
        page.mouse.up()


def wait_for_progress(page: Page, epochs: float, state: str = "running") -> None:
    """Wait until the run in view has come so far."""
    monitor = page.get_by_test_id("run-monitor")
    until = time.monotonic() + 240
    while time.monotonic() < until:
        if monitor.get_attribute("data-state") == state and float(monitor.get_attribute("data-epoch") or 0) >= epochs:
            return
        page.wait_for_timeout(250)
    raise TimeoutError(f"no {state} run at epoch {epochs}")


def choose(page: Page, label: str, value: str) -> None:
    """Pick an option of a menu."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=value, exact=True).click()


def train_and_look(page: Page, address: str) -> None:
    """Start, Train while it runs and when it has ended, Look inside, Classify: one visit with one net."""
    page.goto(address)
    draw_house(page)
    shoot(page, "start")
    page.goto(f"{address}/train?data=fashion-mnist")
    page.locator(".st-key-run-buttons").get_by_role("button", name="Train").click()
    wait_for_progress(page, 3)
    shoot(page, "train")
    page.get_by_role("link", name="Look inside", exact=True).first.click()
    page.get_by_test_id("feature-maps").wait_for()
    shoot(page, "look_inside")
    page.get_by_role("link", name="Train", exact=True).first.click()
    wait_for_progress(page, 5, "finished")
    shoot(page, "finished")
    page.get_by_role("link", name="Diagnose", exact=True).first.click()
    page.get_by_test_id("cell-pictures").wait_for()
    shoot(page, "diagnose")
    page.get_by_role("link", name="Classify", exact=True).first.click()
    page.get_by_text("Sample", exact=True).click()
    page.get_by_test_id("verdict").wait_for()
    shoot(page, "classify_sample")


def experiment_and_learn(page: Page, address: str) -> None:
    """The race of learning rates with its verdict, the Shift Lab after training, and two pages to touch."""
    page.goto(f"{address}/compare?compare-view=Experiments")
    page.get_by_test_id("panel").first.wait_for()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_test_id("verdict-sentence").wait_for(timeout=300_000)
    shoot(page, "compare")
    page.goto(f"{address}/classify?classify-view=Shift+Lab&lab-pictures=Doodles&lab-training=short")
    page.get_by_role("button", name="Train the three").click()
    page.locator(".st-key-shift-verdict p").first.wait_for(timeout=300_000)
    shoot(page, "shift_lab")
    page.goto(f"{address}/learn?section=descent")
    page.get_by_test_id("descent").first.wait_for()
    shoot(page, "learn")
    page.goto(f"{address}/data")
    page.get_by_test_id("sample-grid").first.wait_for()
    shoot(page, "data")
    page.goto(f"{address}/labs")
    page.get_by_text("Fool it", exact=True).first.wait_for()
    shoot(page, "labs")


def classify_in_the_dark(page: Page, address: str) -> None:
    """A drawing on Classify, in dark colours."""
    page.goto(f"{address}/classify")
    draw_house(page)
    page.get_by_test_id("verdict").wait_for()
    shoot(page, "classify_dark")


def first_net(page: Page, address: str) -> None:
    """Start, with a net of one's own that forms on one's own drawing."""
    page.goto(address)
    draw_house(page)
    page.get_by_role("button", name="Train this net yourself").click()
    page.locator('[data-testid="first-run"][data-state="finished"]').wait_for(timeout=240_000)
    shoot(page, "first_net")


def classroom(browser: Browser) -> None:
    """The teacher's wall with six who train, and the page for the projector."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with served(log, GLASSHOUSE_CLASSROOM="open") as address:
            until = time.monotonic() + 60
            while "/teach#" not in log.read_text() and time.monotonic() < until:
                time.sleep(0.25)
            secret = re.findall(r"/teach#([\w-]+)", log.read_text())[-1]
            code = "".join(re.findall(r"\?code=(\w+)|code \x1b\[1m(\w+)", log.read_text())[-1])
            teacher = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            teacher.goto(f"{address}/teach#{secret}")
            teacher.get_by_test_id("class-wall").wait_for()
            for rate in ("0.001", "0.003", "0.01", "0.0003", "3", "0.00001"):
                student = browser.new_context().new_page()
                student.goto(f"{address}/classroom?code={code}")
                student.get_by_test_id("class-leave").wait_for()
                student.goto(f"{address}/train?data=doodles&net=c8k3-m-c10k3-m-f-d32&lr={rate}&epochs=20")
                student.locator(".st-key-run-buttons").get_by_role("button", name="Train").click()
                wait_for_progress(student, 0.1)
            teacher.wait_for_timeout(20_000)
            shoot(teacher, "classroom")
            teacher.goto(f"{address}/classroom?screen=projector")
            teacher.get_by_test_id("projector-who").wait_for()
            shoot(teacher, "projector")


def main() -> None:
    """Walk through the app as a visitor would, camera in hand."""
    OUT.mkdir(exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )

        def visitor(colours: Literal["light", "dark"]) -> Page:
            return browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=colours).new_page()

        train_and_look(visitor("light"), address)
        experiment_and_learn(visitor("light"), address)
        classify_in_the_dark(visitor("dark"), address)
        first_net(visitor("light"), address)
        classroom(browser)
        browser.close()


if __name__ == "__main__":
    main()
