"""What a teacher does with the class as a class: votes, pictures of its own, a leaderboard."""

from collections.abc import Generator

from lib.classroom.electorate import hold_vote
from lib.classroom.leaderboard import Kind
from lib.classroom.record import Refused
from lib.classroom.room import Room
from lib.classroom.voting import Vote
from lib.runs import Registry


class Together:
    """The part of a teacher's hands that holds all together."""

    def __init__(self, room: Room, registry: Registry) -> None:
        self._room, self._registry = room, registry

    def hold_vote(self, data: str) -> Generator[float, None, Vote]:
        """Have all nets that were trained on this data set answer together; yields the share that is done."""
        vote = yield from hold_vote(self._room, self._registry, data)
        if not any(self._room.by_key(each.student) for each in vote.counted.voters):
            raise Refused("too_few_nets")  # the class was wiped meanwhile
        self._room.vote = vote
        return vote

    def gather(self, data: str) -> None:
        """Let students add pictures of this data set's classes; "" ends it."""
        if data:
            self._room.gathering.begin(data)
        else:
            self._room.gathering.end()

    def let_picture_in(self, key: str) -> None:
        """Let one picture into the class's set."""
        self._room.gathering.let_in(key)

    def let_pictures_in(self) -> None:
        """Let all in that wait."""
        self._room.gathering.let_in()

    def take_picture_out(self, key: str) -> None:
        """Take one picture out of the class's set; it waits again."""
        self._room.gathering.take_out(key)

    def throw_picture_away(self, key: str) -> None:
        """Delete a picture that somebody added."""
        self._room.gathering.throw_away(key)

    def name_voters(self, on: bool) -> None:
        """Say on the projector who helps the vote the most, or keep it to this desk."""
        self._room.voters_named = on

    def open_leaderboard(self, data: str, kind: Kind, most: int) -> None:
        """Let runs on this data set be handed in that keep within the budget; another one begins anew."""
        self._room.leaderboard.begin(data, kind, most)

    def close_leaderboard(self) -> None:
        """No run is handed in any more; what stands there stays."""
        self._room.leaderboard.end()
