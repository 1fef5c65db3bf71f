"""What a teacher may: a caller of another kind, who exists only where a teacher's pass was shown."""

from collections.abc import Callable, Generator, Mapping, Sequence

from lib.classroom import rights
from lib.classroom.allowing import Size
from lib.classroom.record import Door, Refused, Student
from lib.classroom.rehearsing import Command, Rehearsed, rehearse
from lib.classroom.room import Room
from lib.classroom.showing import Screen
from lib.classroom.taking_home import wipe
from lib.classroom.together import Together
from lib.config import RunConfig
from lib.runs import Registry, Run

STOP_AND_LOOK = "Everybody stops and looks. It goes on when your teacher lets all go on."
HELD = "Your teacher paused this run. It goes on when she lets it."


class Teacher(Together):
    """The class in a teacher's hands. `teacher_with` makes one, for the pass that the secret link gave."""

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

    # ---- sending, showing, allowing ----

    def send(
        self, page: str, parts: Mapping[str, str], to: Sequence[str] | None = None, configs: Sequence[RunConfig] = ()
    ) -> None:
        """Bring all, or those with these keys, to a page with this address; never to the teacher's own run.

        configs: the set-ups that are in it: what a teacher sends may be trained
        """
        self._room.sending.send(page, parts, to)
        self._room.agree(configs)

    def keys_in(self) -> list[str]:
        """The keys of those who are in the room."""
        return [student.key for student in self._room.students if student.state == "in"]

    def lead(self, on: bool, page: str, parts: Mapping[str, str]) -> None:
        """Have everybody follow wherever the teacher goes, for a minute; or no longer."""
        if not on:
            self._room.sending.lead(0)
            return
        self._room.sending.lead()
        self.went(page, parts)

    def went(self, page: str, parts: Mapping[str, str]) -> None:
        """The teacher went to a page: who follows comes along; a page that is hers alone is no place to follow to."""
        self._room.sending.went(page, parts)

    def show(self, key: str) -> None:
        """Put a student's newest run on the projector, without its name, or take it off."""
        student = self._room.by_key(key)
        runs = [run for run in self._registry.at_hand() if student is not None and run.owner == student.owner]
        if not runs:
            raise Refused("no_run")
        open_runs = [run for run in runs if not run.has_ended]
        newest = max(open_runs or runs, key=lambda run: run.created)
        self._room.showing.show_run(newest.id)

    def project(self, screen: Screen) -> None:
        """Turn the projector to another screen."""
        self._room.showing.turn_to(screen)

    def clear_projector(self) -> None:
        """Take all runs off the projector."""
        self._room.showing.clear()

    def keep_moment(self, caption: str) -> None:
        """Put what the projector shows on the shelf."""
        self._room.showing.keep_moment(caption, self._registry)

    def show_moment(self, key: str) -> None:
        """Show a kept moment."""
        self._room.showing.show_moment(key)

    def forget_moment(self, key: str) -> None:
        """Take a moment off the shelf."""
        self._room.showing.forget_moment(key)

    def allow(self, what: str, on: bool, config: RunConfig | None = None) -> None:
        """Allow the class something from now on, or do not; of a control that is off it keeps `config`'s value."""
        self._room.turn(what, on, config)

    def limit(self, size: Size) -> None:
        """Choose how large the class's runs may be, from the next start on."""
        self._room.set_size(size)

    # ---- asking, ending ----

    def ask(self, text: str, options: Sequence[str]) -> None:
        """Ask the class something; Refused without two different answers."""
        self._room.asking.ask(text, options)
        self._room.showing.turn_to("question")

    def ask_about(self, config: RunConfig) -> None:
        """Ask what this set-up will do."""
        self._room.asking.ask_about(config)
        self._room.showing.turn_to("question")

    def close_question(self) -> None:
        """No answer counts from now on."""
        self._room.asking.close()

    def let_run_decide(self, owner: str) -> None:
        """Train the set-up that was asked about, as this teacher's own run; Refused where it would not be started."""
        asked = self._room.asking.newest()
        if asked is None or asked.config is None or asked.run is not None:
            raise Refused("no_question")
        try:
            run = self._registry.start(asked.config, owner)
        except ValueError:
            raise Refused("not_started") from None
        self._room.asking.let_decide(run)

    def decide(self, right: int) -> None:
        """This answer came true."""
        self._room.asking.decide(right)

    def wipe(self) -> None:
        """Forget the class, its runs and all that it left; the code and the teacher's own runs stay."""
        wipe(self._room, self._registry)

    def rehearse(self, command: Command, students: int) -> Generator[float, None, Rehearsed]:
        """Have simulated students attend; yields the share that is done."""
        return rehearse(self._room, self._registry, command, students)

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
