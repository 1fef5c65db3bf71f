"""The room: who is in it, by which name, and since when nobody has heard of her. One room a process."""

import threading
from collections.abc import Container
from pathlib import Path

from lib.classroom import rights
from lib.classroom.asking import Asking
from lib.classroom.gathering import Gathering
from lib.classroom.leaderboard import Leaderboard
from lib.classroom.presence import Attended
from lib.classroom.record import FOLDER, Door, Refused, State, Student, read_record, write_record
from lib.classroom.ruling import Ruled
from lib.classroom.sending import Sending
from lib.classroom.showing import Showing
from lib.classroom.side_door import SideDoor
from lib.classroom.tries import Tries
from lib.classroom.two_words import chosen_name, is_taken, new_name, plain_code
from lib.classroom.voting import Vote
from lib.datasets.apart import keep_apart
from lib.datasets.owned import ask_first
from lib.home import home

MOST_STUDENTS = 60  # in the room and before its door
_MOST_KNOWN = 600  # with those who were removed


class Room(Ruled, Attended):
    """A class under way. Whoever asks is named by her browser (`owner`); what a teacher may is in `teaching`."""

    def __init__(self, folder: Path) -> None:
        self.secret = rights.new_secret()  # of the teacher's link; a new one whenever the class is opened
        self.side_door = SideDoor()
        self.stopped: str | None = None  # "everybody stop and look": the sentence over every page
        self.paused_runs: set[str] = set()  # by the teacher, one by one
        self.sending = Sending()
        self.showing = Showing(folder / FOLDER)
        self.asking = Asking(folder / FOLDER)
        self.gathering = Gathering(folder / FOLDER)
        self.leaderboard = Leaderboard(folder / FOLDER)
        self.vote: Vote | None = None  # the last one that was counted
        self.voters_named = False  # on the projector, if the teacher says so
        self._folder = folder
        self._lock = threading.RLock()
        self._record = read_record(folder)
        self._present = {}
        self._wrong_codes = Tries(60, 2_000, 600.0)  # of one address, of all, in so many seconds
        self._joined = Tries(MOST_STUDENTS, 200, 600.0)
        self._wrong_secrets = Tries(10, 100, 600.0)

    # ---- the door ----

    def join(self, owner: str, code: str, address: str) -> Student:
        """Come in with the code, or ask to; who is in already stays who she is. Refused says why not."""
        with self._lock:
            if (known := self.student(owner)) is not None:
                return self._again(known)
            if self.side_door.lets_in(code):
                return self._come(owner, rehearses=True)
            if not self._wrong_codes.may(address) or not self._joined.may(address):
                raise Refused("too_often")
            if not rights.same(plain_code(code), self._record.code):
                self._wrong_codes.count(address)
                raise Refused("wrong_code")
            if self._record.door == "closed":
                raise Refused("closed")
            there = [each for each in self._record.students if each.state != "removed" and not each.rehearses]
            if len(there) >= MOST_STUDENTS or len(self._record.students) >= _MOST_KNOWN:
                raise Refused("full", most=MOST_STUDENTS)
            self._joined.count(address)
            return self._come(owner, "waiting" if self._record.door == "ask" else "in")

    def _come(self, owner: str, state: State = "in", *, rehearses: bool = False) -> Student:
        name = new_name({each.name for each in self._record.students})
        student = Student(owner=owner, name=name, state=state, rehearses=rehearses)
        self._keep(students=(*self._record.students, student))
        return student

    def rename(self, owner: str, wanted: str) -> Student:
        """Call a student as she wants to be called, cleaned; Refused if nothing is left of it or somebody has it."""
        with self._lock:
            student = self.somebody_in(owner)
            name = chosen_name(wanted)
            if not name:
                raise Refused("no_name")
            if is_taken(name, (each.name for each in self._record.students if each.owner != owner)):
                raise Refused("name_taken", name=name)
            return self._change(student, name=name)

    def leave(self, owner: str) -> None:
        """Somebody else sits here now: the browser gets another name; what she did stays."""
        with self._lock:
            self._present.pop(owner, None)

    def claim(self, secret: str, address: str, owner: str | None) -> str:
        """A teacher's pass for who has the secret of the link; Refused if not, or after too many tries."""
        if not self._wrong_secrets.may(address):
            raise Refused("too_often")
        if not rights.same(secret, self.secret):
            self._wrong_secrets.count(address)
            raise Refused("wrong_secret")
        with self._lock:
            if owner and owner not in self._record.teachers:
                self._keep(teachers=(*self._record.teachers, owner)[-20:])
        return rights.new_pass()

    # ---- who is there ----

    @property
    def code(self) -> str:
        """What students type to come in."""
        return self._record.code

    @property
    def door(self) -> Door:
        """Whether newcomers may come in."""
        return self._record.door

    @property
    def students(self) -> tuple[Student, ...]:
        """Everybody that the class knows, in the order of coming."""
        return self._record.students

    def student(self, owner: str) -> Student | None:
        """Who sits at this browser, also one that waits or was removed."""
        return next((each for each in self._record.students if each.owner == owner), None)

    def by_key(self, key: str) -> Student | None:
        """The student of a tile."""
        return next((each for each in self._record.students if each.key == key), None)

    def is_in(self, owner: str) -> bool:
        """True for students in the room, and for teachers' browsers."""
        student = self.student(owner)
        return (student is not None and student.state == "in") or self.is_teachers(owner)

    def is_teachers(self, owner: str) -> bool:
        """True for a browser that came by the teacher's link: its runs are a teacher's own."""
        return owner in self._record.teachers

    def rehearses(self, owner: str) -> bool:
        """True for a simulated student's browser."""
        student = self.student(owner)
        return student is not None and student.rehearses

    # ---- changes, also for `teaching` ----

    def change(self, key: str, **changed: str) -> Student | None:
        """Change what is kept of one student; None if there is none with this key."""
        with self._lock:
            student = self.by_key(key)
            return None if student is None else self._change(student, **changed)

    def set_door(self, door: Door) -> None:
        """Let newcomers in, let them ask, or keep them out."""
        with self._lock:
            self._keep(door=door)

    def forget_students(self) -> None:
        """Nobody is known any more, and nothing is off; the code and the teachers stay."""
        with self._lock:
            self._present.clear()
            self.stopped = self.vote = None
            self.voters_named = False
            self._keep(students=(), off=(), values={}, size="free")

    def forget(self, keys: Container[str]) -> None:
        """These students are not known any more."""
        with self._lock:
            for student in (each for each in self._record.students if each.key in keys):
                self._present.pop(student.owner, None)
            self._keep(students=tuple(each for each in self._record.students if each.key not in keys))

    def _again(self, known: Student) -> Student:
        if known.state == "removed":
            raise Refused("removed")
        if known.state == "waiting" and self._record.door == "open":
            return self._change(known, state="in")
        return known

    def somebody_in(self, owner: str) -> Student:
        """The student at this browser; Refused unless she is in the room."""
        student = self.student(owner)
        if student is None or student.state != "in":
            raise Refused("not_in")
        return student

    def _change(self, student: Student, **changed: str) -> Student:
        new = student.model_copy(update=changed)
        self._keep(students=tuple(new if each.key == student.key else each for each in self._record.students))
        return new

    def _keep(self, **changed: object) -> None:
        self._record = self._record.model_copy(update=changed)
        write_record(self._folder, self._record)


_rooms: list[Room] = []


def open_room() -> Room:
    """Open the class of this home, as it was left; from then on the process serves a class."""
    room = Room(home().absolute())
    keep_apart(rights.seed_of_hidden())  # before any page has shown a picture
    _rooms[:] = [room]
    return room


def the_room() -> Room | None:
    """The class that this process serves; None where it serves somebody alone."""
    return _rooms[0] if _rooms else None


def close_room() -> None:
    """Serve no class any more; what is kept of it stays."""
    _rooms.clear()
    keep_apart(None)
    ask_first(None)
