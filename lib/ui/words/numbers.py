"""Numbers as a language writes them, with the signs that Babel knows of it."""

from functools import cache
from math import floor
from string import Formatter
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

_NEARLY_ALL = 0.995


@cache
def _signs(code: str) -> dict[int, str]:
    """What becomes of the comma and the point that Python writes."""
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": "−"})


def number_in(code: str, value: float, form: str) -> str:
    """1875.5 with ",.1f" -> "1,875.5", "1.875,5" in German; a minus sign only before what is not nought."""
    written = format(value, form)
    if written.startswith("-") and not any(sign in "123456789in" for sign in written):
        written = written[1:]
    return written.translate(_signs(code))


def percent_in(code: str, share: float) -> str:
    """0.8694 -> "86.9 %": two places from 99.5 % on, and 100.0 % only where nothing is missing."""
    if _NEARLY_ALL <= share < 1:
        return f"{number_in(code, floor(share * 10_000 + 1e-6) / 100, '.2f')} %"
    return f"{number_in(code, 100 * share, '.1f')} %"


class Numbers(Formatter):
    """Fills the places of a word: `{count:,}`, `{loss:.3f}`, `{share:%}`."""

    def __init__(self, code: str) -> None:
        self._code = code

    def format_field(self, value: Any, format_spec: str) -> str:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return str(super().format_field(value, format_spec))
        if format_spec == "%":
            return percent_in(self._code, value)
        return number_in(self._code, value, format_spec)
