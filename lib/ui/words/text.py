"""How numbers and things are written on screen."""

import re
import unicodedata

from lib.ui.words import Said, number, percent, say

__all__ = ["PRESET_TITLES", "duration", "literal", "percent", "rate", "size"]

PRESET_TITLES = Said(
    {
        "small-cnn": "presets.small_cnn",
        "two-layer-sigmoid": "presets.two_layer_sigmoid",
        "two-layer-sigmoid-unscaled": "presets.two_layer_sigmoid_unscaled",
        "dense-286k": "presets.dense",
        "lenet-5": "presets.lenet",
        "article-cnn": "presets.article_cnn",
        "article-cnn-fast": "presets.article_cnn_fast",
    }
)


# What markdown reads anywhere, and what it reads where a line begins.
_SIGNS = re.compile(r"([\\`*_~\[\]{}<&$|]|:(?=\S)|^[#>=+-]|^\d+[.)](?=\s|$))")
# What Streamlit and GitHub's markdown read in plain text, escaped or not: icons, arrows, addresses.
_READ_ANYWAY = re.compile(r"(?<=[:@])(?=\S)|(?<=[<>~=-])(?=[<>~=-])|(?<=www)(?=\.)", re.IGNORECASE)
_WORD_JOINER, _ISOLATE, _END = "\u2060", "\u2068", "\u2069"  # none of them is drawn
_JOINERS = "\u200c\u200d"


def literal(typed: str) -> str:
    """What people typed, such that markdown shows it letter by letter: one line, and no sign of it means anything."""
    line = " ".join(typed.split())
    shown = "".join(each for each in line if each in _JOINERS or unicodedata.category(each) not in ("Cc", "Cf"))
    turned = any(unicodedata.bidirectional(each) in ("R", "AL", "AN") for each in shown)
    escaped = _SIGNS.sub(_escaped, _READ_ANYWAY.sub(_WORD_JOINER, shown))
    return f"{_ISOLATE}{escaped}{_END}" if turned else escaped


def _escaped(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def duration(seconds: float) -> str:
    """3.2 -> "3 s", 95 -> "1 min 35 s", 7300 -> "2 h 2 min"."""
    if seconds < 1:
        return say("field.less_than_a_second")
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours == 0:
        return f"{minutes} min {rest} s" if minutes < 10 and rest else f"{minutes} min"
    return f"{hours} h {minutes} min"


def rate(learning_rate: float) -> str:
    """0.00001 -> "0.00001", 0.003 -> "0.003", 3.0 -> "3"."""
    plain = f"{learning_rate:.10f}".rstrip("0").rstrip(".")
    return number(learning_rate, f".{len(plain.partition('.')[2])}f") if plain else ""


def size(count: int) -> str:
    """Bytes: 640 -> "0.6 kB", 24_300 -> "24 kB", 5_660_000 -> "5.7 MB"."""
    if count >= 999_500:
        return f"{number(count / 1e6, '.1f')} MB"
    return f"{number(count / 1e3, '.0f' if count >= 9_950 else '.1f')} kB"
