"""What the Shift Lab found, in one sentence by rules: true also when it is not what the lesson expects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lib.explain.robustness import Robustness

ALIKE = 5.0  # points: nets that differ by their seed alone came so far apart, and each has one seed here
_HARDLY = 2.0  # points: whoever loses less hardly minds
_ALL = {2: "both nets", 3: "all three nets"}


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
    start = f"When {pictures:,} test pictures are shifted by up to {pixels} pixel{'s' * (pixels > 1)} each way, "
    if not others:
        said = f"**{best.name}** {_loses(best)}: {_in_full(best)}"
    elif ordered[-1].loss < _HARDLY:
        said = f"{_ALL[len(ordered)]} are hardly less often right: {_listed(ordered)}"
    elif len(alike) == len(ordered):
        said = f"{_ALL[len(ordered)]} lose about as much: {_listed(ordered)}"
    elif len(alike) > 1:
        said = f"**{alike[0].name}** and **{alike[1].name}** lose least: {_listed(ordered)}"
    else:
        against = _joined(f"{_in_short(each)} for {each.name}" for each in others)
        said = f"**{best.name}** loses least: {_in_full(best)}, against {against}"
    chance = (
        f"; one seed each says nothing about chance: by their seed alone such nets came up to {ALIKE:g} points apart"
    )
    return f"{start}{said}{_caution(ordered, alike, classes)}{chance if others else ''}."


def _caution(ordered: Sequence[Finding], alike: Sequence[Finding], classes: int) -> str:
    """What must be added lest the sentence mislead: little to lose, or another net that is right more often."""
    if alike[0].centred < 2 * 100 / classes:
        return f"; but {alike[0].name} has hardly learned anything, so it has little to lose"
    top = max(ordered, key=lambda each: each.shifted)
    if top not in alike and top.shifted - max(each.shifted for each in alike) >= ALIKE:
        return f"; yet {top.name} is still right most often"
    return ""


def comparison(before: Mapping[str, Finding], after: Mapping[str, Finding]) -> str:
    """Say in one sentence what augmentation did to the same nets, on shifted pictures and on centred ones."""
    shifted = _joined(
        f"{name} from {before[name].shifted:.1f} % to {after[name].shifted:.1f} % "
        f"({signed(after[name].shifted - before[name].shifted)})"
        for name in before
    )
    centred = _joined(f"{name} {signed(after[name].centred - before[name].centred)}" for name in before)
    return f"Augmentation takes the mean over the shifts of {shifted}; on centred pictures it changes {centred} points."


def signed(points: float) -> str:
    """3.9 -> "+3.9", -69.6 -> "−69.6", 0.0 -> "±0.0"."""
    points = round(points, 1)
    return f"{'+' if points > 0 else '−' if points < 0 else '±'}{abs(points):.1f}"


def _loses(each: Finding) -> str:
    return f"loses {each.loss:.1f} points" if each.loss > 0 else "loses nothing"


def _in_full(each: Finding) -> str:
    return (
        f"{each.centred:.1f} % right when centred, {each.shifted:.1f} % on average over all shifts "
        f"({signed(-each.loss)} points)"
    )


def _in_short(each: Finding) -> str:
    return f"{each.centred:.1f} % and {each.shifted:.1f} % ({signed(-each.loss)})"


def _listed(findings: Sequence[Finding]) -> str:
    first, *others = findings
    return _joined([f"{first.name} {_in_full(first)}", *(f"{each.name} {_in_short(each)}" for each in others)])


def _joined(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
