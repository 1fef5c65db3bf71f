"""What a teacher may: a caller of another kind, who exists only where a teacher's pass was shown."""

from collections.abc import Callable

from lib.classroom import rights
from lib.classroom.record import Door, Student
from lib.classroom.room import Room
from lib.runs import Registry, Run

STOP_AND_LOOK = "Everybody stops and looks. It goes on when your teacher lets all go on."
HELD = "Your teacher paused this run. It goes on when she lets it."


class Teacher:
    """The class in a teacher's hands. `teacher_with` makes one, for the pass that the secret link gave."""

    def __init__(self, room: Room, registry: Registry) -> None:
        self._room, self._registry = room, registry

    # ---- who is in ----

    def set_door(self, door: Door) -> None:
        """Open: with the code everybody comes in; ask: each waits for `admit`; closed: nobody comes in."""
        self._room.set_door(door)
        if door == "open":
            for student in self._room.students:
                if student.state == "waiting":
                    self._room.change(student.key, state="in")

    def admit(self, key: str) -> None:
        """Let in who waits, or who was removed."""
        self._room.change(key, state="in")

    def remove(self, key: str) -> None:
        """Send somebody out, or refuse who waits: her runs end, and her browser cannot come back by itself."""
        student = self._room.change(key, state="removed")
        if student is not None:
            for run in self._open_runs(student):
                run.stop(student.owner)

    def rename(self, key: str, name: str) -> None:
        """Give a student another name; Refused as for herself."""
        if (student := self._room.by_key(key)) is not None:
            self._room.rename(student.owner, name)

    def lower_hand(self, key: str) -> None:
        """She was helped."""
        if (student := self._room.by_key(key)) is not None and student.state == "in":
            self._room.raise_hand(student.owner, False)

    # ---- runs ----

    def stop_and_look(self, sentence: str = "") -> None:
        """Pause every run but a teacher's, keep new ones from starting, and let `sentence` stand over every page."""
        self._room.stopped = " ".join(sentence[:200].split())
        for run in self._registry.at_hand():
            if not self._room.is_teachers(run.owner):
                self._hold(run, STOP_AND_LOOK)

    def go_on(self) -> None:
        """Let everybody go on, but not the runs that were paused one by one."""
        self._room.stopped = None
        for run in self._registry.at_hand():
            if run.is_held and run.id not in self._room.paused_runs:
                run.release()

    def pause(self, key: str) -> None:
        """Hold a student's runs, until `free`."""

        def hold(run: Run) -> None:
            self._room.paused_runs.add(run.id)
            self._hold(run, HELD)

        self._each_run(key, hold)

    def free(self, key: str) -> None:
        """Let a student's runs go on that were paused one by one."""

        def release(run: Run) -> None:
            self._room.paused_runs.discard(run.id)
            if self._room.stopped is None:
                run.release()

        self._each_run(key, release)

    def stop(self, key: str) -> None:
        """End a student's runs; what they learned is kept."""
        self._each_run(key, lambda run: run.stop(run.owner))

    def _each_run(self, key: str, act: Callable[[Run], None]) -> None:
        if (student := self._room.by_key(key)) is not None:
            for run in self._open_runs(student):
                act(run)

    def _open_runs(self, student: Student) -> list[Run]:
        return [run for run in self._registry.at_hand() if run.owner == student.owner and not run.has_ended]

    def _hold(self, run: Run, why: str) -> None:
        if not run.has_ended and not run.is_held:
            run.hold(why)


def teacher_with(shown: str, room: Room | None, registry: Registry) -> Teacher | None:
    """The teacher's hands for who shows a pass that we gave out; None for everybody else."""
    return Teacher(room, registry) if room is not None and rights.teacher_of(shown) else None
