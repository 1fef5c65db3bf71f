"""Says what the core tells (`lib.telling`): its codes are keys of the catalogues, its values stand in their places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lib.datasets.catalogue import info
from lib.experiments.settings import SETTINGS
from lib.telling import Told, in_any_language
from lib.ui.words import Said, number, say, text
from lib.ui.words.field import ACTIVATION_HEADINGS, ACTIVATION_TITLES, OPTIMIZER_HEADINGS, SCHEDULE_TITLES, title_of

SWEPT = Said({name: f"told.swept_{name}" for name in SETTINGS})  # as they stand within a sentence
_NAMES: Mapping[str, Mapping[Any, str]] = {
    "told.optimizer": OPTIMIZER_HEADINGS,
    "told.activation": ACTIVATION_TITLES,
}


def tell(what: Told | str, names: Mapping[str, str] | None = None) -> str:
    """Say it; what an older version kept as a sentence stays one. names: of what the core knows by a name of its own.

    names: of panels, by what the experiment calls them; of classes, by what the core does
    """
    if isinstance(what, str):
        return what
    if what.code in ("told.panel", "told.class"):
        name = str(what.values["name"])
        return (names or {}).get(name, name)
    if what.code == "told.data":
        return title_of(info(str(what.values["name"])))
    if what.code in _NAMES:
        return _NAMES[what.code][what.values["name"]]
    if what.code == "told.setting":
        name = str(what.values["name"])
        return say("told.setting", title=SWEPT[name], value=shown(name, what.values["value"]))
    if what.code in _JOINED:
        return _JOINED[what.code]([str(_in_place(each, names)) for each in what.values["parts"]])  # type: ignore[union-attr]
    return say(what.code, **{place: _in_place(value, names) for place, value in what.values.items()})


def problem_said(problem: Exception) -> str:
    """What a refusal of the core says, in the page's language; as it stands where it has only its own words."""
    return tell(in_any_language(problem))


def sentences(what: Sequence[Told] | str, names: Mapping[str, str] | None = None) -> str:
    """Say several in a row, each with a capital letter first and a full stop at its end."""
    return what if isinstance(what, str) else " ".join(sentence(tell(each, names)) for each in what)


def sentence(said: str) -> str:
    """Begin with a capital letter and end with a full stop."""
    return capital(said) + ("" if said.endswith((".", "?", "!")) else ".")


def capital(said: str) -> str:
    """Begin with a capital letter."""
    return said[:1].upper() + said[1:]


def swept_title(name: str) -> str:
    """What a sweep can vary, where it stands alone."""
    return capital(SWEPT[name])


def shown(name: str, value: Any) -> str:
    """A value of a setting that a sweep varies."""
    match name:
        case "rate" | "decay":
            return text.rate(value) or "0"
        case "optimizer":
            return OPTIMIZER_HEADINGS[value]
        case "schedule":
            return SCHEDULE_TITLES[value]
        case "activation":
            return ACTIVATION_HEADINGS[value]
        case _:
            return number(value)


def _in_place(value: Any, names: Mapping[str, str] | None) -> Any:
    if isinstance(value, Told):
        return tell(value, names)
    return _listed("told.and_last", [_in_place(each, names) for each in value]) if isinstance(value, list) else value


def _listed(key: str, parts: Sequence[Any]) -> str:
    """ "a, b and c"; the last two are joined as the language does."""
    words = [each if isinstance(each, str) else number(each) for each in parts]
    if len(words) < 2:
        return "".join(words)
    return say(key, parts=", ".join(words[:-1]), last=words[-1])


_JOINED: dict[str, Callable[[list[str]], str]] = {
    "told.or": lambda parts: _listed("told.or_last", parts),
    "told.comma": ", ".join,
    "told.semicolon": lambda parts: say("told.semicolon").join(parts),
}
