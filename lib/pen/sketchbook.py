"""What our own pen draws, doodles and digits: drawn once and kept on disk."""

import hashlib
import inspect
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from lib.home import data_folder, write_whole
from lib.pen import doodles, nature, numerals, shapes, strokes, things

TRAIN_COUNT, TEST_COUNT = 10_000, 2_000
_TRAIN_SEED, _TEST_SEED = 1, 2
_NAMES = ("train_images", "train_labels", "test_images", "test_labels")
_Parts = tuple[Tensor, Tensor, Tensor, Tensor]


def load_doodles() -> _Parts:
    """Return training pictures and labels, then test's: uint8 `(N, 1, 28, 28)`, int64 `(N,)`.

    They come from the disk if this code drew them before; a damaged file is not used, they are drawn again.
    """
    return _load("doodles", doodles.draw_doodles, (doodles, shapes, things, nature, strokes))


def load_numerals() -> _Parts:
    """Return digits that our own pen wrote, in the same way."""
    return _load("drawn-digits", numerals.draw_numerals, (numerals, doodles, strokes))


def _load(name: str, draw: Callable[[int, int], tuple[Tensor, Tensor]], code: tuple[ModuleType, ...]) -> _Parts:
    recipe = hashlib.sha256("".join(map(inspect.getsource, code)).encode()).hexdigest()[:12]
    cache = data_folder(name) / f"{name}-{recipe}.safetensors"
    kept = _read(cache)
    if kept is not None:
        return kept
    drawn = (*draw(TRAIN_COUNT, _TRAIN_SEED), *draw(TEST_COUNT, _TEST_SEED))
    with suppress(OSError):  # without a place to keep them, they are drawn again next time
        _write(cache, drawn)
    return drawn


def _read(cache: Path) -> _Parts | None:
    try:
        with safe_open(cache, framework="pt") as kept:
            parts = tuple(kept.get_tensor(name) for name in _NAMES)
            whole = (kept.metadata() or {}).get("sha256") == _checksum(parts)
    except (OSError, SafetensorError):
        return None
    return (parts[0], parts[1], parts[2], parts[3]) if whole else None


def _write(cache: Path, parts: _Parts) -> None:
    tensors, about = dict(zip(_NAMES, parts, strict=True)), {"sha256": _checksum(parts)}
    write_whole(cache, lambda draft: save_file(tensors, draft, metadata=about), settle=False)
    for old in cache.parent.glob("*.safetensors"):
        if old != cache:  # drawn by earlier code
            old.unlink(missing_ok=True)


def _checksum(parts: tuple[Tensor, ...]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.numpy().tobytes())
    return digest.hexdigest()
