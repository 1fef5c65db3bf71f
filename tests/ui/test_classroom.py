"""The page Classroom and its routes: alone, at the door, in the room, and as a teacher; and who may wish what."""

import asyncio
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from streamlit.testing.v1 import AppTest

from lib.classroom import Room, close_room, guard, open_room, sending
from lib.classroom.allowing import standard
from lib.config import RunConfig
from lib.home import key as keys
from lib.runs import Run, get_registry
from lib.ui.classroom import callers, desk, hearing, led, opening, pictures, rehearsing, votes
from lib.ui.frame.page import PAGES
from lib.ui.serve import uploads
from lib.ui.serve.browser import cookie_name, owner_of, signed
from lib.ui.setup import allowed
from lib.ui.setup.link import from_link
from lib.ui.words import percent, say_in

ADA, BOB = "A" * 22, "B" * 22


@pytest.fixture(autouse=True)
def cookies(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The cookies of the browser that AppTest is; a home's key of its own."""
    keys._key_of.cache_clear()
    sent: dict[str, str] = {}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", property(lambda _: sent))
    yield sent
    close_room()
    keys._key_of.cache_clear()


@pytest.fixture
def room() -> Room:
    return open_room()


def be(cookies: dict[str, str], owner: str) -> None:
    cookies[cookie_name()] = signed(owner)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "classroom.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def html_of(at: AppTest) -> str:
    return "\n".join(str(each.value) for each in at.html)


def captions(at: AppTest) -> str:
    return "\n".join(str(each.value) for each in at.caption)


class _Sent(io.BytesIO):
    """A file as an uploader gives it."""

    name, size = "mine.safetensors", 1


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def texts(at: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*at.title, *at.markdown, *at.warning, *at.success])


# ---- the page ----


def test_alone_it_says_how_a_class_is_opened() -> None:
    at = opened()
    assert "make classroom" in texts(at)
    assert not at.button
    assert not at.text_input


def test_a_student_types_the_code_and_may_choose_her_name(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    at = opened()
    at.text_input(key="class-code").set_value("WRONG1").run()
    assert "not the code" in texts(at)
    at.text_input(key="class-code").set_value(room.code.lower()).run()
    student = room.student(ADA)
    assert student is not None
    assert student.name in texts(at)
    at.text_input(key="class-name").set_value("<b>Ada</b> \u202e*Lovelace*").run()
    named = room.student(ADA)
    assert named is not None
    assert named.name == "b Ada b Lovelace"
    assert "You are b Ada b Lovelace now." in texts(at)
    room.join(BOB, room.code, "b")
    room.rename(BOB, "Bob")
    at.text_input(key="class-name").set_value("BOB").run()
    assert "already called BOB" in texts(at)
    assert not at.exception


def test_the_code_of_the_qr_code_brings_her_in_once_and_a_reload_keeps_her(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    opened(code=room.code)
    first = room.students
    opened(code=room.code)
    opened()
    assert len(first) == 1
    assert room.students == first
    be(cookies, BOB)
    assert "not the code" in texts(opened(code="AAAAAA"))
    assert room.student(BOB) is None


def test_without_a_cookie_nobody_joins(room: Room) -> None:
    assert "no cookies" in texts(opened(code=room.code))
    assert room.students == ()


def test_who_waits_and_who_was_removed_reads_what_to_do(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    room.set_door("ask")
    assert "asked to come in" in texts(opened(code=room.code))
    student = room.student(ADA)
    assert student is not None
    room.change(student.key, state="removed")
    assert "took you out" in texts(opened(code=room.code))


def test_a_teacher_sees_the_wall_and_the_projector_and_a_student_neither(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    for query in ({}, {"screen": "projector"}):
        assert room.code not in json.dumps([each.value for each in opened(**query).markdown])
    cookies[callers.teacher_cookie()] = room.claim(room.secret, "a", ADA)
    assert "Who needs you" in texts(opened())
    room.join(BOB, room.code, "b")
    opened(screen="projector")
    assert "Wer dich braucht" in texts(opened(lang="de"))


# ---- the routes ----


class Answer:
    """What a route said."""

    def __init__(self, sent: list[Any]) -> None:
        self.status: int = sent[0]["status"]
        self.headers = Headers(raw=sent[0]["headers"])
        self.text = b"".join(part.get("body", b"") for part in sent[1:]).decode()
        self.cookies: SimpleCookie = SimpleCookie()
        for cookie in self.headers.getlist("set-cookie"):
            self.cookies.load(cookie)


def ask(
    method: str,
    path: str,
    body: bytes | object = b"",
    cookies: dict[str, str] | None = None,
    token: str = "",
    origin: str | None = "http://glass.example:8501",
    address: str = "10.0.0.1",
) -> Answer:
    """Ask the classroom's routes, as a browser at `glass.example:8501` does."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"host": "glass.example:8501", "x-glasshouse-token": token}
    headers |= {"origin": origin} if origin is not None else {}
    headers |= {"cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())} if cookies else {}
    sent: list[Any] = []
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
             "scheme": "http", "server": ("glass.example", 8501), "client": (address, 1), "root_path": "",
             "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=opening.routes)(scope, receive, send))
    return Answer(sent)


@pytest.fixture
def teacher(room: Room) -> dict[str, str]:
    """The cookies of a teacher's browser, as its link gave them."""
    answer = ask("POST", "/api/classroom/teach", {"secret": room.secret}, {cookie_name(): signed(BOB)})
    assert answer.status == 204
    (cookie,) = answer.cookies.values()
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    return {cookie.key: cookie.value, cookie_name(): signed(BOB)}


@pytest.fixture
def student(room: Room) -> dict[str, str]:
    """The cookies of a student who is in."""
    room.join(ADA, room.code, "a")
    return {cookie_name(): signed(ADA)}


def token(cookies: dict[str, str], *, teacher: bool) -> str:
    return callers.token_of(cookies, teacher=teacher)


def test_the_teacher_s_link_has_its_secret_where_no_log_sees_it(room: Room) -> None:
    page = ask("GET", "/teach")
    assert page.status == 200
    assert room.secret not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "location.hash" in page.text
    assert ask("POST", "/api/classroom/teach", {"secret": room.secret}, origin="http://evil.example").status == 403
    assert ask("POST", "/api/classroom/teach", {"secret": room.secret}, origin=None).status == 403
    wrong = [ask("POST", "/api/classroom/teach", {"secret": "x"}, address="10.0.0.9").status for _ in range(12)]
    assert wrong == [403] * 10 + [429] * 2
    for body in (b"", b"[]", b"{", b'"x"', b"[" * 1_900, b"x" * 10_000):
        assert ask("POST", "/api/classroom/teach", body).status in (400, 403)


def test_a_teacher_s_wishes_are_done(room: Room, teacher: dict[str, str], student: dict[str, str]) -> None:
    key, mine = room.students[0].key, token(teacher, teacher=True)

    def wish(**what: object) -> int:
        return ask("POST", "/api/classroom/teacher", what, teacher, mine).status

    assert wish(wish="set_door", door="closed") == 204
    assert room.door == "closed"
    assert wish(wish="stop_and_look", sentence="Look!") == 204
    assert room.stopped == "Look!"
    assert wish(wish="go_on") == 204
    assert room.stopped is None
    assert wish(wish="remove", key=key) == 204
    assert not room.is_in(ADA)
    assert wish(wish="admit", key=key) == 204
    assert room.is_in(ADA)
    for nonsense in (
        {}, {"wish": "set_door"}, {"wish": "door", "door": "open"},
        {"wish": "set_door", "door": "ajar"}, {"wish": "remove"}, {"wish": "send", "page": "train"},
        {"wish": "send", "page": "x" * 30, "parts": {}}, {"wish": "send", "page": "train", "parts": {"lr": 1}},
        {"wish": "project", "screen": "wall"}, {"wish": "limit", "size": "huge"}, {"wish": "show_moment", "key": "x"},
        {"wish": "allow", "what": "uploads", "on": "no"}, {"wish": "lead", "page": "train", "parts": {}, "on": 1},
        {"wish": "remove", "key": "../.."}, {"wish": "remove", "key": key, "more": 1}, {"wish": "go_on", "x": 1},
        {"wish": "hold_vote"}, {"wish": "gather"}, {"wish": "let_picture_in", "key": "../../etc"},
        {"wish": "hold_vote", "data": "x" * 61}, {"wish": "name_voters", "on": 1},
        {"wish": "send_starts", "start": "two", "parts": {}}, {"wish": "send_starts", "start": "one"},
        {"wish": "stop_and_look", "sentence": "x" * 201}, {"wish": "__init__", "key": key}, {"wish": ["remove"]},
    ):  # fmt: skip
        assert wish(**nonsense) == 400, nonsense
    assert ask("POST", "/api/classroom/teacher", b"x" * 20_000, teacher, mine).status == 400
    assert ask("POST", "/api/classroom/teacher", b"[" * 7_000, teacher, mine).status == 400


@pytest.mark.parametrize("path", ["/api/classroom/teacher", "/api/classroom/wall"])
def test_nobody_else_can_do_what_a_teacher_can(
    room: Room, teacher: dict[str, str], student: dict[str, str], path: str
) -> None:
    """A student with her own cookie, with forged ones, with another page's Origin, with another's token."""
    body, mine = {"wish": "set_door", "door": "closed"}, token(teacher, teacher=True)
    pass_name = callers.teacher_cookie()
    strangers = [
        {}, student, {**student, pass_name: signed(ADA)}, {**student, pass_name: student[cookie_name()]},
        {**student, pass_name: teacher[pass_name][:-2]}, {**student, pass_name: room.code},
    ]  # fmt: skip
    method = "GET" if path.endswith("wall") else "POST"
    for cookies in strangers:
        for shown in ("", mine, token(student, teacher=False)):
            assert ask(method, path, body, cookies, shown).status == 403
    if method == "POST":
        for shown in ("", mine[:-1], token(student, teacher=False), token(teacher, teacher=False)):
            assert ask("POST", path, body, teacher, shown).status == 403
        for origin in (None, "null", "http://evil.example", "http://glass.example:8502", "http://glass.example", ""):
            assert ask("POST", path, body, teacher, mine, origin=origin).status == 403
        assert ask("GET", path, body, teacher, mine).status == 405
    assert room.door == "open"


def test_a_student_wishes_for_herself_alone(room: Room, student: dict[str, str]) -> None:
    mine = token(student, teacher=False)
    assert ask("POST", "/api/classroom/student", {"wish": "hand", "up": True}, student, mine).status == 204
    there = room.presence(ADA)
    assert there is not None
    assert there.hand is not None
    other = {cookie_name(): signed(BOB)}  # outside
    assert ask("POST", "/api/classroom/student", {"wish": "hand", "up": True}, other, mine).status == 403
    outside = token(other, teacher=False)
    assert ask("POST", "/api/classroom/student", {"wish": "hand", "up": True}, other, outside).status == 409
    assert ask("POST", "/api/classroom/student", {"wish": "active"}, other, outside).status == 204
    assert room.presence(BOB) is None
    for body in ({"wish": "hand", "up": "yes"}, {"wish": "hand"}, {"wish": "set_door", "door": "open"}, [], None):
        assert ask("POST", "/api/classroom/student", body, student, mine).status == 400
    evil = ask("POST", "/api/classroom/student", {"wish": "hand", "up": False}, student, mine, "http://evil.example")
    assert evil.status == 403


def test_somebody_else_gets_another_name_and_the_first_one_stays(room: Room, student: dict[str, str]) -> None:
    mine = token(student, teacher=False)
    assert ask("POST", "/api/classroom/somebody_else", b"token=x", student).status == 403
    body = f"token={mine}".encode()
    assert ask("POST", "/api/classroom/somebody_else", body, student, origin="http://evil.example").status == 403
    answer = ask("POST", "/api/classroom/somebody_else", body, student)
    assert (answer.status, answer.headers["location"]) == (303, "/classroom")
    new = owner_of({name: each.value for name, each in answer.cookies.items()})
    assert new not in (None, ADA)
    assert room.is_in(ADA)
    assert not room.is_in(str(new))


def test_without_a_class_there_is_nothing_to_ask_for() -> None:
    mine = {cookie_name(): signed(ADA)}
    for path in ("teach", "teacher", "student", "somebody_else"):
        assert ask("POST", f"/api/classroom/{path}", {}, mine, token(mine, teacher=False)).status == 403
    for path in ("wall", "voice"):
        assert ask("GET", f"/api/classroom/{path}", b"", mine).status == 403


def heard(look: hearing.Look, turns: int) -> list[dict[str, Any]]:
    async def listen() -> list[dict[str, Any]]:
        telling, found = hearing.Telling("voice", look), []
        events = telling.events()
        await anext(events)
        async for text in events:
            if text.startswith("event"):
                found.append(json.loads(text.split("data: ")[1]) | {"kind": text.split("\n")[0][7:]})
            if len(found) == turns or found[-1]["kind"] == "gone":
                break
        await events.aclose()
        return found

    return asyncio.run(listen())


def test_a_student_hears_of_the_class_and_of_her_own_removal(
    room: Room, student: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "_LOOK_SECONDS", 0.001)

    def look(turn: int) -> dict[str, Any] | None:
        if turn == 5:
            room.stopped = "Look!"
        if turn == 10:
            room.change(room.students[0].key, state="removed")
        return hearing.for_student(room, ADA, turn)

    first, second, last = heard(look, 9)
    assert (first["stopped"], first["name"]) == (None, room.students[0].name)
    assert second["stopped"] == "Look!"
    assert last["kind"] == "gone"
    assert room.is_here(ADA)


def test_a_teacher_hears_of_tiles_that_changed_alone(
    room: Room, teacher: dict[str, str], student: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room.join("C" * 22, room.code, "c")
    monkeypatch.setattr(hearing, "_LOOK_SECONDS", 0.001)
    monkeypatch.setattr("lib.classroom.wall._LOOK_SECONDS", 0.0)
    look = hearing.at_the_wall(room, teacher)

    def later(turn: int) -> dict[str, Any] | None:
        if turn == 5:
            room.raise_hand(ADA, True)
        if turn == 9:
            teacher.clear()
        return look(turn)

    first, *rest = heard(later, 9)
    assert len(first["tiles"]) == len(first["order"]) == 2
    changed = [each for each in rest if each.get("tiles")]
    assert [[tile["need"]["code"] for tile in each["tiles"]] for each in changed] == [["hand"]]
    assert rest[-1]["kind"] == "gone"
    assert get_registry().at_hand() == []


# ---- the desk ----


def test_every_tool_of_the_desk_opens_in_every_language(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, BOB)
    cookies[callers.teacher_cookie()] = room.claim(room.secret, "a", BOB)
    room.join(ADA, room.code, "a")
    for screen in desk.TOOLS:
        for lang in ("en", "de"):
            at = opened(screen=screen, lang=lang)
            assert at.markdown, screen
            assert not at.error


# ---- together ----


def finished(owner: str, seed: int) -> Run:
    config = from_link({"net": "f-d8", "data": "digits", "epochs": "1", "seed": str(seed)})[0]
    run = get_registry().start(config, owner)
    assert run.wait(120, "finished")
    return run


def test_the_class_votes_for_all_to_see_and_names_are_said_if_the_teacher_says_so(
    room: Room, teacher: dict[str, str], cookies: dict[str, str]
) -> None:
    cookies.update(teacher)
    mine = token(teacher, teacher=True)

    def wish(**what: object) -> int:
        return ask("POST", "/api/classroom/teacher", what, teacher, mine).status

    assert "Two students need a finished net" in captions(opened(screen="together"))
    for number, owner in enumerate((ADA, "C" * 22)):
        room.rename(owner, f"Voter {room.join(owner, room.code, owner).key}")
        finished(owner, number)
    assert wish(wish="project", screen="votes") == 204
    assert "The class has not voted yet." in html_of(opened(screen="projector"))
    assert wish(wish="hold_vote", data="digits") == 204
    assert votes._latest[0].state in ("running", "done")
    until(lambda: votes._latest[0].state == "done")
    assert room.vote is not None
    desk_now = html_of(opened(screen="together"))
    assert f"{percent(room.vote.counted.mean)}" in desk_now
    assert all(student.name in desk_now for student in room.students)
    shown = html_of(opened(screen="projector"))
    assert percent(room.vote.counted.best.accuracy) in shown
    assert "Voter" not in shown
    assert wish(wish="name_voters", on=True) == 204
    assert "Voter" in html_of(opened(screen="projector"))
    assert wish(wish="hold_vote", data="nothing") == 204
    until(lambda: votes._latest[0].state == "failed")
    assert "Two students need a finished net" in captions(opened(screen="together"))


def test_each_of_a_class_is_sent_a_start_of_her_own_or_pictures_of_her_own(
    room: Room, teacher: dict[str, str], student: dict[str, str]
) -> None:
    room.join("C" * 22, room.code, "c")
    parts, mine = {"v": "1", "net": "f", "seed": "7"}, token(teacher, teacher=True)
    for start, expected in (("own", [("1", None), ("2", None)]), ("one", [("0", "1"), ("0", "2")])):
        body = {"wish": "send_starts", "start": start, "parts": parts}
        assert ask("POST", "/api/classroom/teacher", body, teacher, mine).status == 204
        sent = [room.sending.newest_for(each) for each in room.students]
        found = [dict(each.parts) for each in sent if each is not None]
        assert [(each["seed"], each.get("split")) for each in found] == expected


def test_a_student_adds_a_picture_and_the_teacher_lets_it_in(
    room: Room, teacher: dict[str, str], cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    be(cookies, ADA)
    room.join(ADA, room.code, "a")
    assert not [each for each in opened().button if each.key == "class-add-do"]
    mine = token(teacher, teacher=True)

    def wish(**what: object) -> int:
        return ask("POST", "/api/classroom/teacher", what, teacher, mine).status

    assert wish(wish="gather", data="nothing") == 409
    assert wish(wish="gather", data="digits") == 204
    assert opened().button(key="class-add-do").disabled  # nothing is drawn
    sheet = Image.new("L", (140, 140), 0)
    sheet.paste(255, (60, 20, 80, 120))
    monkeypatch.setattr(pictures, "_drawn", lambda _: sheet)
    at = opened()
    at.selectbox(key=next(str(each.key) for each in at.selectbox)).set_value(1).run()
    at.button(key="class-add-do").click().run()
    assert "It waits for your teacher." in texts(at)
    (picture,) = room.gathering.waiting()
    assert (picture.label, picture.student) == (1, room.students[0].key)
    at.button(key="class-add-do").click().run()
    assert "has been added already" in texts(at)
    cookies.update(teacher)
    desk_now = html_of(opened(screen="together"))
    assert room.students[0].name in desk_now
    assert "data:image/png;base64," in desk_now
    strangers = {cookie_name(): signed(ADA)}
    body = {"wish": "let_picture_in", "key": picture.key}
    assert ask("POST", "/api/classroom/teacher", body, strangers, token(strangers, teacher=False)).status == 403
    assert room.gathering.waiting()
    assert wish(wish="let_picture_in", key=picture.key) == 204
    assert not room.gathering.waiting()
    assert "Let in: 1" in texts(opened(screen="together"))
    assert wish(wish="take_picture_out", key=picture.key) == 204
    assert [each.key for each in room.gathering.waiting()] == [picture.key]
    assert "Let in: 1" not in texts(opened(screen="together"))
    assert wish(wish="throw_picture_away", key=picture.key) == 204
    assert wish(wish="let_pictures_in") == wish(wish="gather", data="") == 204
    assert room.gathering.all == ()
    room.gathering.begin("digits")
    room.change(room.students[0].key, state="removed")
    cookies.clear()
    be(cookies, ADA)
    assert not [each for each in opened().button if each.key == "class-add-do"]


def test_a_student_hands_a_run_in_and_reads_her_place_and_what_is_refused(
    room: Room, teacher: dict[str, str], cookies: dict[str, str]
) -> None:
    be(cookies, ADA)
    room.rename(ADA, f"Winner {room.join(ADA, room.code, 'a').key}")
    finished(ADA, 1)
    mine = token(teacher, teacher=True)

    def wish(**what: object) -> int:
        return ask("POST", "/api/classroom/teacher", what, teacher, mine).status

    assert not [each for each in opened().button if each.key == "class-board-hand-in"]
    assert wish(wish="project", screen="leaderboard") == 204
    cookies.update(teacher)
    assert "There is no leaderboard just now." in html_of(opened(screen="projector"))
    assert wish(wish="open_leaderboard", data="own-1", kind="seconds", most=5) == 409
    assert wish(wish="open_leaderboard", data="digits", kind="days", most=5) == 400
    assert wish(wish="open_leaderboard", data="digits", kind="parameters", most=1_000) == 204
    cookies.clear()
    be(cookies, ADA)
    at = opened()
    at.button(key="class-board-hand-in").click().run()
    assert "and the budget is 1,000: use fewer filters" in texts(at)
    assert wish(wish="open_leaderboard", data="digits", kind="parameters", most=10_000) == 204
    at = opened()
    at.button(key="class-board-hand-in").click().run()
    until(lambda: bool(room.leaderboard.entries))
    until(lambda: "Handed in:" in texts(at.run()))
    assert "You: place 1." in html_of(at)
    assert "class-board-hand-in" not in [each.key for each in at.button]  # she has no other run
    accuracy = percent(room.leaderboard.entries[0].accuracy)
    cookies.update(teacher)
    for screen in ("together", "projector"):
        shown = html_of(opened(screen=screen))
        assert "Winner" in shown
        assert accuracy in shown
    assert wish(wish="close_leaderboard") == 204
    assert "takes no more runs" in html_of(opened(screen="projector"))


def _at_start() -> None:
    """A page of hers, with the bar's part that follows the teacher."""
    import streamlit as st

    from lib.classroom import the_room
    from lib.ui.classroom import led
    from lib.ui.setup import session

    room = the_room()
    assert room is not None
    if "go-back" in st.query_params:
        led.go_back()
    led.follow(room, room.students[0], "train" if "go-back" in st.query_params else "start")
    st.write(session.setup().train.learning_rate)


def test_a_teacher_rehearses_reads_the_table_and_may_cancel(
    room: Room, teacher: dict[str, str], cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[tuple[int, str]] = []
    said = '{"share": 0.5}', '{"joined": 7.5, "gap_p95": 1.25, "page_p95": 2.5}'

    def simulation(code: str, students: int, parts: dict[str, str]) -> list[str]:
        came.append((students, parts["net"]))
        room.join("R" * 22, code, "127.0.0.1")
        seconds = 600 if len(came) > 1 else 0
        return [
            sys.executable,
            "-c",
            f"import time; [print(each, flush=True) for each in {said}]; time.sleep({seconds})",
        ]

    monkeypatch.setattr(rehearsing, "_command", simulation)
    mine = token(teacher, teacher=True)

    def wish(**what: object) -> int:
        return ask("POST", "/api/classroom/teacher", what, teacher, mine).status

    def state() -> str:
        return rehearsing._latest[0].state

    cookies.update(teacher)
    for students in (1, 31, "2"):
        assert wish(wish="rehearse", students=students, parts={}) == 400
    room.stopped = "Look!"
    assert wish(wish="rehearse", students=2, parts={"net": "f"}) == 204
    until(lambda: state() == "failed")
    assert "The class trains or stands still just now." in captions(opened(screen="ready"))
    room.stopped = None
    assert wish(wish="rehearse", students=2, parts={"net": "f"}) == 204
    until(lambda: state() == "done")
    shown = texts(opened(screen="ready"))
    assert "| **7.5 s** | 60.0 s |" in shown
    assert "| **1.3 s** | 3.0 s |" in shown or "| **1.2 s** | 3.0 s |" in shown
    assert ":orange[:material/error:] A page answers within" in shown
    assert "That is too much for this machine." in shown
    assert wish(wish="rehearse", students=2, parts={"net": "f"}) == 204
    until(lambda: rehearsing._latest[0].share == 0.5)
    assert len(room.students) == 1
    assert wish(wish="rehearse", students=2, parts={"net": "f"}) == 204  # one at a time
    assert wish(wish="cancel_rehearsal") == 204
    until(lambda: state() == "cancelled")
    until(lambda: room.students == ())
    assert "Cancelled." in captions(opened(screen="ready"))
    assert came == [(2, "f"), (2, "f")]


def test_every_page_can_be_sent_and_is_named_in_the_page_s_language(
    room: Room, teacher: dict[str, str], cookies: dict[str, str]
) -> None:
    assert {*sending.PAGES} == {each.stem for each in PAGES.glob("*.py")} - {"classroom"}
    cookies.update(teacher)
    at = opened(screen="send", lang="de")
    at.session_state["class-send-kind"] = "page"
    (pages,) = (each for each in at.run().selectbox if "class-send-page" in str(each.key))
    assert pages.options == [say_in("de", f"pages.{each}") for each in sending.PAGES]


def test_a_student_goes_where_the_teacher_sends_once_and_back(
    room: Room, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    be(cookies, ADA)
    student = room.join(ADA, room.code, "a")
    went: list[object] = []
    monkeypatch.setattr(led, "go_to", lambda page, parts=None: went.append((page, parts or {})))
    at = AppTest.from_function(_at_start, default_timeout=60).run()
    assert went == []
    before = at.session_state["setup"]
    parts = {"v": "1", "net": "f-d16", "lr": "0.03"}
    number = room.sending.send("train", {**parts, "run": "x"}, None).number
    at.run()
    assert went == [("train", parts)]
    assert (at.session_state["class-sent"], room.sending.followed[student.key]) == (number, number)
    at.session_state["setup"] = before.replace("0.002", "0.03")
    at.query_params["go-back"] = "yes"
    at.run()
    assert went[1:] == [("start", {})]
    assert at.session_state["setup"] == before
    assert AppTest.from_function(_at_start, default_timeout=60).run().session_state["class-sent"] == number  # a reload
    assert len(went) == 2


def test_what_is_off_is_off_on_the_pages_and_on_the_wire(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    room.join(ADA, room.code, "a")
    room.turn("optimizer", False)
    room.turn("camera", False)
    train = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60).run()
    labels = {each.label for each in train.selectbox}
    assert "Optimizer" not in labels
    assert "Schedule" in labels
    me = HTTPConnection({"type": "http", "headers": [(b"cookie", f"{cookie_name()}={signed(ADA)}".encode())]})
    other = HTTPConnection({"type": "http", "headers": []})
    assert uploads._is_allowed(me)  # a file
    room.turn("uploads", False)
    assert not uploads._is_allowed(me)
    assert not uploads._is_allowed(other)
    room.claim(room.secret, "a", ADA)  # a teacher may
    assert uploads._is_allowed(me)


def test_photos_are_uploads_for_the_switches_the_pages_and_the_wire(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    room.join(ADA, room.code, "a")
    me = HTTPConnection({"type": "http", "headers": [(b"cookie", f"{cookie_name()}={signed(ADA)}".encode())]})
    both = ("camera", "uploads")
    for what, on, off in (("uploads", False, both), ("camera", True, ()), ("camera", False, ("camera",)),
                          ("uploads", False, both), ("uploads", True, ("camera",))):  # fmt: skip
        room.turn(what, on)
        assert room.off == off
        assert uploads._is_allowed(me) is room.may(ADA, "uploads") is ("uploads" not in off)
        assert room.may(ADA, "camera") is ("camera" not in off)
    room._keep(off=("uploads",))  # as an older class was kept
    assert not room.may(ADA, "camera")


@pytest.mark.parametrize("lang", ["en", "de", "es", "fr"])
def test_what_the_core_refuses_is_said_in_the_page_s_language(
    room: Room, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """An upload that comes as the teacher turns it off: past the page, as far as the core, or to the route."""
    be(cookies, ADA)
    guard(get_registry(), room)
    room.join(ADA, room.code, "a")
    room.turn("uploads", False)
    monkeypatch.setattr(allowed, "say_if_not", lambda _act: True)
    monkeypatch.setattr("streamlit.file_uploader", lambda *_args, **_more: _Sent(b"x"))

    def page() -> None:
        import streamlit as st

        from lib.ui.setup.arrival import bring
        from lib.ui.words import speaking

        with speaking(st.session_state["spoken"]):
            bring("x")

    at = AppTest.from_function(page)
    at.session_state["spoken"] = lang
    at.run()
    assert not at.exception
    assert [each.value for each in at.error] == [say_in(lang, "class_bar.not_allowed")]


def test_a_forbidden_value_has_no_effect_by_any_way(room: Room, cookies: dict[str, str]) -> None:
    """From an address, from a widget that was drawn before, and from before it was turned off."""
    be(cookies, ADA)
    room.join(ADA, room.code, "a")
    train = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60).run()
    optimizer = next(each for each in train.selectbox if each.label == "Optimizer")
    room.turn("optimizer", False)
    optimizer.set_value(next(each for each in optimizer.options if each != optimizer.value)).run()
    assert json.loads(train.session_state["setup"])["train"]["optimizer"] == "adam"
    assert "Your teacher has turned this off for the class: Optimizer." in texts(train)
    there = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60)
    there.query_params["opt"], there.query_params["lr"] = "sgd", "0.03"
    there.run()
    setup = json.loads(there.session_state["setup"])["train"]
    assert (setup["optimizer"], setup["learning_rate"]) == ("adam", 0.03)
    assert "Optimizer" in texts(there)

    room.turn("learning_rate", False)
    there.run()
    assert json.loads(there.session_state["setup"])["train"]["learning_rate"] == standard("learning_rate") != 0.03
    room.claim(room.secret, "a", ADA)
    teachers = AppTest.from_file(str(PAGES / "train.py"), default_timeout=60)
    teachers.query_params["opt"] = "sgd"
    teachers.run()
    assert json.loads(teachers.session_state["setup"])["train"]["optimizer"] == "sgd"


def test_what_a_teacher_turns_off_keeps_her_value_and_what_she_sends_may_be_trained(
    room: Room, teacher: dict[str, str], student: dict[str, str]
) -> None:
    mine, before = token(teacher, teacher=True), room.as_allowed(ADA, RunConfig())
    sgd, rate = {"opt": "sgd", "net": "f"}, {"v": "1", "opt": "adam", "lr": "0.1", "net": "f"}
    for wish in (
        {"wish": "allow", "what": "optimizer", "on": False, "parts": sgd},
        {"wish": "allow", "what": "learning_rate", "on": False},
        {"wish": "send", "page": "train", "parts": rate, "to": None},
    ):
        assert ask("POST", "/api/classroom/teacher", wish, teacher, mine).status == 204
    rms = before.model_copy(update={"train": before.train.model_copy(update={"optimizer": "rmsprop"})})
    assert room.as_allowed(ADA, rms).train.optimizer == "sgd"
    assert room.not_now(ADA, from_link(rate)[0]) == ()
    lesson = {"wish": "send", "page": "train", "parts": {"lesson": "descent", "step": "1"}, "to": None}
    assert ask("POST", "/api/classroom/teacher", lesson, teacher, mine).status == 204


def test_a_photo_or_file_that_comes_after_it_was_turned_off_does_nothing(room: Room, cookies: dict[str, str]) -> None:
    be(cookies, ADA)
    room.join(ADA, room.code, "a")
    came: list[str] = []
    more = {act: allowed._asked(act, {"on_change": came.append}) for act in ("uploads", "camera")}

    def page() -> None:
        import streamlit as st

        st.session_state["come"](st.session_state["what"])

    for what, callback in more.items():
        for on, count in ((True, 1), (False, 0)):
            room.turn(what, on)
            came.clear()
            at = AppTest.from_function(page)
            at.session_state["come"], at.session_state["what"] = callback["on_change"], "photo"
            assert not at.run().exception
            assert len(came) == count
