"""Stickers: little things in colour, ten kinds of ten motifs each; the motifs that test were never seen in training.

The motifs are pictures of the font Noto Color Emoji (stickers.LICENSE.txt), drawn once by bench/sticker_sheet.py.
"""

from math import pi
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from lib.datasets.sets.kind import DatasetInfo, DatasetKind, Parts, Strangers
from lib.pictures.rules import Conventions

MOTIFS = {  # the last two of each kind are for testing
    "animal": "🐶🐱🐭🐰🐻🐼🐯🐷🦊🐮",
    "bird": "🐔🐧🐦🦆🦅🦜🦢🐤🦉🐓",
    "sea animal": "🐟🐠🐡🦈🐬🐳🐋🐙🦑🐚",
    "flower": "🌸🌺🌻🌼🌹💐🥀🏵🌷💮",
    "fruit": "🍎🍐🍊🍋🍌🍉🍇🍓🍒🍑",
    "ball": "⚽🏀🏈⚾🎾🏐🏉🎱🥎🏓",
    "car": "🚗🚙🚌🚎🚓🚑🚒🚚🚕🚐",
    "house": "🏠🏢🏣🏥🏦🏨🏰🏯🏡🏫",
    "heart": "💙💚💛💜🖤💖💗💝🧡💓",
    "face": "😀😎😢😡😱🤔😴🤠😍😂",
}
TILE, SIDE = 40, 32  # pixels
SHEET = Path(__file__).with_name("stickers.webp")
TRAIN_COUNT, TEST_COUNT, TESTED = 10_000, 2_000, 2
_TRAIN_SEED, _TEST_SEED = 1, 2
_SMALLEST, _LARGEST, _TURN, _TINT = 0.55, 0.95, pi / 7, 0.25
_CHUNK = 2_000


def motifs() -> Tensor:
    """All motifs `(kinds, motifs, 4, TILE, TILE)`: red, green, blue and how opaque, 0..1."""
    with Image.open(SHEET) as sheet:
        values = torch.frombuffer(bytearray(sheet.convert("RGBA").tobytes()), dtype=torch.uint8)
        width, height = sheet.size
    tiles = values.view(height // TILE, TILE, width // TILE, TILE, 4).permute(0, 2, 4, 1, 3)
    return tiles.float() / 255


def paste(tiles: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Make `count` pictures, uint8 `(N, 3, SIDE, SIDE)`, and their labels, from tiles `(kinds, motifs, 4, h, w)`.

    Each kind as often; size, turn, place, tint and background by lot.
    """
    kinds, each = tiles.shape[:2]
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % kinds
    chosen = torch.randint(0, each, (count,), generator=generator)

    def within(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand((count, *shape), generator=generator)

    size, turn = within(_SMALLEST, _LARGEST), within(-_TURN, _TURN)
    room = (1 - size)[:, None]
    place = within(-1, 1, 2) * room
    turns = torch.stack([turn.cos(), turn.sin(), -turn.sin(), turn.cos()], dim=1).view(-1, 2, 2) / size.view(-1, 1, 1)
    grids = torch.cat([turns, -turns @ place[:, :, None]], dim=2)
    tint, ground, slope = within(1 - _TINT, 1 + _TINT, 3, 1, 1), within(0.1, 0.95, 3, 1, 1), within(-0.2, 0.2, 2)
    line = torch.linspace(-1, 1, SIDE)
    images = torch.empty((count, 3, SIDE, SIDE), dtype=torch.uint8)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        these = tiles[labels[part], chosen[part]]
        these = torch.cat([these[:, :3] * these[:, 3:], these[:, 3:]], dim=1)  # so that no rim shines through
        grid = functional.affine_grid(grids[part], [len(these), 4, SIDE, SIDE], align_corners=False)
        laid = functional.grid_sample(these, grid, align_corners=False)
        shade = slope[part, 0, None, None, None] * line + slope[part, 1, None, None, None] * line[:, None]
        behind = (ground[part] + shade) * (1 - laid[:, 3:])
        images[part] = ((laid[:, :3] * tint[part] + behind).clamp(0, 1) * 255).round().to(torch.uint8)
    return images, labels


def _read(_: Path) -> Parts:
    tiles = motifs()
    train, test = tiles[:, :-TESTED], tiles[:, -TESTED:]
    return (*paste(train, TRAIN_COUNT, _TRAIN_SEED), *paste(test, TEST_COUNT, _TEST_SEED))


STICKERS = DatasetKind(
    info=DatasetInfo(
        "stickers",
        "Stickers",
        tuple(MOTIFS),
        (3, SIDE, SIDE),
        (TRAIN_COUNT // len(MOTIFS),) * len(MOTIFS),
        TEST_COUNT,
        True,
        "Little things in colour, ten kinds, pasted at any size, turn and tint; the motifs that test (the fox, the "
        "owl) are none of those that train.",
    ),
    read=_read,
    layout=Conventions(photo=True, light_ink=True, box=SIDE, centring="box"),
    strangers=Strangers("stickers"),
)
