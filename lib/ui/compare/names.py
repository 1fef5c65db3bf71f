"""What the panels of an experiment and its words are called on screen; the core knows them by English ones."""

from collections.abc import Sequence

from lib.activations import ACTIVATIONS
from lib.experiments import Member
from lib.experiments.designs import DENSE
from lib.experiments.race import between
from lib.ui.words import has_word, say
from lib.ui.words.field import ACTIVATION_HEADINGS, ACTIVATION_TITLES, OPTIMIZER_HEADINGS, slug
from lib.ui.words.telling import shown, tell

_BENDS = {kind.heading if kind.bends else kind.said: name for name, kind in ACTIVATIONS.items()}


def panel_names(kind: str, members: Sequence[Member]) -> dict[str, str]:
    """What each panel is called, by the name under which its runs are kept."""
    return {member.panel: _name_of(kind, member) for member in members}


def seed_of(member: Member) -> str:
    """Which of its panel's runs it is."""
    return say("compare.panel_seed", seed=str(member.config.seed))


def word_of(word: str) -> str:
    """The word for a panel: "gets stuck"; between two, "good/bounces"."""
    if "/" in word:
        return tell(between(word))
    key = f"verdict.word_{slug(word)}"
    return say(key) if has_word(key) else word  # of an older version


def _name_of(kind: str, member: Member) -> str:
    values, train = member.values, member.config.train
    match kind:
        case "rates":
            return shown("rate", train.learning_rate)
        case "dense-cnn":
            return say("compare.panel_dense") if member.panel == DENSE else member.panel
        case "optimizers" if at_its_rate(member):
            named = OPTIMIZER_HEADINGS[train.optimizer]
            return say("compare.panel_at_rate", optimizer=named, rate=train.learning_rate)
        case "optimizers":
            return OPTIMIZER_HEADINGS[train.optimizer]
        case "activations" if member.panel in _BENDS:
            name = _BENDS[member.panel]
            return (ACTIVATION_HEADINGS if ACTIVATIONS[name].bends else ACTIVATION_TITLES)[name]
        case "data" if "pictures" in values:
            return say("compare.panel_pictures", count=values["pictures"])
        case "batches":
            return say("compare.panel_batch", batch=train.batch_size)
        case "sweep" | "finalists" if values:
            return " · ".join(shown(name, value) for name, value in values.items())
        case _:
            return member.panel


def at_its_rate(member: Member) -> bool:
    """Whether an optimizer stands in this panel with its own usual rate."""
    return " at " in member.panel
