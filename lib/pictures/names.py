"""Names that people give: whatever letters and marks they write, and nothing that a screen would take for more."""

import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 30
_PLAIN = frozenset(" -'’.+")
_JOINERS = "\u200c\u200d"  # between letters they are part of how Hindi or Persian is written
_MOST_MARKS = 4  # on one letter


def clean_name(name: str) -> str:
    """Leave of a name what may stand anywhere: letters with their marks, digits, single blanks; not too many."""
    while (clean := _cleaner(name)) != name:
        name = clean
    return clean


def twins_in(names: Iterable[str]) -> list[str]:
    """The names that are like an earlier one once cleaned: nobody could tell them apart."""
    seen: set[str] = set()
    found = []
    for name in names:
        plain = clean_name(name).translate(dict.fromkeys(map(ord, _JOINERS)))
        key = unicodedata.normalize("NFKC", plain).casefold()
        if key and key in seen:
            found.append(name)
        seen.add(key)
    return found


def told_apart(names: Iterable[str]) -> tuple[str, ...]:
    """Names out of a file, cleaned; what is nothing then, or like an earlier one, is told apart by its number."""
    found: list[str] = []
    for number, name in enumerate(names, 1):
        clean = clean_name(str(name))
        tries = (clean, clean_name(f"{clean[: LONGEST_NAME - 5]} {number}"), *(f"{number} {n}" for n in range(1_000)))
        found.append(next(each for each in tries if each and not twins_in([*found, each])))
    return tuple(found)


def one_line(name: str) -> str:
    """Somebody's text fit for a screen or a terminal: on one line, with a sign in place of what cannot be seen."""
    return "".join(each if each.isprintable() or each in _JOINERS else "\N{REPLACEMENT CHARACTER}" for each in name)


def is_plain(name: str, also: str = "") -> bool:
    """True if a name has nothing but letters with their marks, digits, blanks and the signs `also`."""
    return all(_is_word(letter) or letter in f"{also} {_JOINERS}" for letter in name)


def _cleaner(name: str) -> str:
    """Clean once: what is left may have come to stand where it may not."""
    text, kept, marks = unicodedata.normalize("NFC", name), "", 0
    for place, letter in enumerate(text):
        marks = marks + 1 if _is_mark(letter) else 0
        joins = letter in _JOINERS and _is_word(text[place - 1 : place]) and _is_word(text[place + 1 : place + 2])
        if not marks:
            kept += letter if _is_word(letter) or letter in _PLAIN or joins else " "
        elif marks <= _MOST_MARKS and _is_word(kept[-1:]):
            kept += letter
    clean = " ".join(kept.split())
    end = min(len(clean), LONGEST_NAME)
    while 0 < end < len(clean) and (_is_mark(clean[end]) or clean[end] in _JOINERS):
        end -= 1  # a letter stays with its marks, or goes with them
    return clean[:end].strip(f" {_JOINERS}")


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc")


def _is_word(letter: str) -> bool:
    return bool(letter) and (unicodedata.category(letter)[0] in "LN" or _is_mark(letter))
