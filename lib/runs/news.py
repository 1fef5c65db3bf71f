"""What a turn has to tell: said at once where it is computed beside its viewers, or noted and told once it is back."""

from dataclasses import asdict
from typing import Any, Protocol

from torch import Tensor

from lib.training.evaluation import Evaluation
from lib.training.events import EpochEnd

_HEAVY = {"moment", "weights", "tested"}  # tensors; everything else is small and plain


class News(Protocol):
    """Who is told; positions are counted in epochs since the start."""

    def start(self, valid_loss: float, valid_accuracy: float) -> None:
        """Tell what the random start scored."""

    def point(self, position: float, loss: float, accuracy: float) -> None:
        """Tell the mean of the steps since the last point."""

    def epoch(self, event: EpochEnd) -> None:
        """Tell the end of an epoch."""

    def mark(self, position: float, learning_rate: float) -> None:
        """Tell that the learning rate was changed."""

    def check(self, position: float, loss: float, accuracy: float) -> None:
        """Tell validation on a sample, between epochs."""

    def progress(self, counters: dict[str, Any], progress: float) -> None:
        """Tell where the run is; `progress` 0..1 with all its digits."""

    def glimpse(self, step: int, answers: list[tuple[int, float]]) -> None:
        """Tell what the net answers to the strip of test pictures."""

    def weights(self, step: int, weights: dict[str, Tensor]) -> None:
        """Tell a copy of the weights."""

    def moment(self, step: int, weights: dict[str, Tensor]) -> None:
        """Tell weights for the time machine: the net's own, which are to be copied at once."""

    def tested(self, found: Evaluation) -> None:
        """Tell how it did on the test pictures at its end."""


class Notes:
    """News for later: plain ones that travel to the server at once, and heavy ones that it fetches with the state."""

    def __init__(self) -> None:
        self.plain: list[list[Any]] = []
        self.heavy: list[tuple[str, tuple[Any, ...]]] = []
        self.are_known = False  # what is told just now was told before: only what is heavy is noted again

    def start(self, valid_loss: float, valid_accuracy: float) -> None:
        """Note what the random start scored."""
        self._note("start", valid_loss, valid_accuracy)

    def point(self, position: float, loss: float, accuracy: float) -> None:
        """Note a point."""
        self._note("point", position, loss, accuracy)

    def epoch(self, event: EpochEnd) -> None:
        """Note the end of an epoch."""
        self._note("epoch", asdict(event))

    def mark(self, position: float, learning_rate: float) -> None:
        """Note another learning rate."""
        self._note("mark", position, learning_rate)

    def check(self, position: float, loss: float, accuracy: float) -> None:
        """Note a look at validation pictures."""
        self._note("check", position, loss, accuracy)

    def progress(self, counters: dict[str, Any], progress: float) -> None:
        """Note where the run is; the newest alone matters."""
        self.plain = [note for note in self.plain if note[0] != "progress"]
        self._note("progress", counters, progress)

    def glimpse(self, step: int, answers: list[tuple[int, float]]) -> None:
        """Note the answers to the strip."""
        self._note("glimpse", step, answers)

    def weights(self, step: int, weights: dict[str, Tensor]) -> None:
        """Note a copy of the weights."""
        self.heavy.append(("weights", (step, weights)))

    def moment(self, step: int, weights: dict[str, Tensor]) -> None:
        """Note a moment for the time machine."""
        self.heavy.append(("moment", (step, {name: value.detach().cpu().clone() for name, value in weights.items()})))

    def tested(self, found: Evaluation) -> None:
        """Note the result on the test pictures."""
        self.heavy.append(("tested", (found,)))

    def _note(self, kind: str, *values: Any) -> None:
        if not self.are_known:
            self.plain.append([kind, *values])


def tell_plain(notes: list[list[Any]], news: News) -> None:
    """Tell what was noted, in its order."""
    for kind, *values in notes:
        match kind:
            case "start":
                news.start(*values)
            case "point":
                news.point(*values)
            case "epoch":
                news.epoch(EpochEnd(**values[0]))
            case "mark":
                news.mark(*values)
            case "check":
                news.check(*values)
            case "progress":
                news.progress(*values)
            case "glimpse":
                news.glimpse(values[0], [(label, share) for label, share in values[1]])
            case _:
                raise ValueError(f"nobody knows news of the kind {kind!r}")


def tell_heavy(notes: list[tuple[str, tuple[Any, ...]]], news: News) -> None:
    """Tell what came with the state."""
    for kind, values in notes:
        if kind not in _HEAVY:
            raise ValueError(f"nobody knows news of the kind {kind!r}")
        getattr(news, kind)(*values)
