"""What viewers see of a run at any moment, and what of it later processes find."""

import math
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from lib.config import RunConfig
from lib.datasets import Dataset
from lib.models import build_model
from lib.runs.pace import Pace
from lib.runs.store import RunRow, Store
from lib.schedules import first_rate
from lib.telling import Refusal, told
from lib.training.evaluation import Evaluation


class WeightsLost(Refusal):
    """The weights of a run cannot be read any more; the message says so in a sentence."""

    def __init__(self, name: str, step: int) -> None:
        super().__init__(
            f"The weights of {name} cannot be read: their file is damaged or gone. Its curve up to iteration {step:,} "
            "is still here; train the same set-up again to look inside.",
            told("refused.weights_lost", run=name, step=step),
        )


@dataclass(slots=True)
class Published:
    """What viewers may read at any moment; replaced piece by piece, never changed in place."""

    counters: dict[str, Any]
    weights: tuple[int, dict[str, Tensor]] | None = None  # (step, weights)
    glimpse: dict[str, Any] | None = None  # answers to the strip of test pictures
    tested: Evaluation | None = None  # on all test pictures, when the run has come to its end
    tested_before: dict[str, float | None] | None = None  # the same in an earlier process: loss and accuracy alone
    diverged: bool = False  # it ended because its loss was no number any more
    pace: Pace = field(default_factory=Pace)
    weights_asked_at: float = -math.inf  # by the monotonic clock: whoever trains far away brings them only then

    def test_numbers(self) -> dict[str, float | None] | None:
        """`loss` (None if it is no number) and `accuracy` on all test pictures; None before the end."""
        if self.tested is None:
            return self.tested_before
        loss = self.tested.loss
        return {"loss": loss if math.isfinite(loss) else None, "accuracy": self.tested.accuracy}

    def result(self) -> dict[str, Any]:
        """What is known of the run, for later processes: not only in a file with its weights, which may be lost."""
        return {
            "counters": self.counters,
            "glimpse": self.glimpse,
            "tested": self.test_numbers(),
            "diverged": self.diverged,
        }


def published_before(row: RunRow, store: Store) -> Published:
    """What an earlier process published last; for a new run, the beginning."""
    train = row.config.train
    rate = first_rate(train.schedule, train.learning_rate)
    beginning = {
        "step": 0, "steps_per_epoch": None, "epoch": 0, "progress": 0.0, "seconds": 0.0, "learning_rate": rate,
    }  # fmt: skip
    # A version that kept nothing in the row kept it with the weights.
    counters = row.result.get("counters") or store.published_counters(row.id) or {}
    sound = isinstance(counters, dict) and all(
        isinstance(counters.get(name), int | float) for name in ("step", "seconds", "progress", "epoch")
    )
    glimpse, tested = row.result.get("glimpse"), row.result.get("tested")
    return Published(
        beginning | counters if sound else beginning,
        glimpse=glimpse if isinstance(glimpse, dict) and "answers" in glimpse else None,
        tested_before=tested if isinstance(tested, dict) and isinstance(tested.get("accuracy"), float) else None,
        diverged=bool(row.result.get("diverged", row.state == "failed")),  # mostly, where nobody kept it
    )


def net_with(config: RunConfig, data: Dataset, weights: dict[str, Tensor] | None) -> nn.Sequential:
    """The net of a set-up, to look into, with these weights; the random ones without."""
    net = build_model(config.model, data.input_shape, len(data.classes), config.seed)
    if weights is not None:
        net.load_state_dict(weights)
    return net.eval()
