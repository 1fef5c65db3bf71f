"""A client that keeps to no rules: it speaks to the server's routes and its websocket itself, without a browser."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect


@contextmanager
def ask(
    port: int, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: bytes | None = None
) -> Iterator[http.client.HTTPResponse]:
    """Send one request; gives the answer as soon as its head is there, and hangs up at the end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
    try:
        connection.request(method, path, body, dict(headers or {}))
        with connection.getresponse() as answer:
            yield answer
    finally:
        connection.close()


class Session:
    """A tab without a browser: it is sent a page's elements, and sends whatever a component could say."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.session_id = ""
        self.components: dict[str, str] = {}  # the widget's id, by the name of the component
        self.buttons: dict[str, str] = {}  # the widget's id, by the label; also of buttons that are greyed out
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
            state.json_value = value if isinstance(value, str) else json.dumps(value)
        if press:
            message.rerun_script.widget_states.widgets.add(id=self.buttons[press], trigger_value=True)
        self._connection.send(message.SerializeToString())
        self.texts, self.buttons = [], {}
        while not self._took_the_last(ForwardMsg.FromString(self._connection.recv(timeout=60.0))):  # type: ignore[arg-type]
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
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            button = message.delta.new_element.button
            if message.delta.new_element.WhichOneof("type") == "button":
                self.buttons[button.label] = button.id
            self.texts.append(str(message.delta.new_element))
        return bool(kind == "script_finished" and message.script_finished in (0, 3))


@contextmanager
def session(port: int, headers: Mapping[str, str] | None = None) -> Iterator[Session]:
    """Open a websocket as a page does."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(
        address, subprotocols=["streamlit"], additional_headers=dict(headers or {}), max_size=None
    ) as connection:  # type: ignore[list-item]
        yield Session(connection)


def resident_mb(pid: int) -> float:
    """What a process holds in memory now."""
    fields = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").split()
    return int(fields[fields.index("VmRSS:") + 1]) / 1e3
