"""Draw the sheet of motifs that the data set `stickers` is made from: `python -m bench.sticker_sheet FONT`.

FONT is NotoColorEmoji.ttf, as Debian's fonts-noto-color-emoji brings it.
"""

import sys

from PIL import Image, ImageDraw, ImageFont

from lib.datasets.sets.stickers import MOTIFS, SHEET, TILE

_FONT_SIZE = 109  # the only one that its pictures come in


def drawn(motif: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """One motif, from rim to rim of a square tile."""
    large = Image.new("RGBA", (160, 160))
    ImageDraw.Draw(large).text((12, 12), motif, font=font, embedded_color=True)
    box = large.getbbox()
    if box is None:
        raise SystemExit(f"the font has no {motif!r}")
    cut = large.crop(box)
    side = max(cut.size)
    square = Image.new("RGBA", (side, side))
    square.paste(cut, ((side - cut.width) // 2, (side - cut.height) // 2))
    return square.resize((TILE, TILE), Image.Resampling.LANCZOS)


def main(path: str) -> None:
    """Write the sheet: a row for each kind, a column for each motif."""
    font = ImageFont.truetype(path, _FONT_SIZE)
    rows = list(MOTIFS.values())
    sheet = Image.new("RGBA", (TILE * len(rows[0]), TILE * len(rows)))
    for row, motifs in enumerate(rows):
        for column, motif in enumerate(motifs):
            sheet.paste(drawn(motif, font), (column * TILE, row * TILE))
    sheet.save(SHEET, "WEBP", lossless=True, exact=False, method=6)


if __name__ == "__main__":
    main(sys.argv[1])
