"""Where a class finds this machine, and how it is told."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from lib.classroom import addresses, invitation
from lib.classroom.addresses import Card
from lib.classroom.large_type import large, qr_on_terminal, qr_picture


def test_the_likeliest_address_comes_first_and_inward_ones_last():
    found = [
        Card("docker0", "172.17.0.1"), Card("eth1", "10.1.1.1"), Card("wlan0", "192.168.1.7"), Card("tun0", "10.8.0.2"),
        Card("eth0", "203.0.113.9"), Card("wlan0", "192.168.1.7"),
    ]  # fmt: skip
    ranked = addresses.likeliest_first(found, "192.168.1.7")
    assert ranked[:3] == ["192.168.1.7", "10.1.1.1", "203.0.113.9"]
    assert set(ranked[3:]) == {"172.17.0.1", "10.8.0.2"}
    assert addresses.likeliest_first(found, "10.8.0.2")[0] != "10.8.0.2"  # the way out leads through a tunnel
    assert addresses.likeliest_first([], None) == []


def test_addresses_of_this_machine_are_none_that_only_it_can_reach():
    for card in addresses.cards():
        assert not card.address.startswith(("127.", "169.254."))


class _Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/_stcore/health" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_only_what_answers_counts():
    with HTTPServer(("127.0.0.1", 0), _Health) as server:
        port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        assert addresses.answers("127.0.0.1", port, "http")
        assert not addresses.answers("127.0.0.1", port, "https", 1.0)
        server.shutdown()
        thread.join()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert not addresses.answers("127.0.0.1", free.getsockname()[1], "http", 0.5)


def test_the_terminal_says_all_of_it_and_the_secret_last():
    told = invitation.Invitation(8501, "http", ("192.168.1.7", "10.0.0.2"))
    text = invitation.written(told, "K7NPQ4", "s3cr3t", 140)
    for part in ("http://192.168.1.7:8501", "K7NPQ4", "http://10.0.0.2:8501", "firewall", "client isolation"):
        assert part in text
    assert text.index("s3cr3t") > text.index("client isolation")
    assert text.count("s3cr3t") == 1
    assert "http://192.168.1.7:8501/teach#s3cr3t" in text
    assert max(len(line) for line in text.splitlines()) <= 140
    narrow = invitation.written(told, "K7NPQ4", "s3cr3t", 60)
    assert all(line in narrow for line in large("K7NPQ4"))
    assert large("192.168.1.7:8501")[0] not in narrow


def test_without_a_network_it_says_so():
    told = invitation.Invitation(8501, "http")
    assert "in no network" in invitation.written(told, "K7NPQ4", "x", 100)
    assert told.join_link("K7NPQ4") == "http://127.0.0.1:8501/classroom?code=K7NPQ4"


def test_large_letters_and_qr_codes_are_drawn():
    lines = large("K7")
    assert len(lines) >= 3
    assert set("".join(lines)) <= set(" ▀▄█")
    assert large("K7") != large("7K")
    assert len(qr_on_terminal("http://192.168.1.7:8501/classroom?code=K7NPQ4").splitlines()) > 10
    assert qr_picture("a") != qr_picture("b")
