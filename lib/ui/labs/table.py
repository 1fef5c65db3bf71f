"""All labs, in the order of the gallery: a new one is a module, its words, a picture, and a line here."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lib.ui.classify import shift_lab
from lib.ui.labs import asking, clue, fool, frozen, hands, liking, scramble, shrink, teaching, wrong_labels
from lib.ui.look_inside import filter_bench
from lib.ui.net.background import Parts
from lib.ui.net.inside import Net

Need = Literal["learned", "pictures", "classes", "convolution", "size"]
_PICTURES = Path(__file__).with_name("pictures")


@dataclass(frozen=True)
class Lab:
    """One lab. Its words are the part `lab_<name>`: title, question, guess_1 to guess_3, found."""

    name: str
    show: Callable[[Net], None]
    needs: tuple[Need, ...] = ()  # of the net: `lib.ui.labs.needs` has the sentences
    ahead: Callable[[], Parts[None]] | None = None  # what to get ready while the gallery is being looked at

    @property
    def picture(self) -> str:
        """The address of a small drawing."""
        return f"data:image/svg+xml;base64,{b64encode((_PICTURES / f'{self.name}.svg').read_bytes()).decode()}"


_ASKED: tuple[Need, ...] = ("learned", "size", "classes")
_TRAINS: tuple[Need, ...] = ("size", "pictures", "classes")
LABS: dict[str, Lab] = {
    lab.name: lab
    for lab in (
        Lab("fool", fool.show, _ASKED),
        Lab("wrong_labels", wrong_labels.show, _TRAINS),
        Lab("clue", clue.show, _TRAINS),
        Lab("shrink", shrink.show, ("learned", "size", "classes")),
        Lab("liking", liking.show, ("learned", "size", "convolution", "pictures")),
        Lab("scramble", scramble.show, _ASKED),
        Lab("asking", asking.show, ("learned", *_TRAINS)),
        Lab("frozen", frozen.show, ahead=frozen.get_ready),
        Lab("teaching", teaching.show, ("learned", *_TRAINS)),
        Lab("hands", hands.show, ("learned", *_TRAINS)),
        Lab("shift", shift_lab.show),
        Lab("bench", filter_bench.show),
    )
}
