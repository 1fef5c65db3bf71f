"""What the Shift Lab found, in one sentence by rules: true also when it is not what the lesson expects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lib.explain.shifting import Robustness
from lib.ui.words import Said, say

ALIKE = 5.0  # points: nets that differ by their seed alone came so far apart, and each has one seed here
_HARDLY = 2.0  # points: whoever loses less hardly minds
_ALL = Said(
    {
        2: "classify.all_2",
        3: "classify.all_3",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How often one net is right, in per cent with one decimal, as it is shown."""

    name: str
    centred: float
    shifted: float  # mean over all shifts

    @property
    def loss(self) -> float:
        """Points lost by shifting; below 0 if it gained."""
        return round(self.centred - self.shifted, 1)


def finding(name: str, found: Robustness, pixels: int) -> Finding:
    """Sum a map up for shifts of at most `pixels`."""
    return Finding(name, round(100 * found.centred, 1), round(100 * found.shifted_up_to(pixels), 1))


def verdict(findings: Sequence[Finding], *, pixels: int, pictures: int, classes: int) -> str:
    """Say in one sentence which of one to three nets loses least when pictures are shifted, with the numbers.

    pixels: shifts go so far; pictures: test pictures behind each number; classes: of the data set
    """
    ordered = sorted(findings, key=lambda each: each.loss)
    best, others = ordered[0], ordered[1:]
    alike = [each for each in ordered if each.loss - best.loss < ALIKE]
    start = say("classify.when_shifted", pictures=pictures, count=pixels)
    if not others:
        said = f"**{best.name}** {_loses(best)}: {_in_full(best)}"
    elif ordered[-1].loss < _HARDLY:
        said = say("classify.hardly_less_often", all=_ALL[len(ordered)], ordered=_listed(ordered))
    elif len(alike) == len(ordered):
        said = say("classify.lose_about_as", all=_ALL[len(ordered)], ordered=_listed(ordered))
    elif len(alike) > 1:
        said = say("classify.lose_least", name=alike[0].name, name_2=alike[1].name, ordered=_listed(ordered))
    else:
        against = _joined(say("classify.for", what=_in_short(each), name=each.name) for each in others)
        said = say("classify.loses_least_against", name=best.name, best=_in_full(best), against=against)
    chance = say("classify.one_seed_each", alike=ALIKE)
    return f"{start}{said}{_caution(ordered, alike, classes)}{chance if others else ''}."


def _caution(ordered: Sequence[Finding], alike: Sequence[Finding], classes: int) -> str:
    """What must be added lest the sentence mislead: little to lose, or another net that is right more often."""
    if alike[0].centred < 2 * 100 / classes:
        return say("classify.but_has_hardly", name=alike[0].name)
    top = max(ordered, key=lambda each: each.shifted)
    if top not in alike and top.shifted - max(each.shifted for each in alike) >= ALIKE:
        return say("classify.yet_still_right", name=top.name)
    return ""


def comparison(before: Mapping[str, Finding], after: Mapping[str, Finding]) -> str:
    """Say in one sentence what augmentation did to the same nets, on shifted pictures and on centred ones."""
    shifted = _joined(
        say(
            "classify.from",
            name=name,
            shifted=before[name].shifted,
            shifted_2=after[name].shifted,
            shifted_3=signed(after[name].shifted - before[name].shifted),
        )
        for name in before
    )
    centred = _joined(f"{name} {signed(after[name].centred - before[name].centred)}" for name in before)
    return say("classify.augmentation_takes_mean", shifted=shifted, centred=centred)


def signed(points: float) -> str:
    """3.9 -> "+3.9", -69.6 -> "−69.6", 0.0 -> "±0.0"."""
    points = round(points, 1)
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{abs(points):.1f}"


def _loses(each: Finding) -> str:
    return say("classify.loses_points", loss=each.loss) if each.loss > 0 else say("classify.loses_nothing")


def _in_full(each: Finding) -> str:
    return say("classify.right_when_centred", centred=each.centred, shifted=each.shifted, loss=signed(-each.loss))


def _in_short(each: Finding) -> str:
    return say("classify.and", centred=each.centred, shifted=each.shifted, loss=signed(-each.loss))


def _listed(findings: Sequence[Finding]) -> str:
    first, *others = findings
    return _joined([f"{first.name} {_in_full(first)}", *(f"{each.name} {_in_short(each)}" for each in others)])


def _joined(parts: Iterable[str]) -> str:
    *first, last = parts
    return say("classify.listed", first=", ".join(first), last=last) if first else last
