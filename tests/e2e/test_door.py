"""Strangers at the door of a running server: real requests and websockets over loopback, few and short."""

import base64
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest
import torch
from PIL import Image
from playwright.sync_api import Page
from streamlit.proto.Common_pb2 import FileUploaderState
from websockets.exceptions import InvalidStatus

from lib.datasets.own import save_own
from tests.e2e.screens import PATIENCE
from tests.e2e.served import Served, serve
from tests.e2e.stranger import Raw, ask, cpu_seconds, resident_mb, session

pytestmark = pytest.mark.e2e

WATCHING = "this run was started in another browser"
LONG = "data=digits&net=f-d16&epochs=200&batch=1&v=1"  # it trains for as long as anybody looks


def cookie(server: Served) -> str:
    """As the server gives it to a new browser."""
    with ask(server.port, "/") as answer:
        return answer.headers["set-cookie"].split(";")[0]


def test_only_who_calls_the_server_by_its_name_is_answered(server: Served) -> None:
    for path in ("/", "/train", "/_stcore/health", "/api/runs/events?runs=", "/api/runs/x/events"):
        for host in ("evil.example", f"evil.example:{server.port}", "10.1.2.3", "localhost.evil.example"):
            with ask(server.port, path, {"Host": host}) as answer:
                assert (answer.status, b"not known as" in answer.read()) == (421, True), (path, host)
        with ask(server.port, path, {"Host": f"localhost:{server.port}"}) as answer:
            assert answer.status == 200
    with pytest.raises(InvalidStatus), session(server.port, {"Host": "evil.example"}):
        pass
    with session(server.port):
        pass


def test_whose_run_it_is_only_a_signed_cookie_says_and_a_greyed_out_button_is_no_lock(server: Served) -> None:
    mine = cookie(server)
    with session(server.port, {"Cookie": mine}) as tab:
        tab.open("train", query=LONG)
        tab.open("train", query=LONG, press="Train")
        (run,) = [part for part in tab.query.split("&") if part.startswith("run=")]
        assert not tab.says(WATCHING)
        name, _, value = mine.partition("=")
        owner, _, signature = value.partition(".")
        for strange in (None, f"{name}={owner}", f"{name}={owner}.{signature[::-1]}", f"glasshouse_owner={owner}"):
            with session(server.port, {"Cookie": strange} if strange else None) as other:
                other.open("train", query=run)
                assert other.says(WATCHING), strange
                for wish in ("Pause", "Stop"):
                    other.open("train", query=run, press=wish)  # a browser would not let anybody press it
        with session(server.port, {"Cookie": mine}) as again:
            again.open("train", query=run)
            assert not again.says(WATCHING)
            assert "Pause" in again.buttons  # it runs as if nobody had asked
            again.open("train", query=run, press="Stop")
            again.open("train", query=run)
            assert again.says("Stopped.") or "Resume" not in again.buttons


def told_of(server: Served, run_id: str, headers: dict[str, str]) -> list[tuple[int, bytes]]:
    """What each route answers about a run: of the events, which never end, the first two lines and the kind."""
    answers = []
    for path in (f"/api/runs/{run_id}/events", f"/api/runs/events?runs={run_id}:0"):
        with ask(server.port, path, headers) as answer:
            lines = [answer.readline().strip() for _ in range(3)]
            answers.append((answer.status, lines[-1] if lines[-1].endswith(b"gone") else b"something"))
    with ask(server.port, f"/api/runs/{run_id}/moments", headers) as answer:
        answers.append((answer.status, answer.read()))
    with ask(server.port, f"/api/runs/{run_id}/watch", headers, "POST") as answer:
        answers.append((answer.status, answer.read()))
    return [(status, said.replace(run_id.encode(), b"ID")) for status, said in answers]


def test_a_run_on_private_pictures_is_there_for_nobody_else(
    server: Served, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even its curve: strangers get the same answers as for a run that is not there."""
    monkeypatch.setenv("GLASSHOUSE_HOME", str(home))
    mine, another = cookie(server), cookie(server)
    owner = mine.partition("=")[2].partition(".")[0]
    noise = torch.randint(0, 256, (2, 9, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    kept = save_own("Secret", "drawing", {"a": list(noise[0]), "b": list(noise[1])}, owner)
    with session(server.port, {"Cookie": mine}) as tab, session(server.port, {"Cookie": another}) as other:
        setup = f"data={kept.name}&net=f-d16&epochs=200&batch=1&v=1"
        tab.open("train", query=setup)
        tab.open("train", query=setup, press="Train")
        (run_id,) = [part.removeprefix("run=") for part in tab.query.split("&") if part.startswith("run=")]
        seen = told_of(server, run_id, {"Cookie": mine})
        assert [status for status, _ in seen] == [200, 200, 200, 204]
        assert {said for _, said in seen[:2]} == {b"something"}
        nobodys = told_of(server, "x" * len(run_id), {"Cookie": another})
        assert [status for status, _ in nobodys] == [200, 200, 404, 404]
        for headers in ({"Cookie": another}, {}, {"Cookie": "glasshouse_owner=" + owner}):
            assert told_of(server, run_id, headers) == nobodys
        forged = f"{run_id}~{'A' * 22}"
        assert told_of(server, forged, {"Cookie": another}) == nobodys
        for page in ("train", "look_inside", "classify", "diagnose"):
            other.open(page, query=f"run={run_id}")
            assert other.says("There is no run with this address"), page
            assert not other.says(kept.title)
        other.open("compare", query=f"runs={run_id}")
        assert not other.says(run_id)
        tab.open("train", query=f"run={run_id}", press="Stop")


def test_two_tabs_without_a_cookie_are_two_people(server: Served) -> None:
    with session(server.port) as one, session(server.port) as other:
        one.open("train", query=LONG)
        one.open("train", query=LONG, press="Train")
        (run,) = [part for part in one.query.split("&") if part.startswith("run=")]
        other.open("train", query=run)
        assert other.says(WATCHING)
        one.open("train", query=run)
        assert not one.says(WATCHING)
        one.open("train", query=run, press="Stop")


@pytest.fixture
def elsewhere(server: Served) -> Iterator[str]:
    """Another site, as a learning platform is, with our page in a frame; the names differ, so no cookie is sent."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.end_headers()
            if self.path == "/":
                self.wfile.write(f'<iframe width="1200" height="800" src="{server.address}/train?{LONG}">'.encode())

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield f"http://localhost:{site.server_address[1]}/"
    site.shutdown()
    thread.join()
    site.server_close()


def test_in_a_frame_of_another_site_everybody_has_runs_of_their_own(visit: Callable[..., Page], elsewhere: str) -> None:
    first, second = (visit(elsewhere).frame_locator("iframe").locator(".st-key-run-buttons") for _ in range(2))
    first.get_by_role("button", name="Train", exact=True).click()
    first.get_by_role("button", name="Pause", exact=True).and_(first.locator(":enabled")).wait_for()
    second.get_by_role("button", name="Train", exact=True).and_(second.locator(":enabled")).wait_for()
    assert second.get_by_role("button", name="Stop", exact=True).is_disabled()  # nothing is theirs
    assert second.get_by_text(WATCHING).count() == 0
    first.get_by_role("button", name="Stop", exact=True).click()
    first.get_by_role("button", name="Train", exact=True).and_(first.locator(":enabled")).wait_for()


def test_a_page_opens_while_one_browser_asks_for_much(server: Served, visit: Callable[..., Page]) -> None:
    """Twenty-five connections that each ask for one id forty times: a page took 119 s."""
    mine = cookie(server)
    with ExitStack() as stack:
        tab = stack.enter_context(session(server.port, {"Cookie": mine}))
        tab.open("train", query=LONG)
        tab.open("train", query=LONG, press="Train")
        (run,) = [part.removeprefix("run=") for part in tab.query.split("&") if part.startswith("run=")]

        def cost_of_a_page() -> float:
            began = cpu_seconds(server.pid)
            visit("/train").locator(".st-key-run-buttons").wait_for()
            return cpu_seconds(server.pid) - began

        alone = cost_of_a_page()  # beside the same training, which computes for as long as the page takes
        path = f"/api/runs/events?runs={','.join([f'{run}:0'] * 40)}"
        answers = [stack.enter_context(ask(server.port, path, {"Cookie": mine})) for _ in range(25)]
        assert sorted(answer.status for answer in answers) == [*[200] * 24, 429]
        seconds = cost_of_a_page()
        print(f"a page costs {seconds:.1f} s beside 24 connections that ask for a run 40 times, {alone:.1f} s without")
        assert seconds < 3 * alone + 10  # it was 119 s
        for start in ("%C2%B2", "1_0", "%D9%A2", "-1", "9" * 400, "1e9"):
            with ask(server.port, f"/api/runs/{run}/events?from={start}") as answer:
                assert (answer.status, answer.readline()) == (200, b"retry: 1000\n")
        tab.open("train", query=f"run={run}", press="Stop")


def points_in(answer: http.client.HTTPResponse, seconds: float) -> int:
    """How many points a browser has that reads for so long."""
    until, points = monotonic() + seconds, 0
    while monotonic() < until:
        line = answer.readline()
        if line.startswith(b"id: "):
            points = int(line.removeprefix(b"id: "))
    return points


def test_who_listens_and_never_reads_costs_a_bounded_queue_and_nobody_waits_for_it(server: Served) -> None:
    """Twenty-four tabs that fell asleep with the line open, each with a socket that takes four kilobytes."""
    mine, asleep = {"Cookie": cookie(server)}, cookie(server)
    with session(server.port, mine) as tab, ExitStack() as sleepers:
        tab.open("train", query=LONG)
        tab.open("train", query=LONG, press="Train")
        (run,) = [part.removeprefix("run=") for part in tab.query.split("&") if part.startswith("run=")]
        path = f"/api/runs/{run}/events"
        wish = f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nCookie: {asleep}\r\n\r\n".encode()
        with ask(server.port, path, mine) as answer:
            first = points_in(answer, 5)
            before = resident_mb(server.pid)
            for _ in range(24):
                line = sleepers.enter_context(socket.socket())
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                line.connect(("127.0.0.1", server.port))
                line.sendall(wish)
            last = points_in(answer, 25)
            grown = resident_mb(server.pid) - before
        print(f"{last - first} points went on in 25 s beside 24 who do not read; +{grown:.0f} MB")
        assert last > first  # who reads is told
        assert grown < 24 * 2 + 30  # half a million characters each, twice where they are being sent, and the run's own
        with ask(server.port, path, {"Cookie": asleep}) as full:
            assert full.status == 429
        sleepers.close()
        until = monotonic() + PATIENCE  # the places are free again once they have hung up
        while monotonic() < until:
            with ask(server.port, path, {"Cookie": asleep}) as again:
                if again.status == 200:
                    break
            sleep(0.2)
        assert again.status == 200
        tab.open("train", query=f"run={run}", press="Stop")


def test_a_drawing_is_checked_like_a_file_whoever_sends_it(server: Served) -> None:
    buffer = BytesIO()
    Image.new("1", (12_000, 12_000)).save(buffer, "PNG")
    bombs = [base64.b64encode(buffer.getvalue()).decode(), "A" * 900_000, "", "*", "iVBORw0KGgo="]
    nonsense = [{"drawing": each} for each in ("x", {"png": 5}, [[]] * 9_999, {"png": [1]})]
    with session(server.port) as tab:
        tab.open("classify")
        canvas = tab.components["glasshouse_canvas"]
        tab.open("classify", {canvas: {"drawing": {"png": None, "strokes": 0}}})
        before = resident_mb(server.pid)
        for png in bombs:
            tab.open("classify", {canvas: {"drawing": {"png": png, "strokes": 1}}})
            assert not png or tab.says("This is no drawing of 140 × 140 pixels."), png[:20]
        for said in [*nonsense, [], 7, None]:
            tab.open("classify", {canvas: json.dumps(said)})
            assert not tab.says("Traceback")
        grown = resident_mb(server.pid) - before
    print(f"the server grew by {grown:.0f} MB from bad drawings (by 2,600 MB from the first of them before)")
    assert grown < 150


def upload(server: Served, session_id: str, number: int, size: int) -> int:
    """Send a file of zeros to a tab's uploader, as its page would."""
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="film.mp4"\r\n\r\n'
    body = head + bytes(size) + b"\r\n--x--\r\n"
    token = "a" * 32
    headers = {
        "Cookie": f"_streamlit_xsrf={token}",
        "X-Xsrftoken": token,
        "Content-Type": "multipart/form-data; boundary=x",
        "Host": f"127.0.0.1:{server.port}",
    }
    try:
        path = f"/_stcore/upload_file/{session_id}/file-{number}"
        with ask(server.port, path, headers, "PUT", body) as answer:
            return answer.status
    except (BrokenPipeError, ConnectionResetError):  # it was refused before it was sent
        return 413


def test_what_a_page_refuses_is_let_go_at_once(server: Served) -> None:
    """Films, one after the other at the same uploader: each is let in, and makes room again."""
    with session(server.port) as tab:
        tab.open("classify", query="classify-view=many")
        (place,) = [widget for widget, kind in tab.widgets.items() if kind == "file_uploader"]
        before, grown = resident_mb(server.pid), list[float]()
        for number in range(6):
            assert upload(server, tab.session_id, number, 80_000_000) == 204
            films = FileUploaderState()
            for told in range(number + 1):  # its list goes on, as in a browser
                films.uploaded_file_info.add(file_id=f"file-{told}", name="film.mp4", size=80_000_000)
            tab.open("classify", {place: Raw("file_uploader_state_value", films)}, query="classify-view=many")
            grown.append(round(resident_mb(server.pid) - before))
        print(f"after each of six refused films of 80 MB the server had grown by {grown} MB (1,400 MB before)")
        assert max(grown) < 350  # the first of them, and the nets and pictures that the page has loaded
        assert grown[-1] < grown[0] + 60


@pytest.mark.soak
def test_uploads_cost_no_more_than_their_budget(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with serve(home) as server:
        before = resident_mb(server.pid)
        with session(server.port) as tab:
            tab.open("classify")
            statuses = [upload(server, tab.session_id, number, 80_000_000) for number in range(6)]
            held = resident_mb(server.pid) - before
        print(f"six videos of 80 MB: {statuses}, and the server grew by {held:.0f} MB (1,400 MB before)")
        assert statuses[:2] == [204, 204]
        assert set(statuses[2:]) == {413}
        assert held < 600
