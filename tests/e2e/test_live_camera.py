"""A net in the page that looks through a camera: here a film of drawings on paper, in a real browser."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket

from tests.drawings import further_doodles
from tests.drawings.photo import photos_of
from tests.e2e.conftest import CHROMIUM
from tests.e2e.screens import until

pytestmark = pytest.mark.e2e

_SHOWN = ("house", "fish")
_NOTHING = ""
_WIDTH, _HEIGHT, _FRAMES = 640, 480, 60  # of each drawing, at 30 a second


def film(path: Path) -> None:
    """Photos of drawings on blank paper, one after the other, and of none, as a camera would send them (Y4M)."""
    photos: dict[str, Image.Image] = {}
    for kind, photo in islice(photos_of(further_doodles.DOODLES, 8, 31_000), 6 * 8):  # the first are on blank paper
        photos.setdefault(kind, photo)
    photos[_NOTHING] = Image.new("RGB", (_HEIGHT, _HEIGHT), (214, 209, 198))
    head = f"YUV4MPEG2 W{_WIDTH} H{_HEIGHT} F30:1 Ip A1:1 C420jpeg\n".encode()
    frames = []
    for kind in (*_SHOWN, _NOTHING):
        sheet = Image.new("RGB", (_WIDTH, _HEIGHT), (40, 40, 40))  # the table beside the paper
        sheet.paste(photos[kind].convert("RGB").resize((_HEIGHT, _HEIGHT)), ((_WIDTH - _HEIGHT) // 2, 0))
        light, blue, red = (np.asarray(plane) for plane in sheet.convert("YCbCr").split())
        planes = (light, blue[::2, ::2], red[::2, ::2])
        frames += [b"FRAME\n" + b"".join(plane.tobytes() for plane in planes)] * _FRAMES
    path.write_bytes(head + b"".join(frames))


@pytest.fixture
def filmed(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose camera is the film, and that lets every page see it."""
    film(tmp_path / "film.y4m")
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={tmp_path / 'film.y4m'}"]
    with browser.browser_type.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--use-fake-ui-for-media-stream", *camera]
    ) as with_camera:
        yield with_camera.new_context(viewport={"width": 1440, "height": 900})


def _open(page: Page) -> None:
    page.get_by_role("radio", name="Camera", exact=True).click()
    page.get_by_test_id("live-camera").get_by_role("button", name="Open the camera").click()


def test_a_net_in_the_page_follows_the_camera_and_nothing_leaves_the_device(
    visit: Callable[..., Page], filmed: BrowserContext
) -> None:
    sent: list[object] = []

    def hear(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))  # playwright takes no method of a list

    filmed.on("page", lambda opened: opened.on("websocket", hear))
    page = visit("/classify", context=filmed)
    live, answer = page.get_by_test_id("live-camera"), page.get_by_test_id("live-answer")
    _open(page)
    answer.wait_for()
    live.get_by_text("Everything stays on this device").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert sent  # it has been heard
    before = (len(sent), int(live.get_attribute("data-frames") or 0))
    for kind in _SHOWN * 2:
        until(lambda kind=kind: answer.get_attribute("data-class") == kind, f"a {kind}")  # type: ignore[misc]
    live.get_by_text("No ink is seen yet").wait_for()
    assert answer.is_hidden()
    assert int(live.get_attribute("data-frames") or 0) > before[1] + 3
    assert (len(sent), asked) == (before[0], [])
    live.get_by_role("button", name="Close the camera").click()
    answer.wait_for(state="hidden")
    assert page.locator("video").evaluate("video => video.srcObject") is None
    live.get_by_role("button", name="Open the camera").click()
    answer.wait_for()
    page.get_by_role("radio", name="Draw", exact=True).click()  # away with it, and the camera is off
    live.wait_for(state="detached")


def test_where_there_is_no_camera_it_says_why(visit: Callable[..., Page]) -> None:
    page = visit("/classify")
    _open(page)
    live = page.get_by_test_id("live-camera")
    gives = """Object.defineProperty(navigator.mediaDevices, 'getUserMedia', {
      value: async () => { throw new DOMException('', '%s') }, configurable: true })"""
    for script, said in (
        ("0", "No camera was found on this device"),  # as this machine is
        (gives % "NotAllowedError", "was told not to give its camera"),
        (gives % "NotReadableError", "another program may be using it"),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "lets no page use a camera"),
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "this one came over plain http"),
    ):
        page.evaluate(script)
        live.get_by_role("button", name="Open the camera").click()
        live.get_by_text(said).wait_for()
        assert page.get_by_test_id("live-answer").is_hidden()
