"""The weights of a run at moments of its past: a few small files, evenly spread on a log scale, within a budget.

Layout: `runs/<id>/snapshots/<step>.safetensors`. Each file is written beside its place and then moved there, so after
`kill -9` every moment is there as a whole or not at all.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import torch
from torch import Tensor, nn

from lib.home import HomeFailure, read_tensors, write_tensors

BUDGET_BYTES = 24_000_000  # of one run
MOST = 24  # moments: the fewest that leave no gap wider than a doubling in a run of 200 epochs
_FLOAT16_MOST = torch.finfo(torch.float16).max

logger = logging.getLogger(__name__)


def is_due(step: int) -> bool:
    """Whether these weights are kept even within an epoch: after 0, 1, 2, 4, 8, ... updates."""
    return step & (step - 1) == 0


def is_shortened(numbers: int) -> bool:
    """Whether a net of so many numbers is kept in float16: too large for `MOST` moments in float32."""
    return 4 * numbers * MOST > BUDGET_BYTES


def thinned(steps: Sequence[int], most: int) -> list[int]:
    """Choose at most `most` (2 or more) of increasing `steps`: the first, the last, and between them the far apart.

    One step after the other goes, each time the one whose neighbours are closest on a log scale. So no new gap, as a
    ratio of steps + 1, is larger than (last / first) ** (2 / (most - 1)), also when steps come and go one by one.
    """
    kept = list(steps)
    while len(kept) > most:
        del kept[min(range(1, len(kept) - 1), key=lambda place: (kept[place + 1] + 1) / (kept[place - 1] + 1))]
    return kept


class Snapshots:
    """One run's folder of moments. Only its training thread writes; every thread may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def steps(self) -> list[int]:
        """The moments there are, in order."""
        return sorted(int(path.stem) for path in self._folder.glob("*.safetensors") if path.stem.isdecimal())

    def bytes(self) -> int:
        """What all of them take on disk."""
        return sum(self._size(step) for step in self.steps())

    def keep(self, step: int, model: nn.Module) -> None:
        """Write the weights of `model` after `step` updates, see `keep_weights`."""
        self.keep_weights(step, model.state_dict())

    def keep_weights(self, step: int, weights: dict[str, Tensor]) -> None:
        """Write the weights after `step` updates, and let others go where the budget asks for it.

        In float32 where `MOST` of them fit the budget, else in float16; nothing of a net of which no two fit. A disk
        that refuses costs the moment, not the run.
        """
        numbers = sum(value.numel() for value in weights.values())
        if 2 * 2 * numbers > BUDGET_BYTES:
            return
        shorten = is_shortened(numbers)
        try:
            # Nobody waits for the disk: after a power cut a moment less is all that is missing.
            write_tensors(
                self._path(step), {name: _copy(value, shorten) for name, value in weights.items()}, {}, settle=False
            )
            steps = self.steps()
            room = BUDGET_BYTES // max(map(self._size, steps))
            for gone in set(steps) - set(thinned(steps, max(2, min(MOST, room)))):
                self._path(gone).unlink()
        except OSError as error:
            logger.warning("no snapshot of step %d: %s", step, error)

    def load(self, step: int) -> dict[str, Tensor] | None:
        """The weights after `step` updates as a model takes them, or None when they cannot be read."""
        try:
            kept, _ = read_tensors(self._path(step))
        except HomeFailure:
            return None
        return {name: value.float() if value.is_floating_point() else value for name, value in kept.items()}

    def forget_after(self, step: int) -> None:
        """Drop the moments beyond a checkpoint: the resumed run comes to them again, perhaps on another way."""
        for later in self.steps():
            if later > step:
                with suppress(OSError):  # a disk that refuses ends no run
                    self._path(later).unlink(missing_ok=True)

    def let_go(self) -> int:
        """Drop all moments of a run that has ended; returns the bytes that this gave back."""
        freed = 0
        for step in self.steps():
            size = self._size(step)
            with suppress(OSError):
                self._path(step).unlink(missing_ok=True)
                freed += size
        return freed

    def _path(self, step: int) -> Path:
        return self._folder / f"{step}.safetensors"

    def _size(self, step: int) -> int:
        try:
            return self._path(step).stat().st_size
        except FileNotFoundError:  # the training thread has just let it go
            return 0


def _copy(value: Tensor, shorten: bool) -> Tensor:
    """A copy for a file: plain layout, main memory, and short if asked for and if no number is too large for that."""
    short = shorten and value.is_floating_point() and bool(value.abs().max() <= _FLOAT16_MOST)
    kind = torch.float16 if short else value.dtype
    return value.detach().to("cpu", kind, copy=True, memory_format=torch.contiguous_format)
