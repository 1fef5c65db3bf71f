"""What belongs to somebody: everyone may look, as far as it is open to them, and only its owner may change it."""

from collections.abc import Callable

from lib.telling import Refusal


class NotYours(Refusal):
    """A wish about something that belongs to somebody else; the text says so."""


class NotNow(NotYours):
    """A wish that a teacher has turned off for her class just now; the interface has a sentence for it."""


def check_owner(what: str, owner: str, by: str) -> None:
    """Raise NotYours unless `by` is the owner of `what`, as people call it."""
    if by != owner:
        raise NotYours(f"{what} belongs to another browser: you may watch it, but not change it.")


_asked: list[Callable[[str, str], None]] = []


def ask_first(may: Callable[[str, str], None] | None) -> None:
    """Have `may(act, by)` called before "own_classes", "uploads" and "deleting" of sets; None: nobody is asked.

    It raises NotNow, or NotYours in plain words, if not.
    """
    _asked[:] = [] if may is None else [may]


def check_act(act: str, by: str) -> None:
    """NotYours, in plain words, if somebody has something against this."""
    for may in _asked:
        may(act, by)
