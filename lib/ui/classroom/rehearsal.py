"""A simulated class: students with cookies of their own who join, train and turn pages; on loopback, and bounded.

`python -m lib.ui.classroom.rehearsal --port 8501 --code K7NPQ4` writes lines of JSON: how much is done, and at last
what it measured.
"""

import argparse
import json
import ssl
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from statistics import quantiles
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

MOST_STUDENTS, LONGEST_SECONDS = 30, 150.0
_LONGEST_RERUN = 60.0  # seconds
_PAGE_SECONDS = 5.0  # between two changes of the page
_JOINING = 0.4  # share of all of it that is done once everybody is in
SMALL = {"v": "1", "net": "c8-m2-c10-m2-f-d32", "data": "doodles", "epochs": "200", "lr": "0.002"}


class Browser:
    """One browser with the cookie that the server gave it: requests, and one tab by Streamlit's own websocket."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._unproven = ssl.create_default_context()  # the certificate is our own
        self._unproven.check_hostname, self._unproven.verify_mode = False, ssl.CERT_NONE
        with self.get("/classroom") as page:
            self.cookie = str(page.headers["set-cookie"]).partition(";")[0]
        secure = self._unproven if address.startswith("https") else None
        self._tab = connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], ssl=secure,
            additional_headers={"Cookie": self.cookie}, max_size=None, open_timeout=_LONGEST_RERUN,
        )  # fmt: skip
        self.buttons: dict[str, str] = {}  # label -> widget id, of those that are awake
        self._page, self.query = "", ""

    def get(self, path: str) -> Any:
        """Ask for something, as a page's script does."""
        headers = {"Cookie": self.cookie} if hasattr(self, "cookie") else {}
        request = urllib.request.Request(f"{self._address}{path}", headers=headers | {"Accept": "text/html"})
        return urllib.request.urlopen(request, timeout=_LONGEST_RERUN, context=self._unproven)

    def go(self, page: str, **query: str) -> float:
        """Open a page in the tab; gives the seconds until it was drawn."""
        self._page, self.query = page, urlencode(query)
        return self._rerun(BackMsg())

    def press(self, label: str) -> float:
        """Press a button; gives the seconds until the page was drawn again. KeyError if there is none, or it sleeps."""
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(id=self.buttons[label], trigger_value=True)
        return self._rerun(message)

    def events(self, run_id: str) -> Iterator[str]:
        """The kinds of what a run's stream says, as they come."""
        with self.get(f"/api/runs/{run_id}/events") as stream:
            for line in stream:
                name, _, value = line.decode().partition(": ")
                if name == "event":
                    yield value.strip()

    def close(self) -> None:
        """Close the tab."""
        self._tab.close()

    def _rerun(self, message: BackMsg) -> float:
        message.rerun_script.query_string, message.rerun_script.page_name = self.query, self._page
        began = monotonic()
        self._tab.send(message.SerializeToString())
        self.buttons.clear()
        while not _is_end(news := self._news(began)):
            button = news.delta.new_element.button
            if button.label and not button.disabled:
                self.buttons[button.label] = button.id
            if news.HasField("page_info_changed"):
                self.query = news.page_info_changed.query_string
        return monotonic() - began

    def _news(self, began: float) -> ForwardMsg:
        news: ForwardMsg = ForwardMsg.FromString(self._tab.recv(timeout=began + _LONGEST_RERUN - monotonic()))
        return news


def _is_end(news: ForwardMsg) -> bool:
    """Whether a page is drawn to its end; one that is drawn anew at once, as when somebody has joined, is not."""
    ended = news.WhichOneof("type") == "script_finished"
    return ended and news.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


@dataclass
class Seen:
    """What one student saw, in seconds."""

    joined: float = 0.0  # from the projector to a first point of her own curve
    gaps: list[float] = field(default_factory=list)  # between two moves of her curve
    pages: list[float] = field(default_factory=list)  # until another page was drawn


@dataclass
class Plan:
    """What the students do, and how much of it they have done: `told` hears of it as a share."""

    students: int
    seconds: float
    set_up: Mapping[str, str]  # as an address names it
    told: Callable[[float], None]

    def __post_init__(self) -> None:
        """Nobody asks for more than a machine can bear."""
        self.students, self.seconds = min(self.students, MOST_STUDENTS), min(self.seconds, LONGEST_SECONDS)
        self.began, self.all_in = monotonic(), threading.Barrier(self.students, timeout=LONGEST_SECONDS)
        self._lock, self._in = threading.Lock(), 0

    def one_more_is_in(self) -> None:
        """Somebody's curve has begun."""
        with self._lock:
            self._in += 1
            self.told(_JOINING * self._in / self.students)

    def measured_for(self, seconds: float) -> None:
        """All are in, since so long."""
        self.told(_JOINING + (1 - _JOINING) * min(seconds / self.seconds, 1.0))


def rehearse(address: str, code: str, plan: Plan) -> dict[str, Any]:
    """Have the students join, train and turn pages as planned; gives what they saw together."""

    def attend(_number: int) -> Seen:
        with closing(Browser(address)) as browser:
            try:
                return _attend(browser, code, plan)
            except BaseException:
                plan.all_in.abort()  # nobody waits for who does not come
                raise

    with ThreadPoolExecutor(plan.students) as pool:
        students = [pool.submit(attend, number) for number in range(plan.students)]
    failed = [problem for each in students if (problem := each.exception())]
    if failed:  # who only waited in vain knows no reason
        raise next((each for each in failed if not isinstance(each, threading.BrokenBarrierError)), failed[0])
    seen = [each.result() for each in students]
    gaps, pages = [gap for each in seen for gap in each.gaps], [one for each in seen for one in each.pages]
    return {
        "students": plan.students, "seconds": plan.seconds, "joined": max(each.joined for each in seen),
        "gap_p95": _p95(gaps), "gap_max": max(gaps, default=0.0), "page_p95": _p95(pages),
        "page_max": max(pages, default=0.0), "pages": len(pages),
    }  # fmt: skip


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else max(values, default=0.0)


def _attend(browser: Browser, code: str, plan: Plan) -> Seen:
    seen, set_up = Seen(), plan.set_up
    browser.go("classroom", code=code)
    browser.go("train", **set_up)
    browser.press("Train")
    run_id = parse_qs(browser.query)["run"][0]
    watching = threading.Thread(target=_watch, args=(browser, run_id, plan.began, seen), daemon=True)
    watching.start()
    while not seen.joined and monotonic() - plan.began < LONGEST_SECONDS:
        sleep(0.1)
    if not seen.joined:
        raise TimeoutError("a curve has not begun")
    plan.one_more_is_in()
    plan.all_in.wait()
    seen.gaps.clear()  # the class is in: from now on it is measured
    since, pages = monotonic(), ("learn", "train")
    for turn in range(1_000):
        sleep(min(_PAGE_SECONDS, max(0.0, since + plan.seconds - monotonic())))
        plan.measured_for(monotonic() - since)
        if monotonic() - since >= plan.seconds:
            break
        page = pages[turn % 2]
        seen.pages.append(browser.go(page, **({"run": run_id, **set_up} if page == "train" else {})))
    browser.go("train", run=run_id, **set_up)
    if "Stop" in browser.buttons:  # it has not ended by itself
        browser.press("Stop")
    watching.join(_LONGEST_RERUN)
    return seen


def _watch(browser: Browser, run_id: str, began: float, seen: Seen) -> None:
    last = 0.0
    for kind in browser.events(run_id):
        if kind != "points":
            continue
        now = monotonic()
        seen.joined = seen.joined or now - began
        if last:
            seen.gaps.append(now - last)
        last = now


def main() -> int:
    """Rehearse with the server on this machine."""
    parser = argparse.ArgumentParser(prog="python -m lib.ui.classroom.rehearsal", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--scheme", choices=("http", "https"), default="http")
    parser.add_argument("--code", required=True)
    parser.add_argument("--students", type=int, default=MOST_STUDENTS)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--set-up", default="", help="as an address names it; without, a small net on doodles")
    chosen = parser.parse_args()
    set_up = dict(parse_qsl(chosen.set_up)) or SMALL
    try:
        plan = Plan(chosen.students, chosen.seconds, set_up, lambda share: _say({"share": round(share, 3)}))
        found = rehearse(f"{chosen.scheme}://127.0.0.1:{chosen.port}", chosen.code, plan)
    except Exception as error:  # whatever it was, the class has to hear of it
        found = {"error": f"{type(error).__name__}: {error}"[:300]}
    _say(found)
    return 1 if "error" in found else 0


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    sys.exit(main())
