"""The shapes of what pages may wish of the class: whatever has another one is refused before anything is done."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from lib.classroom.allowing import Size
from lib.classroom.averaging import Start
from lib.classroom.leaderboard import Kind
from lib.classroom.rehearsing import FEWEST, MOST
from lib.classroom.showing import Screen

_Key = Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
_Parts = Annotated[dict[str, Annotated[str, Field(max_length=400)]], Field(max_length=60)]


class Wish(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class OneStudent(Wish):
    wish: Literal["admit", "remove", "pause", "free", "stop", "lower_hand", "show"]
    key: _Key


class OfTheDoor(Wish):
    wish: Literal["set_door"]
    door: Literal["open", "ask", "closed"]


class StopAndLook(Wish):
    wish: Literal["stop_and_look"]
    sentence: Annotated[str, Field(max_length=200)] = ""


class Plain(Wish):
    wish: Literal[
        "go_on",
        "clear_projector",
        "close_question",
        "wipe",
        "cancel_vote",
        "let_pictures_in",
        "close_leaderboard",
        "cancel_rehearsal",
    ]


class Ask(Wish):
    wish: Literal["ask"]
    text: Annotated[str, Field(max_length=300)]
    options: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)]


class AskAbout(Wish):
    wish: Literal["ask_about"]
    parts: _Parts


class LetRunDecide(Wish):
    wish: Literal["let_run_decide"]


class Decide(Wish):
    wish: Literal["decide"]
    right: Annotated[int, Field(ge=0, lt=10)]


class OfAPage(Wish):
    page: Annotated[str, Field(max_length=20)]
    parts: _Parts


class Send(OfAPage):
    wish: Literal["send"]
    to: Annotated[list[_Key], Field(max_length=100)] | None = None


class Lead(OfAPage):
    wish: Literal["lead"]
    on: bool


class Went(OfAPage):
    wish: Literal["went"]


class Project(Wish):
    wish: Literal["project"]
    screen: Screen


class OfTheShelf(Wish):
    wish: Literal["show_moment", "forget_moment"]
    key: _Key


class KeepMoment(Wish):
    wish: Literal["keep_moment"]
    caption: Annotated[str, Field(max_length=120)] = ""


class Allow(Wish):
    wish: Literal["allow"]
    what: Annotated[str, Field(max_length=30)]
    on: bool
    parts: _Parts | None = None  # the teacher's set-up: the class keeps its value


class Limit(Wish):
    wish: Literal["limit"]
    size: Size


class HoldVote(Wish):
    wish: Literal["hold_vote"]
    data: Annotated[str, Field(max_length=60)]


class OpenLeaderboard(Wish):
    wish: Literal["open_leaderboard"]
    data: Annotated[str, Field(max_length=60)]
    kind: Kind
    most: Annotated[int, Field(ge=1, le=10_000_000)]


class Gather(Wish):
    wish: Literal["gather"]
    data: Annotated[str, Field(max_length=60)]


class OfAPicture(Wish):
    wish: Literal["let_picture_in", "take_picture_out", "throw_picture_away"]
    key: _Key


class NameVoters(Wish):
    wish: Literal["name_voters"]
    on: bool


class SendStarts(Wish):
    wish: Literal["send_starts"]
    start: Start
    parts: _Parts


class Rehearse(Wish):
    wish: Literal["rehearse"]
    students: Annotated[int, Field(ge=FEWEST, le=MOST)]
    parts: _Parts


TeacherWish = Annotated[
    OneStudent | OfTheDoor | StopAndLook | Plain | Send | Lead | Went | Project | OfTheShelf | KeepMoment
    | Allow | Limit | Ask | AskAbout | LetRunDecide | Decide | HoldVote
    | NameVoters | SendStarts | OpenLeaderboard | Gather | OfAPicture | Rehearse,
    Field(discriminator="wish"),
]  # fmt: skip
TEACHER_WISH: TypeAdapter[TeacherWish] = TypeAdapter(TeacherWish)


class Hand(Wish):
    wish: Literal["hand"]
    up: bool


class Active(Wish):
    wish: Literal["active", "leave_teacher"]


class Answer(Wish):
    wish: Literal["answer"]
    key: _Key
    choice: Annotated[int, Field(ge=0, lt=10)]


StudentWish = Annotated[Hand | Active | Answer, Field(discriminator="wish")]
STUDENT_WISH: TypeAdapter[StudentWish] = TypeAdapter(StudentWish)
