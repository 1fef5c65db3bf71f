"""The page Classroom and its routes: alone, at the door, in the room, and as a teacher; and who may wish what."""

import asyncio
import json
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from streamlit.testing.v1 import AppTest

from lib.classroom import Room, close_room, open_room
from lib.home import key as keys
from lib.runs import get_registry
from lib.ui.classroom import callers, hearing, opening
from lib.ui.frame.page import PAGES
from lib.ui.serve.browser import cookie_name, owner_of, signed

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

    assert wish(wish="door", door="closed") == 204
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
        {}, {"wish": "set_door"}, {"wish": "door"}, {"wish": "door", "door": "ajar"}, {"wish": "remove"},
        {"wish": "remove", "key": "../.."}, {"wish": "remove", "key": key, "more": 1}, {"wish": "go_on", "x": 1},
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
    body, mine = {"wish": "door", "door": "closed"}, token(teacher, teacher=True)
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
    for body in ({"wish": "hand", "up": "yes"}, {"wish": "hand"}, {"wish": "door", "door": "open"}, [], None):
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
