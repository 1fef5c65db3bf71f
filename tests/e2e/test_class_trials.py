"""Trials against a running class, over HTTP and websockets: nobody comes in, or does to another, what is not theirs."""

import json
import os
import secrets
import signal
import unicodedata
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

import pytest
from websockets.exceptions import InvalidStatus

from tests.e2e.classroom import Classroom, open_class
from tests.e2e.screens import until
from tests.e2e.stranger import Raw, Session, ask, session

pytestmark = pytest.mark.e2e

LONG = "v=1&data=digits&net=f-d8&epochs=200&batch=1"
LOOK_SECONDS = 0.5  # the wall is looked at twice a second, however many ask
WATCHING = "this run was started in another browser"
NASTY = {
    "<script>alert(1)</script>": "script alert 1 script",
    "<img src=x onerror=alert(1)>": "img src x onerror alert",
    "\u202eadA\u2066": "adA",
    "x" * 10_000: "x" * 24,
    unicodedata.normalize("NFD", "Zoë"): "Zoë",
    "[link](http://evil.example)": "link http evil.example",
}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A class, from whose machine all of this is tried."""
    with open_class(tmp_path_factory.mktemp("trials")) as opened:
        yield opened


class Somebody(NamedTuple):
    """A browser without a browser: its cookies, and the token that the server's pages gave it."""

    classroom: Classroom
    cookies: str
    token: str = ""

    @property
    def port(self) -> int:
        return self.classroom.served.port

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookies} if self.cookies else {}

    def wish(self, who: str, headers: Mapping[str, str] | None = None, **what: object) -> int:
        """Wish something as a page's script does; the status of the answer."""
        sent = {"Origin": self.classroom.served.address, "x-glasshouse-token": self.token, **self.headers}
        sent = {name: value for name, value in {**sent, **(headers or {})}.items() if value}
        with ask(self.port, f"/api/classroom/{who}", sent, "POST", json.dumps(what).encode()) as answer:
            return answer.status

    def page(self, query: str = "", page: str = "classroom", press: str | None = None) -> Session:
        """Run a page, and press a button there if it is wanted."""
        with session(self.port, self.headers) as tab:
            tab.open(page, query=query)
            if press is not None:
                tab.open(page, query=tab.query or query, press=press)
            return tab


def newcomer(classroom: Classroom) -> Somebody:
    """A browser that comes for the first time."""
    with ask(classroom.served.port, "/classroom", {"Accept": "text/html"}) as answer:
        return Somebody(classroom, answer.headers["set-cookie"].partition(";")[0])


def student(classroom: Classroom) -> Somebody:
    """Somebody who has come in with the code, and her page's token."""
    came = newcomer(classroom)
    tab = came.page(f"code={classroom.code}")
    assert tab.says("You are **"), tab.texts
    return came._replace(token=token_in(tab))


def token_in(tab: Session) -> str:
    """What a page was given to go with its wishes."""
    (token,) = {data["token"] for data in tab.handed.values() if isinstance(data, dict) and "token" in data}
    return str(token)


def teacher(classroom: Classroom) -> Somebody:
    """Somebody who has opened the teacher's link."""
    came = newcomer(classroom)
    sent = {"Origin": classroom.served.address, **came.headers}
    body = json.dumps({"secret": classroom.secret}).encode()
    with ask(classroom.served.port, "/api/classroom/teach", sent, "POST", body) as answer:
        assert answer.status == 204
        passed = answer.headers["set-cookie"].partition(";")[0]
    came = came._replace(cookies=f"{came.cookies}; {passed}")
    return came._replace(token=token_in(came.page()))


def first_event(answer: HTTPResponse) -> Any:
    """What a stream says first."""
    while line := answer.readline():
        if line.startswith(b"data: "):
            return json.loads(line[6:])
    raise AssertionError("nothing was said")


def wall_of(someone: Somebody) -> Any:
    """The wall as it is now."""
    sleep(LOOK_SECONDS)
    with ask(someone.port, "/api/classroom/wall", someone.headers) as answer:
        assert answer.status == 200
        return first_event(answer)


def tile_of(someone: Somebody, name: str) -> Any:
    (tile,) = [tile for tile in wall_of(someone)["tiles"] if tile["name"] == name]
    return tile


def name_of(someone: Somebody) -> str:
    with ask(someone.port, "/api/classroom/voice", someone.headers) as answer:
        return str(first_event(answer)["name"])


def started_by(someone: Somebody) -> str:
    """Train in this browser; the address part of the run."""
    tab = someone.page(LONG, "train", press="Train")
    (run,) = [part for part in tab.query.split("&") if part.startswith("run=")]
    return run.removeprefix("run=")


def run_on(tab: Session, run: str) -> Any:
    """What Train says of a run to whom it belongs."""
    tab.open("train", query=f"run={run}")
    return tab.handed["glasshouse_run_monitor"]["run"]


def test_teachers_wishes_are_a_teacher_s_alone_and_two_teachers_may_both(classroom: Classroom) -> None:
    ada, first, second = student(classroom), teacher(classroom), teacher(classroom)
    door = {"wish": "set_door", "door": "closed"}
    strangers = [
        (ada, {}), (first._replace(token=""), {}), (first._replace(token=second.token), {}),
        (first._replace(token=ada.token), {}), (ada._replace(token=first.token), {}),
        (first._replace(cookies=""), {}), (first, {"Origin": "http://evil.example"}), (first, {"Origin": "null"}),
        (first, {"Origin": f"http://127.0.0.1:{classroom.served.port + 1}"}), (first, {"Origin": ""}),
        (first._replace(cookies=ada.cookies), {}), (first._replace(cookies=first.cookies[:-2]), {}),
    ]  # fmt: skip
    for who, headers in strangers:
        assert who.wish("teacher", headers, **door) == 403, (who, headers)
    assert wall_of(first)["door"] == "open"
    for path in ("wall", "take_home"):
        for who in (ada, newcomer(classroom), first._replace(cookies=first.cookies[:-2])):
            with ask(who.port, f"/api/classroom/{path}", who.headers) as answer:
                assert answer.status == 403, path
    assert first.wish("teacher", **door) == 204
    assert wall_of(second)["door"] == "closed"
    assert second.wish("teacher", wish="set_door", door="open") == 204
    assert wall_of(first)["door"] == "open"
    assert first.wish("teacher", {"Host": "evil.example", "Origin": "http://evil.example"}, **door) == 421
    with pytest.raises(InvalidStatus), session(ada.port, {**ada.headers, "Host": "evil.example"}):
        pass


def test_who_was_removed_is_out_also_with_her_old_cookie_and_page(classroom: Classroom) -> None:
    desk, ada = teacher(classroom), student(classroom)
    name = name_of(ada)
    run = started_by(ada)
    key = tile_of(desk, name)["key"]
    with ask(ada.port, "/api/classroom/voice", ada.headers) as voice:
        assert first_event(voice)["name"] == name
        assert desk.wish("teacher", wish="remove", key=key) == 204
        while b"gone" not in (line := voice.readline()):
            assert line
    assert ada.page(f"code={classroom.code}").says("took you out")
    assert ada.wish("student", wish="hand", up=True) == 409
    assert ada.wish("student", wish="answer", key=key, choice=0) == 409
    with session(ada.port, ada.headers) as tab:
        until(lambda: run_on(tab, run)["state"] == "stopped", "the end of her run")
        tab.open("train", query=tab.query, press="Train")
        assert tab.says("Join it on the page Classroom")
        assert run_on(tab, run)["state"] == "stopped"
    assert [each["name"] for each in wall_of(desk)["removed"]] == [name]
    assert desk.wish("teacher", wish="admit", key=key) == 204
    assert name_of(ada) == name


def test_a_student_can_do_nothing_to_another(classroom: Classroom) -> None:
    desk, ada, bob = teacher(classroom), student(classroom), student(classroom)
    run = started_by(ada)
    unsigned = ada.cookies.rpartition(".")[0]
    for stranger in (bob, bob._replace(cookies=""), bob._replace(cookies=unsigned), newcomer(classroom)):
        tab = stranger.page(f"run={run}", "train")
        assert tab.says(WATCHING)
        for act in ("Pause", "Stop"):
            if act in tab.buttons:
                stranger.page(f"run={run}", "train", press=act)
    assert tile_of(desk, name_of(ada))["run"]["state"] in ("running", "pending")
    # Nobody speaks for another: not with her token, not with her cookie without its signature.
    assert bob._replace(token=ada.token).wish("student", wish="hand", up=True) == 403
    assert ada._replace(cookies=unsigned).wish("student", wish="hand", up=True) == 403
    assert not tile_of(desk, name_of(ada))["hand"]
    # An answer is one's own; another one's would need her cookie.
    assert desk.wish("teacher", wish="ask", text="Which?", options=["a", "b"]) == 204
    with ask(bob.port, "/api/classroom/voice", bob.headers) as answer:
        asked = first_event(answer)["question"]
    assert bob.wish("student", wish="answer", key=asked["key"], choice=1) == 204
    assert bob.wish("student", wish="answer", key=asked["key"], choice=7) == 409
    assert bob.wish("student", wish="answer", key="0" * 8, choice=0) == 409
    with ask(ada.port, "/api/classroom/voice", ada.headers) as answer:
        hers = first_event(answer)["question"]
    assert (asked["answer"], hers["answer"]) == (None, None)
    assert ada.page(f"run={run}", "train", press="Stop")


def test_names_are_cleaned_on_their_way_to_the_wall_and_the_projector(classroom: Classroom) -> None:
    desk, ada = teacher(classroom), student(classroom)
    with session(ada.port, ada.headers) as tab:
        for wanted, expected in NASTY.items():
            tab.open("classroom")
            (field,) = [widget for widget, kind in tab.widgets.items() if kind == "text_input"]
            tab.open("classroom", said={field: Raw("string_value", wanted)})
            assert name_of(ada) == expected, ascii(wanted[:30])
    assert tile_of(desk, "link http evil.example")
    assert desk.wish("teacher", wish="project", screen="door") == 204
    shown = "".join(desk.page("screen=projector").texts)
    assert "link http evil.example" in shown
    assert "<script" not in shown


@pytest.fixture
def guessed(tmp_path: Path) -> Iterator[Classroom]:
    """A class of its own: nobody comes in from this machine any more once it has guessed so often."""
    with open_class(tmp_path / "guessed") as opened:
        yield opened


def test_guessing_ends_soon_and_costs_the_class_nothing(guessed: Classroom) -> None:
    """From one address: after sixty wrong codes, and ten wrong secrets, nobody looks at the next one."""
    desk, ada, stranger = teacher(guessed), student(guessed), newcomer(guessed)
    there = wall_of(desk)["order"]
    body = {"Origin": guessed.served.address, **stranger.headers}
    statuses = []
    for _ in range(30):
        guess = json.dumps({"secret": secrets.token_urlsafe(24)}).encode()
        with ask(stranger.port, "/api/classroom/teach", body, "POST", guess) as answer:
            statuses.append(answer.status)
    assert statuses == [403] * 10 + [429] * 20
    with session(stranger.port, stranger.headers) as tab:
        said = []
        for number in range(70):
            tab.open("classroom", query=f"code=WRNG{number:02}")
            said.append(tab.says("is not the code"))
        assert said == [True] * 60 + [False] * 10
        tab.open("classroom", query=f"code={guessed.code}")  # even the right one, from there
        assert not tab.says("You are **")
    assert wall_of(desk)["order"] == there
    assert ada.wish("student", wish="hand", up=True) == 204  # who is in stays in
    assert tile_of(desk, name_of(ada))["hand"]


def test_the_teacher_s_laptop_sleeps_and_wakes_and_the_class_goes_on(classroom: Classroom) -> None:
    desk, ada = teacher(classroom), student(classroom)
    name = name_of(ada)
    with ask(desk.port, "/api/classroom/wall", desk.headers) as wall:
        assert first_event(wall)["door"] == "open"
        os.kill(classroom.served.pid, signal.SIGSTOP)
        sleep(3)
        os.kill(classroom.served.pid, signal.SIGCONT)
        assert ada.wish("student", wish="hand", up=True) == 204
        news = first_event(wall)  # over the connection from before
        while not any(tile["name"] == name and tile["hand"] for tile in news["tiles"]):
            news = first_event(wall)
    assert desk.wish("teacher", wish="lower_hand", key=tile_of(desk, name)["key"]) == 204
    assert not tile_of(desk, name)["hand"]


def test_seventy_who_want_in_at_once_fill_a_class_and_the_server_goes_on(tmp_path: Path) -> None:
    """No more than sixty come in, each by a name of their own."""
    with open_class(tmp_path / "many") as full:

        def comes_in(_: int) -> bool:
            return newcomer(full).page(f"code={full.code}").says("You are **")

        with ThreadPoolExecutor(70) as crowd:
            assert sum(crowd.map(comes_in, range(70))) == 60
        desk = teacher(full)
        names = [tile["name"] for tile in wall_of(desk)["tiles"]]
        assert len(names) == len(set(names)) == 60


@pytest.mark.soak  # minutes
def test_five_hundred_who_join_at_once_fill_a_class_and_no_more(tmp_path: Path) -> None:
    """From one address, in any order: sixty come in, whoever is in goes on being heard."""
    with open_class(tmp_path / "crowd") as full:
        desk, ada = teacher(full), student(full)
        before = rss_mb(full)

        def comes_in(_: int) -> bool:
            return newcomer(full).page(f"code={full.code}").says("You are **")

        began = monotonic()
        with ThreadPoolExecutor(30) as crowd:
            came = crowd.map(comes_in, range(500))
            waited = [heard_within(ada, up) for up in (True, False) * 10]
            assert sum(came) == 59
        print(f"500 joins: {monotonic() - began:.0f} s; her hand was heard within {max(waited):.2f} s")
        names = [tile["name"] for tile in wall_of(desk)["tiles"]]
        assert len(names) == len(set(names)) == 60
        assert rss_mb(full) - before < 150


@pytest.mark.soak  # minutes
def test_ten_thousand_guesses_find_nothing_and_cost_the_class_nothing(guessed: Classroom) -> None:
    """Sixty are looked at, whatever they are; the right code is among the others, and nobody comes in by it."""
    desk, ada = teacher(guessed), student(guessed)
    there, before = wall_of(desk)["order"], rss_mb(guessed)
    guesses = [f"{number:06}" for number in range(9_999)]
    guesses.insert(5_000, guessed.code)

    def guess(codes: list[str]) -> tuple[int, int]:
        stranger = newcomer(guessed)
        looked_at = came = 0
        with session(stranger.port, stranger.headers) as tab:
            for code in codes:
                tab.open("classroom", query=f"code={code}")
                looked_at += tab.says("is not the code")
                came += tab.says("You are **")
        return looked_at, came

    began = monotonic()
    with ThreadPoolExecutor(8) as crowd:
        found = crowd.map(guess, [guesses[start::8] for start in range(8)])
        waited = [heard_within(ada, up) for up in (True, False) * 10]
        looked_at, came = (sum(each) for each in zip(*found, strict=True))
    print(f"10,000 guesses: {monotonic() - began:.0f} s; her hand was heard within {max(waited):.2f} s")
    assert (looked_at, came) == (60, 0)
    assert wall_of(desk)["order"] == there
    assert rss_mb(guessed) - before < 150


def heard_within(someone: Somebody, up: bool) -> float:
    """How long her hand takes to be heard, in seconds; a second later the next one may be asked for."""
    began = monotonic()
    assert someone.wish("student", wish="hand", up=up) == 204
    took = monotonic() - began
    sleep(1)
    return took


def rss_mb(classroom: Classroom) -> float:
    """What the server holds in memory."""
    pages = int(Path(f"/proc/{classroom.served.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
