"""A real Chromium in front of the dashboard, and a stopwatch inside its page."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_LONGEST_MS = 30_000

# From the moment the browser heard of what the person did (not when the page came to it) to the frame that shows
# another text in `place`, in components too; with `settle`, the last such frame before so many ms without another. A
# message after a frame's callbacks arrives when that frame has been drawn.
_START = """([event, place, settle]) => {
  const shadows = [...document.querySelectorAll("*")].map(element => element.shadowRoot).filter(Boolean);
  const roots = [document.body, ...shadows];
  const said = e => e.dataset.share ?? e.dataset.probability ?? e.textContent;
  const shown = () => roots.flatMap(root => [...root.querySelectorAll(place)]).map(said).join("|");
  let before = shown();
  window.answered = new Promise(done => {
    let [began, timer] = [null, 0];
    window.addEventListener(event, heard => { began = heard.timeStamp; }, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (began === null || shown() === before) return;
      before = shown();
      if (!settle) observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const taken = performance.now() - began;
          clearTimeout(timer);
          if (!settle) done(taken);
          else timer = setTimeout(() => { observer.disconnect(); done(taken); }, settle);
        };
        port2.postMessage(null);
      });
    });
    const names = ["data-share", "data-probability"];
    const all = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: names };
    for (const root of roots) observer.observe(root, all);
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
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(_LONGEST_MS)
        yield page
        chromium.close()


def milliseconds(page: Page, act: Callable[[], None], event: str, place: str, settle: int = 0) -> float:
    """Time how long after `event`, which `act` leads to, the elements `place` show something else.

    settle: take the last change instead of the first one, once there was no other for so many milliseconds
    """
    page.evaluate(_START, [event, place, settle])
    act()
    taken: float = page.evaluate(_STOP, _LONGEST_MS)
    return taken
