"""Measure a newcomer's first minute on a slow laptop: what moves while a page opens, and when there is what to see.

A real server and a real browser, which is made six times slower and given 1.5 Mbit/s with 300 ms to every answer; each
page by its address, with nothing kept from an earlier visit. One click on Start is timed in a browser that is not
slowed down, the first after the server has begun.
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.browser import CHROMIUM
from bench.dashboard import served
from bench.kept import keep
from bench.machine import NOT_JUDGED, describe, is_ours
from tests.e2e.screens import until

PAGES = ("", "learn", "data", "train", "look_inside", "classify", "diagnose", "compare", "labs")
MOST_SHIFT, MOST_MAPS_S, MOST_POINT_S = 0.05, 3.0, 2.0
_SLOWER, _BITS, _LATENCY_MS = 6, 1_500_000, 300
_LONGEST_S = 60.0

# From the first frame on: what moves without anybody having asked, where the button is, and what is unstyled.
_WATCH = """() => {
  const seen = (window.seen = { shift: 0, moved: [], button: [], unstyled: 0, maps: null, stands: null });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
      seen.shift += entry.value;
      const [first] = entry.sources;
      const node = first?.node?.nodeType === 1 ? first.node : first?.node?.parentElement;
      seen.moved.push([Math.round(entry.startTime), entry.value, node?.textContent?.slice(0, 30) ?? ""]);
    }
  }).observe({ type: "layout-shift", buffered: true });
  const isShown = (node) => node && getComputedStyle(node).visibility === "visible" && node.getClientRects().length > 0;
  const look = () => {
    const now = performance.now();
    if (!seen.maps && [...document.querySelectorAll("#gh-first .layer")].some((map) => map.complete)) seen.maps = now;
    const [stands] = performance.getEntriesByName("gh-stands");
    if (!seen.stands && stands) [seen.stands, seen.why] = [now, stands.detail];
    const title = document.querySelector("#root h1");
    const main = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (!document.body) return requestAnimationFrame(look);
    const own = getComputedStyle(document.querySelector(".stApp") ?? document.body).getPropertyValue("--gh-accent");
    if (isShown(title) && (!own || parseFloat(getComputedStyle(title).fontSize) > 24)) seen.unstyled += 1;
    const grey = document.querySelector('[data-testid="stAppSkeleton"], [data-testid="stSkeleton"]');
    if (isShown(main) && isShown(grey)) seen.unstyled += 1;
    const buttons = [...document.querySelectorAll(".st-key-run-buttons button")];
    const train = buttons.find((each) => each.innerText.trim() === "Train");
    if (isShown(train)) {
      const box = train.getBoundingClientRect();
      const place = [Math.round(box.x), Math.round(box.y)];
      if (String(seen.button.at(-1)) !== String(place)) seen.button.push(place);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def open_slowly(browser: Browser, address: str, name: str, seconds: float) -> dict[str, Any]:
    """Open a page on a slow laptop, and look on until it stands and for some seconds more."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(f"({_WATCH})()")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    speed = {"downloadThroughput": _BITS / 8, "uploadThroughput": _BITS / 8}
    network.send("Network.emulateNetworkConditions", {"offline": False, "latency": _LATENCY_MS, **speed})
    network.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    page.goto(f"{address}/{name}", wait_until="commit")
    page.wait_for_function("window.seen?.stands", timeout=1_000 * _LONGEST_S)
    page.wait_for_timeout(1_000 * seconds)
    found: dict[str, Any] = page.evaluate("window.seen")
    page.context.close()
    return found


def first_point(browser: Browser, address: str) -> float:
    """Press **Train this net yourself** on a server that has done nothing else; gives the seconds to a first point."""
    page: Page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    button = page.get_by_role("button", name="Train this net yourself")
    button.wait_for()
    page.wait_for_timeout(1_500)  # as long as anybody looks at a page
    began = monotonic()
    button.click()
    card = page.get_by_test_id("first-run")
    until(lambda: card.count() > 0 and int(card.get_attribute("data-n") or 0) > 0, "a first point")
    taken = monotonic() - began
    page.context.close()
    return taken


def measure(pages: tuple[str, ...], seconds: float) -> dict[str, Any]:
    """The first click on a fresh server, then every page on the slow laptop."""
    with served() as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        point = first_point(browser, address)
        print(f"  first point after {point:.1f} s", file=sys.stderr, flush=True)
        seen = {}
        for name in pages:
            seen[name] = open_slowly(browser, address, name, seconds)
            stands = f"stands after {seen[name]['stands'] / 1e3:.1f} s ({seen[name]['why']})"
            said = f"shift {seen[name]['shift']:.3f}, {stands}"
            print(f"  /{name}: {said}", file=sys.stderr, flush=True)
        browser.close()
    return {"point_s": point, "pages": seen}


def report(found: dict[str, Any]) -> str:
    """Write what was measured in Markdown."""
    machine = found["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, load {found['load']:.1f}; {found['date']}",
        "",
        f"| page, {_SLOWER}× slower, 1.5 Mbit/s, 300 ms | layout shift | frames unstyled | stands after | |",
        "|---|---|---|---|---|",
    ]
    for name, seen in found["pages"].items():
        fine = seen["shift"] < MOST_SHIFT and not seen["unstyled"] and len(seen["button"]) < 2
        verdict = "reached" if fine else "**missed**"
        moved = f", Train moved {len(seen['button']) - 1} times" if len(seen["button"]) > 1 else ""
        lines.append(
            f"| /{name} | {seen['shift']:.3f} | {seen['unstyled']} | {seen['stands'] / 1e3:.1f} s | {verdict}{moved} |"
        )
    maps = found["pages"].get("", {}).get("maps")
    rows = [("first maps on Start, on the slow laptop", maps and maps / 1e3, MOST_MAPS_S)]
    rows += [("first point after one click, the first after the server began", found["point_s"], MOST_POINT_S)]
    lines += ["", "| | measured | bar | |", "|---|---|---|---|"]
    for words, measured, most in rows:
        if measured is not None:
            verdict = "reached" if measured < most else "**missed**"
            lines.append(f"| {words} | {measured:.1f} s | {most:.0f} s | {verdict} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, write the results, print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.first_minute", description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=PAGES, action="append", help="this page; may be repeated")
    parser.add_argument("--seconds", type=float, default=3.0, help="to look on once a page stands")
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/first_minute.json")
    options = parser.parse_args()
    if not options.force and not is_ours():
        return NOT_JUDGED
    load = float(Path("/proc/loadavg").read_text().split()[0])
    found = {"machine": describe(), "date": date.today().isoformat(), "load": load}
    found |= measure(tuple(options.only or PAGES), options.seconds)
    keep(found, options.results)
    print(report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
