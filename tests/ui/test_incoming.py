"""What a page's websocket brings: what a page can send, in its time; and one browser does not run the others down."""

import asyncio
from itertools import count

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lib.ui.serve import incoming
from lib.ui.serve.browser import cookie_name, new_owner, signed
from lib.ui.serve.incoming import Incoming, Pace

addresses = (f"10.0.0.{number}" for number in count())  # each a browser that nobody has seen


def wish(page="learn"):
    message = BackMsg()
    message.rerun_script.page_name = page
    return message


def named():
    """The headers of a browser with a cookie of this server's."""
    return [(b"cookie", f"{cookie_name()}={signed(new_owner())}".encode())]


def passed(sent, address=None):
    """What of `sent` comes through to Streamlit, and what the page hears."""
    queue = [{"type": "websocket.receive", **each} for each in sent] + [{"type": "websocket.disconnect", "code": 1000}]
    came, said = [], []

    async def receive():
        return queue.pop(0)

    async def send(message):
        said.append(message)

    async def app(scope, receive, send):
        while (message := await receive())["type"] == "websocket.receive":
            came.append(BackMsg.FromString(message["bytes"]))

    scope = {"type": "websocket", "headers": [], "client": (address or next(addresses), 1)}
    asyncio.run(Incoming(app)(scope, receive, send))
    return came, said


@pytest.mark.parametrize("sent", [{"text": "{}"}, {"bytes": b"\xff" * 9}, {"bytes": b"\x0a\xff\xff\xff\xff\x0f"}])
def test_what_is_no_message_closes_the_page(sent):
    came, said = passed([sent, {"bytes": wish().SerializeToString()}])
    assert came == []
    assert said == [{"type": "websocket.close", "code": 1002}]


def test_only_what_our_pages_send_comes_through():
    kinds = [BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True), BackMsg(app_heartbeat=True), wish()]
    came, _ = passed([{"bytes": each.SerializeToString()} for each in kinds])
    assert came == kinds[2:]


def test_a_pace_lets_some_through_at_once_and_then_so_many_a_second(monkeypatch):
    now = iter([0.0] * 6 + [10.0] * 4)
    monkeypatch.setattr(incoming, "monotonic", lambda: next(now))
    pace = Pace(a_second=2.0, at_once=3.0)
    assert [pace.wait() for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]
    assert [pace.wait() for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


@pytest.mark.parametrize("has_name", [True, False])
def test_so_many_pages_of_one_browser_run_at_a_time(monkeypatch, has_name):
    monkeypatch.setattr(incoming, "RUNS_AT_A_TIME" if has_name else "RUNS_NAMELESS", 2)
    headers = named() if has_name else []
    address, ended = next(addresses), ForwardMsg(script_finished=0).SerializeToString()
    running, most = set(), []

    async def page(number):
        waiting = [{"type": "websocket.receive", "bytes": wish().SerializeToString()}]

        async def receive():
            return waiting.pop(0) if waiting else {"type": "websocket.disconnect", "code": 1000}

        async def send(message):
            pass

        async def app(scope, receive, send):
            await receive()
            running.add(number)
            most.append(len(running))
            await asyncio.sleep(0.01)
            running.remove(number)
            await send({"type": "websocket.send", "bytes": ended})
            await receive()

        await Incoming(app)({"type": "websocket", "headers": headers, "client": (address, 1)}, receive, send)

    async def pages():
        await asyncio.wait_for(asyncio.gather(*map(page, range(7))), 20)

    asyncio.run(pages())
    assert max(most) == 2
    assert len(most) == 7


@pytest.mark.parametrize("has_name", [True, False])
def test_so_many_pages_of_one_browser_are_open_and_the_next_is_turned_away(monkeypatch, has_name):
    monkeypatch.setattr(incoming, "PAGES_EACH" if has_name else "PAGES_NAMELESS", 1)
    headers = named() if has_name else []
    address = next(addresses)

    async def app(scope, receive, send):
        if scope["inner"]:
            inner = {**scope, "inner": False}
            await Incoming(app)(inner, receive, send)

    async def receive():
        return {"type": "websocket.connect"}

    said = []

    async def send(message):
        said.append(message)

    scope = {"type": "websocket", "headers": headers, "client": (address, 1), "inner": True}
    asyncio.run(Incoming(app)(scope, receive, send))
    assert [(each["type"], each["code"]) for each in said] == [("websocket.close", 1013)]
    assert len(incoming._pages) == 0


def test_thirty_tablets_behind_one_address_find_room_without_a_cookie_and_none_slows_another(monkeypatch):
    """As with our page in a learning platform's frame, for which browsers send no cookie."""
    address, pages, opened = next(addresses), 4 * 30, []
    enough, everybody = wish().SerializeToString(), []

    async def tablet(number):
        wishes = [{"type": "websocket.receive", "bytes": enough} for _ in range(3)]
        there = asyncio.Event()

        async def receive():
            return wishes.pop(0) if wishes else {"type": "websocket.disconnect", "code": 1000}

        async def send(message):
            if message["type"] == "websocket.close":
                opened.append(message["code"])

        async def app(scope, receive, send):
            everybody.append(there)
            if len(everybody) == pages:
                for each in everybody:
                    each.set()
            await there.wait()  # until all of them are in
            for _ in range(3):
                await receive()
                await send({"type": "websocket.send", "bytes": ForwardMsg(script_finished=0).SerializeToString()})
            opened.append(number)

        await Incoming(app)({"type": "websocket", "headers": [], "client": (address, 1)}, receive, send)

    async def waited(seconds):
        raise AssertionError(f"a page had to wait for {seconds} s")

    monkeypatch.setattr("lib.ui.serve.incoming.asyncio.sleep", waited)

    async def all_of_them():
        await asyncio.wait_for(asyncio.gather(*map(tablet, range(pages))), 60)

    asyncio.run(all_of_them())
    assert sorted(opened) == list(range(pages))
