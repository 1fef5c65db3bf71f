"""Under which addresses this machine can be reached: those of all its network cards, the likeliest first."""

import ipaddress
import socket
import ssl
import urllib.request
from collections.abc import Iterable
from typing import NamedTuple

import ifaddr

# Cards that only this machine knows: containers, virtual machines, tunnels.
_INWARD = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vethernet", "wsl", "lxc", "podman", "tun", "tap",
           "utun", "zt", "tailscale", "wg")  # fmt: skip


class Card(NamedTuple):
    """A network card's name and one address of it."""

    name: str
    address: str


def cards() -> list[Card]:
    """Every IPv4 address of this machine that others may reach; those of IPv6 nobody wants to type."""
    found = [
        Card(adapter.nice_name, str(ip.ip)) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4
    ]
    return [card for card in found if _may_reach(card.address)]


def likeliest_first(found: Iterable[Card], towards_others: str | None) -> list[str]:
    """The addresses, each once: that of the way out of here, then other cards', then those that lead inwards."""

    def rank(card: Card) -> tuple[int, bool]:
        inward = card.name.lower().startswith(_INWARD)
        private = ipaddress.ip_address(card.address).is_private  # a school's network is
        return (0 if card.address == towards_others and not inward else 2 if inward else 1), not private

    return list(dict.fromkeys(card.address for card in sorted(found, key=rank)))


def towards_others() -> str | None:
    """The address that this machine sends from; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # set aside for examples: there is nobody
            address: str = probe.getsockname()[0]
        except OSError:
            return None
    return address if _may_reach(address) else None


def answering(port: int, scheme: str, seconds: float = 2.0) -> list[str]:
    """The addresses at which the server on this port answers now, the likeliest first."""
    return [each for each in likeliest_first(cards(), towards_others()) if answers(each, port, scheme, seconds)]


def answers(address: str, port: int, scheme: str, seconds: float = 2.0) -> bool:
    """True if our own server can be asked under this address; the certificate is our own, so nobody else vouches."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(f"{scheme}://{address}:{port}/_stcore/health", timeout=seconds) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _may_reach(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)
