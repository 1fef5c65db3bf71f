"""An experiment as plain values: its members, what each came to, and the verdict. What is kept on disk is this."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from lib.config import RunConfig
from lib.telling import Told

ExperimentState = Literal["running", "finished", "cancelled", "failed"]


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Planned(_Plain):
    """One run before it starts. Members of one `panel` are drawn together; `label` tells them apart there."""

    panel: str
    label: str
    config: RunConfig
    values: dict[str, JsonValue] = {}  # what an experiment changes, by the name of the setting


class Result(_Plain):
    """What a run came to. Losses that are no numbers any more, and what was not measured, are None."""

    state: Literal["finished", "stopped", "failed"]
    steps: int
    epochs: float  # as far as it came
    seconds: float  # of training and validation, without pauses
    train_loss: float | None = None  # of the last whole epoch
    train_accuracy: float | None = None
    valid_loss: float | None = None
    valid_accuracy: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None
    diverged: bool | None = None  # its loss stopped being a number; None in what an older version kept

    @property
    def has_diverged(self) -> bool:
        """Whether it ended because its loss stopped being a number."""
        return self.state == "failed" if self.diverged is None else self.diverged


class Member(Planned):
    """One run of an experiment: waiting, under way (it has a run) or done (it has a result)."""

    run: str | None = None  # the run's id
    result: Result | None = None
    note: Told | str | None = None  # why there is no result: it never started, or its run was deleted
    stopped: Told | str | None = None  # why it was stopped early

    @property
    def is_open(self) -> bool:
        """True while its run is under way."""
        return self.run is not None and self.result is None and self.note is None

    @property
    def is_waiting(self) -> bool:
        """True before its run has started."""
        return self.run is None and self.note is None


class Judged(_Plain):
    """One word for a panel, and the numbers behind it. A panel between two words has both: "good/bounces"."""

    word: str
    reason: Told | str  # a sentence in English where an older version kept it


class Verdict(_Plain):
    """What an experiment showed, in sentences with its numbers; `panels` by name."""

    sentence: tuple[Told, ...] | str  # in English where an older version kept it
    panels: dict[str, Judged] = {}
    best: str | None = None  # the panel that came out ahead, if one did


class Experiment(_Plain):
    """All of an experiment. Never changed in place: what is newer is another value."""

    id: str
    kind: str
    title: str
    owner: str
    created: float  # Unix time
    members: tuple[Member, ...]
    options: dict[str, JsonValue] = {}  # what was chosen, for the words on the page and for later members
    at_once: int = 4  # members that train at the same time
    state: ExperimentState = "running"
    message: Told | str | None = None
    verdict: Verdict | None = None

    @property
    def has_ended(self) -> bool:
        """True when no member will be started any more."""
        return self.state != "running"

    def panels(self) -> dict[str, list[Member]]:
        """The members by panel, in order."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            found.setdefault(member.panel, []).append(member)
        return found

    def with_member(self, index: int, **changed: Any) -> "Experiment":
        """The same with one member changed."""
        members = list(self.members)
        members[index] = members[index].model_copy(update=changed)
        return self.model_copy(update={"members": tuple(members)})
