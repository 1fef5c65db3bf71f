"""Where a teacher sends the class: a page with its address, once, or for a while wherever she goes herself."""

import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from lib.classroom.record import Refused, Student

Page = Literal["start", "learn", "data", "train", "look_inside", "classify", "diagnose", "compare", "labs"]
PAGES: tuple[Page, ...] = get_args(Page)
FOLLOW_SECONDS = 60.0
_GOOD_SECONDS = 600.0  # whoever opens a page later than that is not sent any more
_NAME, _LONGEST, _MOST = re.compile(r"[a-z][a-z_-]{0,29}"), 400, 40
# What is the sender's own, or no part of what a page shows: her run, her way in, her language.
_HER_OWN = frozenset({"run", "code", "screen", "lang", "embed", "embed_options"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending: `parts` of the address of `page`, without what is the teacher's own; `to`: keys, None for all."""

    number: int
    page: Page
    parts: tuple[tuple[str, str], ...]
    to: frozenset[str] | None
    made: float  # Unix time
    followed: bool = False  # it comes of "follow me", which a student may have left


class Sending:
    """What was sent last, and until when the class follows. Asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: list[Sent] = []
        self._until = 0.0  # Unix time
        self._left: set[str] = set()  # keys of those who do not follow this time
        self.followed: dict[str, int] = {}  # the number that a student, by key, was brought by last

    def send(self, page: str, parts: Mapping[str, str], to: Iterable[str] | None = None) -> Sent:
        """Send all, or those with these keys; Refused for a page or an address that is none of ours."""
        return self._add(page, parts, None if to is None else frozenset(to), followed=False)

    def lead(self, seconds: float = FOLLOW_SECONDS) -> None:
        """From now on everybody follows, for `seconds`; 0 ends it."""
        with self._lock:
            self._left.clear()
            self._until = time.time() + seconds

    def went(self, page: str, parts: Mapping[str, str]) -> None:
        """The teacher went to a page; nothing happens unless the class follows."""
        if self.seconds_left() > 0:
            self._add(page, parts, None, followed=True)

    def seconds_left(self) -> float:
        """How long the class still follows."""
        return max(0.0, self._until - time.time())

    def follows(self, student: Student) -> bool:
        """True while this student follows and has not left."""
        return self.seconds_left() > 0 and student.key not in self._left

    def leave(self, student: Student) -> None:
        """A student goes her own way, until the class follows anew."""
        with self._lock:
            self._left.add(student.key)

    def newest_for(self, student: Student) -> Sent | None:
        """What was sent to this student last; nothing that is old, or older than her coming."""
        since = max(student.joined, time.time() - _GOOD_SECONDS)
        with self._lock:
            mine = [sent for sent in self._sent if sent.made > since and (sent.to is None or student.key in sent.to)]
            mine = [sent for sent in mine if not (sent.followed and student.key in self._left)]
            return mine[-1] if mine else None

    def _add(self, page: str, parts: Mapping[str, str], to: frozenset[str] | None, *, followed: bool) -> Sent:
        if page not in PAGES:
            raise Refused("unknown_page")
        kept = {name: value for name, value in parts.items() if name not in _HER_OWN}
        if len(kept) > _MOST or any(not _NAME.fullmatch(name) or len(value) > _LONGEST for name, value in kept.items()):
            raise Refused("no_address")
        now = time.time()
        with self._lock:
            number = max(int(1000 * now), self._sent[-1].number + 1 if self._sent else 0)
            sent = Sent(number, page, tuple(kept.items()), to, now, followed)
            self._sent = [*self._sent, sent][-150:]  # each of a class may be sent something of her own
        return sent
