"""A language that nobody speaks, `?lang=xx`: what it cuts, some other will cut; what it leaves plain is no word yet."""

import re

from lib.ui.words.catalogues import Word

PSEUDO = "xx"
_VOWELS = {plain: 2 * accented for plain, accented in zip("aeiouyAEIOUY", "áéíöüýÁÉÍÖÜÝ", strict=True)}
_ACCENTS = str.maketrans(_VOWELS | dict(zip("cnszCNSZ", "çñšžÇÑŠŽ", strict=True)))
# Places, tags, addresses of links, icons and codes: a program reads them.
_KEPT = re.compile(r"(\{[^}]*\}|<[^>]*>|\]\([^)]*\)|:[a-z-]+(?:\[|/[a-z_]+:|:)|`[^`]*`|&\w+;)")


def disguised(word: Word) -> Word:
    """Accents on the letters, and every vowel twice to make it longer; places, tags and codes as they are."""
    return _one(word) if isinstance(word, str) else [_one(form) for form in word]


def _one(word: str) -> str:
    parts = _KEPT.split(word)
    return "".join(part.translate(_ACCENTS) if at % 2 == 0 else part for at, part in enumerate(parts))
