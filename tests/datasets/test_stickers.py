"""Stickers: made quickly, always alike, in colour, and split by motif."""

import time

import torch
from PIL import Image

from lib import load_dataset
from lib.datasets.sets.stickers import MOTIFS, SHEET, SIDE, STICKERS, TESTED, TILE, motifs, paste


def test_the_sheet_has_every_motif_and_its_licence_lies_beside_it() -> None:
    tiles = motifs()
    assert tiles.shape == (10, 10, 4, TILE, TILE)
    assert all(len(each) == 10 for each in MOTIFS.values())
    assert len({motif for each in MOTIFS.values() for motif in each}) == 100
    with Image.open(SHEET) as sheet:  # a tile is where its row and column say
        tile = sheet.convert("RGBA").crop((3 * TILE, 2 * TILE, 4 * TILE, 3 * TILE))
    again = torch.frombuffer(bytearray(tile.tobytes()), dtype=torch.uint8).view(TILE, TILE, 4).permute(2, 0, 1) / 255
    assert torch.equal(tiles[2, 3], again)
    assert float(tiles[:, :, 3].flatten(2).mean(dim=2).min()) > 0.15  # none is empty
    licence = SHEET.with_name("stickers.LICENSE.txt").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_a_picture_shows_its_own_kind_only() -> None:
    """Tiles of one plain colour each tell which one was pasted."""
    tiles = torch.zeros(3, 2, 4, TILE, TILE)
    tiles[:, :, 3] = 1.0
    for kind in range(3):
        tiles[kind, :, kind] = 1.0
    images, labels = paste(tiles, 60, seed=4)
    assert labels.bincount().tolist() == [20, 20, 20]
    middles = images.float().amax(dim=(2, 3))
    pasted = [(images[i].float() == 0).sum(dim=(1, 2)) > 0.2 * SIDE * SIDE for i in range(60)]
    for i in range(60):
        assert [bool(each) for each in pasted[i]] == [kind != int(labels[i]) for kind in range(3)], middles[i]


def test_training_and_test_share_no_motif_and_it_takes_about_a_second() -> None:
    started = time.process_time()
    train_images, train_labels, test_images, test_labels = STICKERS.read(SHEET.parent)
    assert time.process_time() - started < 6  # about one second on a free core
    assert train_images.shape == (10_000, 3, SIDE, SIDE)
    assert test_images.shape == (2_000, 3, SIDE, SIDE)
    assert train_labels.bincount().tolist() == [1_000] * 10
    assert test_labels.bincount().tolist() == [200] * 10
    tiles = motifs()
    again, _ = paste(tiles[:, -TESTED:], 2_000, 2)
    assert torch.equal(again, test_images)
    assert len(torch.unique(train_images[:500].flatten(1), dim=0)) == 500


def test_it_loads_like_any_other() -> None:
    data = load_dataset("stickers", train_size=200, test_size=100)
    assert data.input_shape == (3, SIDE, SIDE)
    assert data.classes == tuple(MOTIFS)
    spread = data.train.images.float().std(dim=1).mean()  # of the three colours at each pixel: it is no grey set
    assert float(spread) > 20
