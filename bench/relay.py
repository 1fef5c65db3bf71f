"""A relay in front of the dashboard that counts what travels to a browser: compressed, heads and all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE = 65_536


class Relay:
    """Passes on all connections of one address; `received` is how many bytes went to the browsers so far."""

    def __init__(self, port: int) -> None:
        self._behind = ("127.0.0.1", port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.received = 0
        self._counting = threading.Lock()
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        """Take no more connections; those that are open end with their browsers."""
        self._door.close()

    def _open(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                browser, _ = self._door.accept()
                server = socket.create_connection(self._behind)
                for each in (browser, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for way in ((browser, server, False), (server, browser, True)):
                    threading.Thread(target=self._pass_on, args=way, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if counted:
                    with self._counting:
                        self.received += len(piece)
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(address: str) -> Iterator[tuple[str, Relay]]:
    """Give another address of what is served at `address`, and the relay behind it."""
    relay = Relay(int(address.rpartition(":")[2]))
    try:
        yield f"http://127.0.0.1:{relay.port}", relay
    finally:
        relay.close()
