"""Whatever a browser says in a widget's or a component's name: nothing fails, and it costs nobody anything."""

import json
import math
import os
import random
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.proto.Common_pb2 import (
    ChatInputValue,
    DoubleArray,
    FileUploaderState,
    SInt64Array,
    StringArray,
    StringTriggerValue,
)
from streamlit.proto.WidgetStates_pb2 import WidgetState

from lib.ui.classroom.desk import TOOLS
from lib.ui.labs.table import LABS
from tests.e2e.screens import until
from tests.e2e.served import Served, serve
from tests.e2e.stranger import Raw, Session, ask, presses_of, session
from tests.e2e.test_hostile import cookie_of

pytestmark = pytest.mark.e2e

ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "6"))  # of each page, every widget says something in each of them
PAGES = ("", "learn", "data", "train", "look_inside", "classify", "diagnose", "compare", "labs")
QUERIES = {
    "look_inside": ("view=Feature+maps", "view=Arithmetic"),
    "classify": ("", "classify-view=Shift"),
    "data": ("", "data-view=Split+and+balance", "data-view=Label+codes"),
    "compare": ("", "compare-view=Experiments", "compare-view=Sweep"),
    "labs": ("", *(f"lab={name}" for name in LABS)),
}
KINDS = [field.name for field in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields]
DESK = ("", "screen=projector", *(f"screen={name}" for name in TOOLS))
PRESSED = ("button", "download_button", "link_button", "menu_button")  # a press of these is no nonsense


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own, whose log is judged after each test."""
    with serve(tmp_path_factory.mktemp("widgets") / "home") as served:
        yield served


def text(chance: random.Random) -> str:
    """Any text, short or long."""
    return chance.choice(
        (
            "",
            "x" * chance.choice((1, 40, 9_000)),
            "".join(chance.choices(string.printable, k=9)),
            str(number(chance)),
            "None",
            "\x00",
            "🙂‮",
            "../../etc/passwd",
        )
    )


def number(chance: random.Random) -> float:
    """Any number, also those that are none."""
    return chance.choice(
        (0.0, -1.0, 1.0, 0.5, 1e308, -1e308, math.nan, math.inf, -math.inf, 5e-324, chance.uniform(-9, 9), 2.0**53)
    )


def whole(chance: random.Random) -> int:
    """Any whole number that the message has room for."""
    return chance.choice((0, -1, 1, 7, 99, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63)))


def thing(chance: random.Random, levels: int = 4) -> object:
    """Anything that JSON can say."""
    if levels == 0 or chance.random() < 0.4:
        return chance.choice((None, True, False, text(chance), whole(chance), chance.uniform(-9, 9)))
    if chance.random() < 0.5:
        return [thing(chance, levels - 1) for _ in range(chance.randrange(4))]
    names = ("value", "event", "action", "selected", "drawing", "change", "at", "place", "layer", "stop", "x", "")
    return {chance.choice(names): thing(chance, levels - 1) for _ in range(chance.randrange(4))}


def any_json(chance: random.Random) -> str:
    """JSON, and what is none."""
    deep = chance.choice((31, 900, 20_000))
    return chance.choice(
        (
            json.dumps(thing(chance)),
            json.dumps({"value": thing(chance)}),
            json.dumps([{"event": "change", "value": thing(chance)}]),
            "[" * deep + "]" * deep,
            '{"a":' * deep + "1" + "}" * deep,
            "[1, NaN, Infinity]",
            '{"n": ' + "9" * 5_000 + "}",
            text(chance),
        )
    )


def files(chance: random.Random) -> FileUploaderState:
    """Files that nobody has uploaded."""
    state = FileUploaderState()
    for _ in range(chance.randrange(3)):
        state.uploaded_file_info.add(file_id=text(chance)[:99], name=text(chance)[:99], size=abs(whole(chance)))
    return state


def several(one: Callable[[random.Random], object], chance: random.Random) -> list[object]:
    """None of them, or some."""
    return [one(chance) for _ in range(chance.choice((0, 1, 2, 3, 300)))]


SAYINGS: dict[str, Callable[[random.Random], object]] = {
    "trigger_value": lambda chance: chance.random() < 0.8,
    "bool_value": lambda chance: chance.random() < 0.5,
    "double_value": number,
    "int_value": whole,
    "string_value": text,
    "double_array_value": lambda chance: DoubleArray(data=several(number, chance)),
    "int_array_value": lambda chance: SInt64Array(data=several(whole, chance)),
    "string_array_value": lambda chance: StringArray(data=several(text, chance)),
    "json_value": any_json,
    "bytes_value": lambda chance: chance.randbytes(chance.choice((0, 9, 9_000))),
    "file_uploader_state_value": files,
    "string_trigger_value": lambda chance: StringTriggerValue(data=text(chance)),
    "chat_input_value": lambda chance: ChatInputValue(data=text(chance), file_uploader_state=files(chance)),
    "json_trigger_value": any_json,
}


def nonsense(kind: str, chance: random.Random) -> Raw:
    """What a widget of this kind may be made to say: mostly in another one's way, sometimes in its own."""
    field = chance.choice([name for name in SAYINGS if kind not in PRESSED or name != "trigger_value"])
    return Raw(field, SAYINGS[field](chance))


def content(tab: Session) -> set[str]:
    """What a page is made of: its components by name, and the kinds of its other widgets."""
    assert tab.red_boxes == []
    assert not tab.says("could not be shown")
    return {*tab.components, *tab.widgets.values()}


def test_all_that_a_message_can_say_is_said() -> None:
    assert set(KINDS) - set(SAYINGS) == {"arrow_value"}  # of components of Streamlit's first kind; none is used here


def say_anything(tab: Session, page: str, query: str, chance: random.Random) -> Counter[str]:
    """Everything on a page says something, in each round; it stays a page. Gives what was met there."""
    met: Counter[str] = Counter()
    for _ in range(ROUNDS):
        kinds = dict(tab.widgets)
        sent = {widget: nonsense(kind, chance) for widget, kind in kinds.items()}
        sent |= {
            presses_of(widget): nonsense(kind, chance)
            for widget, kind in kinds.items()
            if kind == "bidi_component" and chance.random() < 0.5
        }
        met.update(kinds.values())
        tab.open(page, sent, query=query)
        assert "bidi_component" in content(tab), (page, query)
    return met


@pytest.mark.parametrize("page", PAGES)
def test_whatever_a_widget_is_made_to_say_the_page_goes_on_and_others_see_nothing_of_it(
    server: Served, page: str
) -> None:
    chance = random.Random(f"{page} {os.environ.get('HOSTILE_SEED', 0)}")
    met: Counter[str] = Counter()
    with session(server.port, {"Cookie": cookie_of(server)}) as other:
        other.open(page)
        before = content(other)
        for query in QUERIES.get(page, ("",)):
            with session(server.port, {"Cookie": cookie_of(server)}) as tab:
                tab.open(page, query=query)
                whole_page = content(tab)
                met += say_anything(tab, page, query, chance)
                with session(server.port, {"Cookie": cookie_of(server)}) as anew:
                    anew.open(page, query=query)
                    assert content(anew) == whole_page, page
        other.open(page)
        assert content(other) == before, page
    assert server.complaints() == []
    print(dict(met))


def test_whatever_is_said_at_the_desk_of_a_class_and_at_a_students_place_both_stand(tmp_path: Path) -> None:
    chance = random.Random(os.environ.get("HOSTILE_SEED", "0"))
    with serve(tmp_path / "home", settings={"GLASSHOUSE_CLASSROOM": "open"}) as server:
        until(lambda: "/teach#" in server.log, "the invitation")
        secret = re.findall(r"/teach#([\w-]+)", server.log)[-1]
        code = "".join(re.findall(r"\?code=(\w+)|code \x1b\[1m(\w+)", server.log)[-1])
        browser, headers = cookie_of(server), {"Origin": server.address, "Content-Type": "application/json"}
        body = json.dumps({"secret": secret}).encode()
        with ask(server.port, "/api/classroom/teach", {"Cookie": browser, **headers}, "POST", body) as answer:
            assert answer.status == 204
            teaches = f"{browser}; {answer.headers['set-cookie'].partition(';')[0]}"
        with session(server.port, {"Cookie": cookie_of(server)}) as student:
            student.open("classroom", query=f"code={code}")
            assert "bidi_component" in content(student)
            for query in DESK:
                with session(server.port, {"Cookie": teaches}) as tab:
                    tab.open("classroom", query=query)
                    assert query or "glasshouse_class_wall" in tab.components  # her own screen, and no student's
                    say_anything(tab, "classroom", query, chance)
            for page in ("classroom", "train", "learn"):
                student.open(page)
                say_anything(student, page, "", chance)
        for path in ("wall", "voice", "take_home"):
            for cookie in (browser, cookie_of(server), teaches.replace("=", "=x")):
                with ask(server.port, f"/api/classroom/{path}", {"Cookie": cookie}) as answer:
                    assert answer.status in ((200, 403) if path == "voice" else (403,)), path
    print(f"{len(DESK)} tools of the desk")
