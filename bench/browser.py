"""A real Chromium in front of the dashboard, and a stopwatch inside its page."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_LONGEST_MS = 30_000

# From the moment the browser heard of what the person did (not when the page came to it) to the frame that shows
# another text in `place`. A message after a frame's callbacks arrives when that frame has been drawn.
_START = """([event, place]) => {
  const shown = () => [...document.querySelectorAll(place)].map(e => e.dataset.share ?? e.textContent).join("|");
  const before = shown();
  window.answered = new Promise(done => {
    let began = null;
    window.addEventListener(event, heard => { began = heard.timeStamp; }, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (began === null || shown() === before) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now() - began);
        port2.postMessage(null);
      });
    });
    const all = { subtree: true, childList: true, characterData: true, attributeFilter: ["data-share"] };
    observer.observe(document.body, { ...all, attributes: true });
  });
}"""
_STOP = """patience => Promise.race([
  window.answered,
  new Promise((_, give_up) => setTimeout(() => give_up("the page did not change"), patience)),
])"""


@contextmanager
def browsing() -> Iterator[Page]:
    """Open an empty page in a browser of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(_LONGEST_MS)
        yield page
        chromium.close()


def milliseconds(page: Page, act: Callable[[], None], event: str, place: str) -> float:
    """Time how long after `event`, which `act` leads to, the elements `place` show something else."""
    page.evaluate(_START, [event, place])
    act()
    taken: float = page.evaluate(_STOP, _LONGEST_MS)
    return taken
