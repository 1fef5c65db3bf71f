"""How a class comes in: what `make classroom` writes on the terminal, and what the projector shows."""

import shutil
import sys
import threading
import time
from dataclasses import dataclass

from lib.classroom.addresses import answering, answers
from lib.classroom.large_type import large, qr_on_terminal
from lib.classroom.room import Room

_START_SECONDS = 60.0  # until the server answers
_LOOK_SECONDS = 0.3
_BOLD, _PLAIN = "\033[1m", "\033[0m"
_IF_NOT = """\
If a tablet finds no page there: this machine's firewall may keep port {port} closed (allow it for Python, or for
"private networks"), or the school's Wi-Fi keeps devices apart ("client isolation"); then a cable, a hotspot of your
own or the network's keeper helps."""
_WARNING = """\
Where no authority vouches for the certificate, browsers warn once: "Advanced", then "Continue"; cameras and the
clipboard work after that."""


@dataclass(slots=True)
class Invitation:
    """Where the class is: `addresses` answered when they were looked at last, the likeliest first."""

    port: int
    scheme: str
    addresses: tuple[str, ...] = ()

    def base(self, address: str | None = None) -> str:
        """The address to type; `address`: one of the others."""
        host = address or (self.addresses[0] if self.addresses else "127.0.0.1")
        return f"{self.scheme}://{host}:{self.port}"

    def join_link(self, code: str, address: str | None = None) -> str:
        """What the QR code says."""
        return f"{self.base(address)}/classroom?code={code}"

    def look(self) -> None:
        """Ask all addresses of this machine anew."""
        self.addresses = tuple(answering(self.port, self.scheme))


_invitations: list[Invitation] = []


def the_invitation() -> Invitation | None:
    """Where the class of this process is; None before its server answers."""
    return _invitations[0] if _invitations else None


def invite(room: Room, port: int, scheme: str) -> threading.Thread:
    """Write the invitation on the terminal as soon as the server answers."""
    invitation = Invitation(port, scheme)
    _invitations[:] = [invitation]
    thread = threading.Thread(target=_when_it_answers, args=(room, invitation), name="invitation", daemon=True)
    thread.start()
    return thread


def _when_it_answers(room: Room, invitation: Invitation) -> None:
    until = time.monotonic() + _START_SECONDS
    while not answers("127.0.0.1", invitation.port, invitation.scheme):
        if time.monotonic() > until:
            print("The server does not answer; no invitation can be written.", file=sys.stderr, flush=True)
            return
        time.sleep(_LOOK_SECONDS)
    invitation.look()
    print(written(invitation, room.code, room.secret, shutil.get_terminal_size().columns), flush=True)


def written(invitation: Invitation, code: str, secret: str, columns: int = 80) -> str:
    """The whole invitation, no wider than the terminal where it need not be."""
    first = invitation.base()
    shown = first.partition("://")[2]
    parts = ["", f"{_BOLD}Glasshouse is open for a class.{_PLAIN}  Students type or scan:", ""]
    parts += [*_as_large_as_fits(shown, columns), "", f"  {_BOLD}{first}{_PLAIN}    code {_BOLD}{code}{_PLAIN}", ""]
    parts += [*_as_large_as_fits(code, columns), "", qr_on_terminal(invitation.join_link(code)), ""]
    if not invitation.addresses:
        parts += ["This machine is in no network: only it can open that address.", ""]
    if others := invitation.addresses[1:]:
        parts += ["It answers there too: " + "  ".join(map(invitation.base, others)), ""]
    parts += [_IF_NOT.format(port=invitation.port), ""]
    parts += [_WARNING, ""] if invitation.scheme == "https" else []
    parts += ["For the teacher alone, not for the projector:", f"  {_BOLD}{first}/teach#{secret}{_PLAIN}", ""]
    return "\n".join([*parts, "Ctrl+C ends the class; everybody's runs are kept."])


def _as_large_as_fits(text: str, columns: int) -> list[str]:
    lines = large(text)
    return [f"  {line}" for line in lines] if max(map(len, lines)) + 2 <= columns else []
