"""Nonsense at every opening of a running server: each is answered, by no server error, and it goes on serving."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import product
from threading import Thread
from time import monotonic
from urllib.parse import quote

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from lib.ui.components.modules import route as components_route
from lib.ui.labs.table import LABS
from lib.ui.serve.incoming import PAGES_NAMELESS
from lib.ui.serve.nets import route as nets_route
from lib.ui.serve.stream import PLOTLY_URL
from lib.ui.setup.link import NAMES
from tests.e2e.served import Served, serve
from tests.e2e.stranger import Raw, Session, ask, presses_of, resident_mb, session

pytestmark = pytest.mark.e2e

VALUES = (
    "",
    "-1",
    "0",
    "NaN",
    "inf",
    "1e999",
    "9" * 400,
    "1_0",
    "²",
    "٢",
    "null",
    "[]",
    "{}",
    "true",
    "a" * 4_000,
    "\x00",
    "../../etc/passwd",
    "..\\..\\x",
    "<script>alert(1)</script>",
    "=1+1",
    "'; DROP TABLE runs; --",
    "%s%n{0}${x}",
    "\u202e",
    "🙂" * 50,
    "c9999999999",
    "f-" * 300 + "d1",
    "own-../../../x",
    "recorded-../x",
    ",".join("x" * 9 for _ in range(200)),
    "0:0,0:0,1:101",
)
ROUTES = (
    "/api/runs/{}/events",
    "/api/runs/{}/moments",
    "/api/runs/{}/watch",
    "/api/runs/events?runs={}",
    "/api/runs/x/events?from={}",
    "/api/expected/{}",
    components_route.path.split("{")[0] + "{}",
    nets_route.path.split("{")[0] + "{}",
    PLOTLY_URL + "?{}",
    "/{}",
    "/train?{}",
    "/_stcore/upload_file/{}/x",
    "/_stcore/{}",
    "/media/{}",
    "/component/{}",
    "/app/static/{}",
    "/teach?{}",
    "/api/classroom/{}",
    "/api/classroom/take_home?{}",
    "/api/glossary/{}",
)
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE")
OTHERS = (
    "run",
    "runs",
    "lesson",
    "step",
    "hide",
    "lang",
    "section",
    "view",
    "classify-view",
    "data-view",
    "diagnose-view",
    "compare-view",
    "kernel",
    "pooling",
    "waits",
    "lab-seed",
    "experiment",
    "sweep",
    "dialog",
    "embed",
    "lab",
    "code",
    "screen",
)
PAGES = ("", "data", "train", "look_inside", "classify", "diagnose", "compare", "learn", "labs", "classroom", "nowhere")


NOTED = ("Invalid HTTP request received",)  # by uvicorn, of what is no request; nothing of ours fails by it


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own: what is no request is noted in its log."""
    with serve(tmp_path_factory.mktemp("hostile") / "home", forgive=NOTED) as served:
        yield served


@pytest.fixture(autouse=True)
def _it_goes_on_serving(server: Served) -> Iterator[None]:
    before = resident_mb(server.pid)
    yield
    with ask(server.port, "/_stcore/health") as answer:
        assert answer.status == 200
    assert resident_mb(server.pid) - before < 600  # the first page loads nets and data sets
    assert "no number" not in server.log


def test_no_route_fails_whatever_it_is_asked(server: Served) -> None:
    asked = 0
    for place, (route, value) in enumerate(product(ROUTES, VALUES)):
        for method in ("GET", METHODS[place % len(METHODS)]):  # every method meets every kind of value in time
            with ask(server.port, route.format(quote(value, safe="")), method=method) as answer:
                assert answer.status < 500, (method, route, value[:40])
                said = b"" if "event-stream" in (answer.headers["content-type"] or "") else answer.read()
                assert b"Traceback" not in said
                asked += 1
    print(f"{asked} requests")


def test_paths_lead_nowhere_else(server: Served) -> None:
    for path in (
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/app.py",
        "/.git/config",
        "/media/../app.py",
        "/.glasshouse/key.json",
        "/_stcore/../app.py",
        components_route.path.split("{")[0] + "../../app.py",
        "/\\..\\app.py",
    ):
        with ask(server.port, path) as answer:
            said = answer.read()
            assert answer.status < 500, path
            assert b"root:" not in said, path
            assert b"streamlit run" not in said, path
            assert b"secret" not in said, path


HEADERS: tuple[dict[str, str], ...] = (
    {"Cookie": "glasshouse_owner=" + "a" * 7_000},
    {"Cookie": "; ".join(f"x{number}=1" for number in range(600))},
    {"Cookie": 'a="; glasshouse_owner_=x.y.z; ="'},
    {"Last-Event-ID": "-1"},
    {"Last-Event-ID": "9" * 4_000},
    {"Accept-Encoding": "gzip;q=nan, " * 200},
    {"Range": "bytes=9999999999-1,-5"},
    {"If-None-Match": '"' * 999},
    {"Content-Length": "0", "Transfer-Encoding": "identity"},
    {"X-Forwarded-For": "1.2.3.4, evil", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"},
    {"Origin": "http://evil.example", "Referer": "http://evil.example/"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
    {"Accept": "text/html" * 500},
)


def test_no_header_makes_it_fail(server: Served) -> None:
    for headers, path in product(
        HEADERS, ("/", "/train", "/api/runs/x/events", "/api/runs/events?runs=x:1", PLOTLY_URL)
    ):
        with ask(server.port, path, headers) as answer:
            assert answer.status < 500, (path, headers)


RAW = (
    b"\x00\xff\xfe\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    b"POST /api/runs/x/watch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
    b"POST /api/runs/x/watch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nabcde",
    b"POST /api/runs/x/watch HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\nCookie: \xff=\xfe\r\n\r\n",
    b"CONNECT evil.example:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
)


def test_what_is_no_request_is_hung_up_on(server: Served) -> None:
    for sent in RAW:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as wire:
            try:
                wire.sendall(sent.replace(b"Host: 127.0.0.1", b"Host: 127.0.0.1:%d" % server.port))
                wire.shutdown(socket.SHUT_WR)
                said = wire.recv(100)
            except (ConnectionResetError, BrokenPipeError):
                continue
            assert not said.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5")), (sent[:60], said)
    noted = [line for line in server.log.splitlines() if NOTED[0] in line]
    assert noted
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ", line) for line in noted), noted[0]


def test_a_page_with_any_address_is_a_page(server: Served) -> None:
    names = [*sorted(NAMES), *OTHERS]
    with session(server.port) as tab:
        for value, page in product(VALUES[1::4], PAGES[:-1]):
            tab.open(page, query="&".join(f"{name}={quote(value)}" for name in names))
            assert not tab.says("could not be shown"), (page, value[:40])
        for value, lab in product(VALUES[1::9], LABS):
            rest = "&".join(f"{name}={quote(value)}" for name in names if name != "lab")
            tab.open("labs", query=f"lab={lab}&{rest}")
            assert not tab.says("could not be shown"), (lab, value[:40])
        twice = "&".join(f"{name}={value}" for name in names for value in ("1", "2"))
        for page in PAGES:
            tab.open(page, query=twice)
            assert not tab.says("could not be shown"), page


TEXTS = (
    "",
    "no JSON",
    "{",
    '{"at": NaN, "drawing": Infinity}',
    '{"n": ' + "9" * 5_000 + "}",
    "[" * 100_000,
    '{"a":' * 900 + "1" + "}" * 900,
    "[" * 900 + "]" * 900,
    '[{"event": []}, {"event": {"a": 1}}, {"value": 1}, 7]',
    '{"stop": "\\ud800", "drawing": {"png": "\\ud800", "strokes": 1}}',
)
WRONG_KINDS = {
    "int_value": -1,
    "double_value": float("nan"),
    "string_value": "x",
    "bool_value": True,
    "trigger_value": True,
}


def test_whatever_a_component_is_made_to_say_the_page_stands(server: Served) -> None:
    said: tuple[object, ...] = (
        None,
        True,
        -1,
        1e308,
        "x" * 10_000,
        [],
        [[[]]],
        {},
        {"drawing": None},
        {"action": {"kind": "x"}},
        {"value": [1] * 5_000},
        {"selected": -1},
        {"selected": {"layer": "no", "channel": 1e9, "row": -1}},
        {"change": {"at": 99, "to": None}},
        {"n": "9" * 5_000},
        [{"event": event, "value": {"x": [None]}} for event in ("change", "toggled", "chosen", "picked", "removed")],
    )
    nonsense = (
        *(Raw("json_value", text) for text in TEXTS),
        *(Raw("json_trigger_value", text) for text in TEXTS),
    )
    wrong = [Raw(kind, value) for kind, value in WRONG_KINDS.items()]  # of presses; of a state Streamlit fails itself
    for page in PAGES[:-1]:
        with session(server.port, {"Cookie": cookie_of(server)}) as tab:  # one browser would be slowed down
            tab.open(page)
            widgets = set(tab.components.values())
            names = [*widgets, *map(presses_of, widgets)]
            for sent in (*said, *nonsense):
                tab.open(page, dict.fromkeys(names, sent if isinstance(sent, Raw) else json.dumps(sent)))
                assert not tab.says("Traceback")
                assert not tab.says("could not be shown"), (page, sent)
            for sent in wrong:
                tab.open(page, dict.fromkeys(map(presses_of, widgets), sent))
                assert not tab.says("could not be shown"), (page, sent)


def test_uploads_to_nobody_are_refused(server: Served) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../x.png"\r\n\r\n'
    with session(server.port) as tab:
        tab.open("classify")
        for place, body, kind in product(
            (f"{tab.session_id}/..%2f..%2fx", "no-session/x", f"{tab.session_id}/" + "a" * 3_000, "x/y/z"),
            (b"", b"--x", head + b"abc", head + b"abc\r\n--x--\r\n", head * 200 + b"\r\n--x--\r\n"),
            (
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "text/plain",
                "multipart/form-data; boundary=" + "x" * 5_000,
            ),
        ):
            for method in ("PUT", "POST", "DELETE"):
                with ask(server.port, f"/_stcore/upload_file/{place}", {"Content-Type": kind}, method, body) as answer:
                    assert 400 <= answer.status < 500, (method, place[:60], answer.status)


def test_what_is_no_message_is_hung_up_on_and_nobody_empties_the_caches_of_others(server: Served) -> None:
    for sent in (b"\xff" * 50, "a text", "{}", b"\x0a\xff\xff\xff\xff\x0f"):
        with session(server.port) as tab:
            tab.send(sent)
            with pytest.raises(ConnectionClosed):
                tab.open("learn")
    with session(server.port) as tab:
        for message in (BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True), BackMsg(load_git_info=True)):
            tab.send(message.SerializeToString())
        tab.open("learn")
    assert "clear" not in server.log.lower()


def test_a_flood_over_websockets_is_slowed_down_and_others_are_served(server: Served) -> None:
    wish = BackMsg()
    wish.rerun_script.page_name = "learn"
    mine = {"Cookie": cookie_of(server)}
    with session(server.port, mine) as me, ExitStack() as flood:
        me.open("learn")
        alone = seconds_for(me)
        before, tabs = resident_mb(server.pid), []
        for _ in range(200):
            with suppress(InvalidStatus):
                tabs.append(flood.enter_context(session(server.port)))
        assert len(tabs) == PAGES_NAMELESS
        flood.enter_context(flooding(tabs[:5], wish.SerializeToString(), 500))
        slowest = max(seconds_for(me) for _ in range(5))
        with session(server.port, mine) as another, ask(server.port, "/", {"Accept": "text/html"}) as page:
            another.open("data")
            assert page.status == 200
        grown = resident_mb(server.pid) - before
    print(f"my page: {alone:.2f} s alone, {slowest:.2f} s beside 2,500 wishes; +{grown:.0f} MB")
    assert slowest < 50.0  # on a machine that is busy with other things; one that is not takes a second


def test_messages_that_are_too_large_are_hung_up_on(server: Served) -> None:
    before = resident_mb(server.pid)
    wish = BackMsg()
    wish.rerun_script.widget_states.widgets.add(id="x", json_value="y" * 9_000_000)
    for _ in range(6):
        with session(server.port) as tab, suppress(ConnectionClosed):
            tab.send(wish.SerializeToString())
            tab.open("learn")
            raise AssertionError("it was read")
    assert resident_mb(server.pid) - before < 200


def cookie_of(server: Served) -> str:
    """What a browser gets with its first page."""
    with ask(server.port, "/", {"Accept": "text/html"}) as answer:
        answer.read()
        return str(answer.headers["set-cookie"]).partition(";")[0]


def seconds_for(tab: Session) -> float:
    """How long a page takes."""
    began = monotonic()
    tab.open("learn")
    return monotonic() - began


@contextmanager
def flooding(tabs: list[Session], message: bytes, times: int) -> Iterator[None]:
    """Send a message over and over through all of these tabs, and hear nothing."""

    def send(tab: Session) -> None:
        with suppress(ConnectionClosed, OSError):  # hung up on at the end
            for _ in range(times):
                tab.send(message)

    threads = [Thread(target=send, args=(tab,), daemon=True) for tab in tabs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for tab in tabs:
            tab.hang_up()
        for thread in threads:
            thread.join(30)
