"""Short names that people can say aloud or gave themselves, and ids that nobody can guess."""

import re
import secrets
import unicodedata

from lib.pictures.names import clean_name

LONGEST_NOTE = 200
_NOT_FIRST = " -’.+"  # a spreadsheet would compute it, and markdown make a list of it
_READ = re.compile(r"(?<=\bwww)\.|(?<=-)-+|(?<=\.)\.+", re.IGNORECASE)  # as a link, list or dash
_NUMBERED = re.compile(r"^(\d+)\.(?!\S)")
_JOINERS = "\u200c\u200d"  # between letters they are part of how Hindi or Persian is written
_MOST_MARKS = 4  # on one letter

_PLANTS = [
    "fern",
    "moss",
    "ivy",
    "sage",
    "mint",
    "basil",
    "clover",
    "orchid",
    "lotus",
    "willow",
    "cedar",
    "maple",
    "aspen",
    "birch",
    "hazel",
    "linden",
    "rowan",
    "alder",
    "acacia",
    "laurel",
    "myrtle",
    "olive",
    "thyme",
    "fennel",
    "sorrel",
    "yarrow",
    "aster",
    "dahlia",
    "iris",
    "lilac",
    "lupin",
    "peony",
    "poppy",
    "tulip",
    "violet",
    "zinnia",
]


def new_id() -> str:
    """Make an id for addresses: 12 characters, 72 random bits; never one that a shell takes for an option."""
    while (made := secrets.token_urlsafe(9)).startswith("-"):
        pass
    return made


def name_for(number: int) -> str:
    """Name the run with this running number: 1 -> "fern-1", 2 -> "moss-2", ..."""
    return f"{_PLANTS[(number - 1) % len(_PLANTS)]}-{number}"


def own_name(typed: str) -> str:
    """Leave of a name for a run what means nothing anywhere: markdown, programs, spreadsheets; perhaps nothing."""
    name = _curly(typed)
    while (plain := _curly(_NUMBERED.sub(r"\1", _READ.sub("", name)).lstrip(_NOT_FIRST))) != name:
        name = plain
    return name


def own_note(typed: str) -> str:
    """Leave of a note its text: one line, nothing that cannot be seen, and not too many marks on a letter."""
    line, kept, marks = " ".join(typed[: 4 * LONGEST_NOTE].split()), "", 0
    for letter in unicodedata.normalize("NFC", line):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Mc", "Me") else 0
        if marks <= _MOST_MARKS and (kind[0] != "C" or letter in _JOINERS):
            kept += letter
    return kept[:LONGEST_NOTE].strip(f" {_JOINERS}")


def _curly(name: str) -> str:
    return clean_name(name).replace("'", "’")  # which ends no text in a program


def is_given(name: str) -> bool:
    """True for a name that this module gives to some run, or something that reads like it."""
    plant, _, number = name.casefold().rpartition("-")
    return plant in _PLANTS and number.isdecimal()
