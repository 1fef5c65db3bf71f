"""Open a page of the running dashboard and press its buttons as a browser does, without one."""

from time import monotonic
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

_LONGEST_RERUN = 60.0  # seconds


def new_cookie(address: str) -> str:
    """Come as a browser that was never here; gives `name=value`, by which the server knows it again."""
    with urlopen(Request(address, headers={"Accept": "text/html"})) as answer:
        return str(answer.headers["set-cookie"]).partition(";")[0]


class Page:
    """One page in one tab of a new browser, or of one whose cookie is given: Streamlit's own websocket, by hand."""

    def __init__(self, address: str, name: str, query: str, cookie: str | None = None) -> None:
        self._name, self.query = name, query
        self._buttons: dict[str, str] = {}  # label -> widget id, of those that are awake
        self._tab = connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers={"Cookie": cookie or new_cookie(address)},
        )
        self.rerun()

    def press(self, label: str) -> None:
        """Press a button and wait until the page is drawn again. KeyError if there is none, or it is not awake."""
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(id=self._buttons[label], trigger_value=True)
        self.rerun(message)

    def rerun(self, message: BackMsg | None = None) -> None:
        """Have the page drawn again, as a browser has when a component reports a change."""
        message = message or BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self._name
        self._tab.send(message.SerializeToString())
        self._buttons.clear()
        until = monotonic() + _LONGEST_RERUN
        while (news := self._news(until)).WhichOneof("type") != "script_finished":
            button = news.delta.new_element.button
            if button.label and not button.disabled:
                self._buttons[button.label] = button.id
            if news.HasField("page_info_changed"):
                self.query = news.page_info_changed.query_string

    def close(self) -> None:
        """Close the tab."""
        self._tab.close()

    def _news(self, until: float) -> ForwardMsg:
        return ForwardMsg.FromString(self._tab.recv(timeout=until - monotonic()))
