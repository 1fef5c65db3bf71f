"""A client that keeps to no rules: it speaks to the server's routes and its websocket itself, without a browser."""

import http.client
import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from google.protobuf.message import Message as ProtoMessage
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.e2e.screens import PATIENCE


@contextmanager
def ask(
    port: int, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: bytes | None = None
) -> Iterator[http.client.HTTPResponse]:
    """Send one request; gives the answer as soon as its head is there, and hangs up at the end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers or {}))
        with connection.getresponse() as answer:
            yield answer
    finally:
        connection.close()


class Raw(NamedTuple):
    """What is sent in a component's name as it stands, and in which field of the message."""

    kind: str
    value: Any


def presses_of(component: str) -> str:
    """The name under which what is pressed in a component is sent; component: the widget's id."""
    return f"$$STREAMLIT_INTERNAL_KEY_{component}__events"


class Session:
    """A tab without a browser: it is sent a page's elements, and sends whatever a component could say."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.session_id = ""
        self.components: dict[str, str] = {}  # the widget's id, by the name of the component
        self.handed: dict[str, Any] = {}  # what the page gave each component to show, by its name
        self.buttons: dict[str, str] = {}  # the widget's id, by the label; also of buttons that are greyed out
        self.widgets: dict[str, str] = {}  # the kind of each widget of the page ("slider"), by its id
        self.red_boxes: list[str] = []
        self.parts: list[str] = []  # those that renew themselves
        self.query = ""
        self.texts: list[str] = []

    def open(
        self, page: str, said: Mapping[str, object] | None = None, query: str = "", press: str | None = None
    ) -> None:
        """Run the page, with what the components of these ids say and one button pressed, until it has finished."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        for widget, value in (said or {}).items():
            state = message.rerun_script.widget_states.widgets.add(id=widget)
            kind = "json_trigger_value" if widget.endswith("__events") else "json_value"
            if isinstance(value, Raw):
                kind, value = value
            else:
                value = value if isinstance(value, str) else json.dumps(value)
            if isinstance(value, ProtoMessage):
                getattr(state, kind).CopyFrom(value)
            else:
                setattr(state, kind, value)
        if press:
            message.rerun_script.widget_states.widgets.add(id=self.buttons[press], trigger_value=True)
        self.texts, self.buttons, self.parts, self.widgets, self.red_boxes, self.handed = [], {}, [], {}, [], {}
        self._send(message)

    def send(self, sent: bytes | str) -> None:
        """Send what may be no message at all, and do not wait for an answer."""
        self._connection.send(sent)

    def hang_up(self) -> None:
        """Break the connection without a word."""
        with suppress(OSError):
            self._connection.socket.shutdown(socket.SHUT_RDWR)

    def tick(self, part: str) -> None:
        """Have one part of the page renew itself, as its clock does in a browser."""
        message = BackMsg()
        message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = part, True
        self.texts = []
        self._send(message)

    def _send(self, message: BackMsg) -> None:
        self._connection.send(message.SerializeToString())
        while not self._took_the_last(ForwardMsg.FromString(self._connection.recv(timeout=PATIENCE))):  # type: ignore[arg-type]
            pass

    def says(self, part: str) -> bool:
        """True if it stands in one of the page's elements."""
        return any(part in text for text in self.texts)

    def _took_the_last(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "bidi_component":
            component = message.delta.new_element.bidi_component
            self.components[component.component_name] = component.id
            self.widgets[component.id] = "bidi_component"
            self.handed[component.component_name] = json.loads(component.json or "null")
        elif kind == "auto_rerun":
            self.parts.append(message.auto_rerun.fragment_id)
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            button = message.delta.new_element.button
            element = message.delta.new_element.WhichOneof("type")
            if element == "button":
                self.buttons[button.label] = button.id
            elif element == "exception":
                self.red_boxes.append(str(message.delta.new_element))
            self._note_widget(message)
            self.texts.append(str(message.delta.new_element))
        return bool(kind == "script_finished" and message.script_finished in (0, 3))

    def _note_widget(self, message: ForwardMsg) -> None:
        """Note what could report something: an element with an id, or a part of the page that opens and closes."""
        is_block = message.delta.WhichOneof("type") == "add_block"
        within = message.delta.add_block if is_block else message.delta.new_element
        kind = within.WhichOneof("type")
        widget = getattr(getattr(within, kind), "id", "") if kind else ""
        if widget:
            self.widgets[widget] = kind


@contextmanager
def session(port: int, headers: Mapping[str, str] | None = None) -> Iterator[Session]:
    """Open a websocket as a page does."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers=dict(headers or {}),
        max_size=None,
        open_timeout=PATIENCE,
    ) as connection:
        yield Session(connection)


def resident_mb(pid: int) -> float:
    """What a process holds in memory now."""
    fields = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").split()
    return int(fields[fields.index("VmRSS:") + 1]) / 1e3


def cpu_seconds(pid: int) -> float:
    """How long a process has computed so far: a busy machine takes longer for it, not more."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
