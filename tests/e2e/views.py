"""Every page and view of Glasshouse, by address, and when one stands."""

from collections.abc import Iterator

from playwright.sync_api import Page

from lib.ui.labs.table import LABS
from lib.ui.learn.sections import SECTIONS
from tests.e2e.screens import until

# Page -> its views, the address of each below that of the page; the first is the one that opens.
VIEWS: dict[str, list[str]] = {
    "": [""],
    "learn": [f"section={name}" for name in SECTIONS],
    "data": [f"data-view={name}" for name in ("pictures", "labels", "split", "colour", "own")],
    "train": [""],
    "look_inside": [f"view={name}" for name in ("maps", "bench", "matters", "surgery", "backwards")],
    "classify": [f"classify-view={name}" for name in ("picture", "many", "sureness", "shift")],
    "diagnose": [f"diagnose-view={name}" for name in ("mistakes", "gap", "projection", "doctor")],
    "compare": [f"compare-view={name}" for name in ("runs", "experiments", "finder", "sweep")],
    "labs": ["", *(f"lab={name}" for name in LABS)],
}


def addresses(page: str, run: str = "") -> Iterator[str]:
    """Where each view of a page is, with a run in view."""
    for view in VIEWS[page]:
        query = "&".join(part for part in (view, f"run={run}" if run else "") if part)
        yield f"/{page}" + (f"?{query}" if query else "")


# Streamlit's script has run, nothing is loading any more, and every component has put its content in.
_STANDS = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (app?.dataset.testScriptState !== "notRunning") return false;
  if (document.documentElement.matches(".gh-opening, .gh-turning")) return false;
  const loading = '[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-stale="true"]';
  if (document.querySelector(loading)) return false;
  const hosts = document.querySelectorAll('[data-testid^="stBidiComponent"]');
  if (![...hosts].every((host) => (host.shadowRoot ?? host).querySelector("[class], [data-testid]"))) return false;
  return Boolean(document.querySelector("#root h1, #root [data-testid=projector]"));
}"""
_SIZE = """() => {
  const inside = (node) => 1 + (node.shadowRoot ? count(node.shadowRoot) : 0);
  const count = (root) => [...root.querySelectorAll("*")].reduce((sum, node) => sum + inside(node), 0);
  return [count(document), document.documentElement.scrollHeight];
}"""


def stand(page: Page) -> None:
    """Wait until the page stands: all of it is drawn, and no more comes."""
    before: object = None

    def still() -> bool:
        nonlocal before
        if not page.evaluate(_STANDS):
            before = None
            return False
        page.wait_for_timeout(200)
        now: object = page.evaluate(_SIZE)
        same, before = now == before, now
        return same

    until(still, f"the page stands: {page.url}")
