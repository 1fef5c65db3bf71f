"""How the pictures of a data set are laid out: what anybody's picture has to look like beside them."""

from dataclasses import dataclass

from lib.pictures.layout import Centring


@dataclass(frozen=True)
class Conventions:
    """How a picture must be laid out to look like one of the data set's own."""

    photo: bool  # no empty background: keep the whole square
    light_ink: bool  # light on dark
    box: int  # pixels of the ink's longer side
    centring: Centring
    scanned: bool = False  # read off in a few cells, and enlarged
