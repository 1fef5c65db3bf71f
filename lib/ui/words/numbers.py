"""Numbers as a language writes them, with the signs that Babel knows of it."""

from collections.abc import Callable
from functools import cache
from math import floor
from string import Formatter
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_compact_decimal, get_decimal_symbol, get_group_symbol

_NEARLY_ALL = 0.995
_BEFORE_PERCENT = {"fr": "\u202f"}  # docs/glossary: what the sign is held to its number by
_MILLION = 1e6
_RARE = 0.001


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@cache
def _signs(code: str) -> dict[int, str]:
    """What becomes of the comma and the point that Python writes."""
    locale = _locale(code)
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": "−"})


def number_in(code: str, value: float, form: str) -> str:
    """1875.5 with ",.1f" -> "1,875.5", "1.875,5" in German; a minus sign only before what is not nought."""
    written = format(value, form)
    if written.startswith("-") and not any(sign in "123456789in" for sign in written):
        written = written[1:]
    return written.translate(_signs(code))


def percent_in(code: str, share: float, form: str = "") -> str:
    """0.8694 -> "86.9 %": two places from 99.5 % on, and 100.0 % only where nothing is missing.

    With a `form` as Python's `format` takes it, just that many places: 0.2 with "g" -> "20 %".
    """
    gap = _BEFORE_PERCENT.get(code, " ")
    if form:
        return f"{number_in(code, 100 * share, form)}{gap}%"
    if _NEARLY_ALL <= share < 1:
        return f"{number_in(code, floor(share * 10_000 + 1e-6) / 100, '.2f')}{gap}%"
    return f"{number_in(code, 100 * share, '.1f')}{gap}%"


def loss_in(code: str, value: float) -> str:
    """Three figures: 0.0542 -> "0.054", 2.305 -> "2.31", 56869.9 -> "56,870", 8.2e6 -> "8.2 million"."""
    if value >= _MILLION:
        digits = 0 if value >= 10 * _MILLION else 1
        return format_compact_decimal(value, format_type="long", locale=_locale(code), fraction_digits=digits)
    return number_in(code, value, ",.0f" if value >= 100 else ".2f" if value >= 1 else ".3f")


def rate_in(code: str, value: float) -> str:
    """0.00001 as it is said, not as 1e-05; 3.0 -> "3"."""
    plain = f"{value:.10f}".rstrip("0").rstrip(".")
    return number_in(code, value, f".{len(plain.partition('.')[2])}f")


def chance_in(code: str, value: float) -> str:
    """0.034 -> "p = 0.03", 0.0002 -> "p < 0.001"."""
    if value < _RARE:
        return f"p < {number_in(code, _RARE, '.3f')}"
    return f"p = {number_in(code, value, '.2g' if value < 0.1 else '.1f')}"


# What a place may ask for beside what Python knows: `{end:loss}`, `{rate:rate}`, `{took:seconds}`, `{gap:points}`.
_FORMS: dict[str, Callable[[str, float], str]] = {
    "%": percent_in,
    "whole": lambda code, share: percent_in(code, share, ".0f"),
    "loss": loss_in,
    "rate": rate_in,
    "chance": chance_in,
    "seconds": lambda code, value: f"{number_in(code, value, '.1f' if value < 10 else ',.0f')} s",
    "points": lambda code, share: number_in(code, 100 * share, ".1f" if abs(share) >= 0.001 else ".2f"),
}


class Numbers(Formatter):
    """Fills the places of a word: `{count:,}`, `{loss:.3f}`, `{share:%}`, and the forms above."""

    def __init__(self, code: str) -> None:
        self._code = code

    def format_field(self, value: Any, format_spec: str) -> str:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return str(super().format_field(value, "" if format_spec in _FORMS else format_spec))
        if format_spec in _FORMS:
            return _FORMS[format_spec](self._code, value)
        return number_in(self._code, value, format_spec)
