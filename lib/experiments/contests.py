"""Verdicts on contests: which of several nets or settings does best on test pictures, and whether that can be told."""

from collections.abc import Sequence
from math import inf
from statistics import mean, median

from lib.experiments import seeds, statistics, words
from lib.experiments.groups import Entry, Group, grouped
from lib.experiments.records import Judged, Verdict

_NEAR_THE_TOP = 0.9  # of the best accuracy: how soon it is passed tells how quickly a net learns
_BY_HEART = 0.1  # more of the training than of the test pictures right
_CLOSE = "too close to call"
_ALONE = "one seed"  # the word for a panel that chance may have put where it is
_DIVERGED = Judged(word="diverged", reason="the loss stopped being a number")
_NO_RESULT = Judged(word="no result", reason="its runs were stopped, broke off, or cannot be tested")
_NO_CHANCE = "one seed each says nothing about chance: train each from three seeds or more"

CHANCE_RULES = (
    "Each panel is trained from several seeds; shown are mean and standard deviation of the test accuracy. **One seed "
    "says nothing about chance**: equal set-ups that differ by their seed alone differ too.",
    f"Two panels are told apart if chance alone would set their means so far apart in fewer than "
    f"{words.whole(statistics.ALPHA)} of all experiments (Welch's t-test, made stricter by Shaffer's steps where "
    "several pairs are looked at). Otherwise they are **too close to call**, and that is a result.",
    f"If nobody says how many, there are as many seeds as fit into {seeds.SECONDS / 60:.0f} minutes, at least "
    f"{seeds.FEWEST} and at most {seeds.MOST}. What so many find is computed, and said beside their number.",
)
RANKING_RULES = (
    "**best**: the most test pictures right, and told apart from every other; they were never used in training.",
    "**behind**: told apart from the one with the most right. **diverged**: the loss stopped being a number, from half "
    "of the seeds or more. **no result**: half of its runs or more were stopped, broke off or cannot be tested.",
    *CHANCE_RULES,
)
SPEED_RULES = (
    *RANKING_RULES,
    f"How quickly: epochs until the validation accuracy first reaches {words.whole(_NEAR_THE_TOP)} of what the one "
    "with the most right ends with; the seed in the middle.",
)
PAIR_RULES = ("**ahead**: told apart from the other, with more test pictures right.", *CHANCE_RULES)
DATA_RULES = (
    f"**learns by heart**: at least {_BY_HEART * 100:.0f} points more of its training pictures are right than of the "
    "test pictures; otherwise **generalises**.",
    "More pictures help if the largest set is told apart from the smallest; they still help if it is also told apart "
    "from the second largest.",
    *CHANCE_RULES,
)


def judge_ranking(entries: Sequence[Entry], tests: int, *, with_cost: bool = False) -> Verdict:
    """Rank settings by accuracy on `tests` pictures; `with_cost` also says how long the best and the others took."""
    groups = grouped(entries)
    there = sorted((g for g in groups if not g.is_lost), key=lambda group: group.middle, reverse=True)
    gone = [group for group in groups if group.is_lost]
    if not there:
        why = ": their losses stopped being numbers" if all(group.has_diverged for group in gone) else ""
        return Verdict(sentence=f"None of these came to a result{why}.")
    top, alone = there[0], min(len(group.scores) for group in there) < 2
    chances = statistics.told_apart([group.scores for group in there], 1 / tests)
    behind = [group for place, group in enumerate(there) if place and chances[0, place] < statistics.ALPHA]
    close = [group for group in there[1:] if group not in behind]
    sentence = _ranked(there, close, behind, tests, alone)
    for judged, what in ((_DIVERGED, "diverged"), (_NO_RESULT, "came to no result")):
        if lost := [group.panel for group in gone if _why(group) is judged]:
            sentence += f"; {words.listed(lost)} {what}"
    sentence = words.sentence(sentence) + (_finds(there) if close else "")
    sentence += _costs(there) if with_cost else _speeds(there)
    word = _ALONE if alone and len(there) > 1 else _CLOSE if close else "best"
    panels = {top.panel: Judged(word=word, reason=_score(top))}
    panels |= {group.panel: Judged(word=_ALONE if alone else _CLOSE, reason=_score(group)) for group in close}
    panels |= {group.panel: Judged(word="behind", reason=_score(group)) for group in behind}
    panels |= {group.panel: _why(group) for group in gone}
    return Verdict(sentence=sentence, panels=panels, best=top.panel if word == "best" else None)


def _ranked(there: Sequence[Group], close: Sequence[Group], behind: Sequence[Group], tests: int, alone: bool) -> str:
    top = there[0]

    def named(groups: Sequence[Group]) -> str:
        return words.listed([f"{group.panel} ({group.said()})" for group in groups])

    of = f"of {tests:,} test pictures right"
    if alone and len(there) > 1:
        others = words.listed([f"{group.panel} {group.said()}" for group in there[1:]])
        return f"{top.panel} has {top.said()} {of}, {others}; {_NO_CHANCE}"
    many = f" (mean ± standard deviation, {_seeds(there)})" if len(top.scores) > 1 else ""
    if not close:
        sentence = f"{top.panel} is best: {top.said()} {of}{many}"
    else:
        sentence = f"{named([top, *close])} {of}{many} are {_CLOSE}: chance alone does as much between seeds"
    if behind:
        sentence += f"; {named(behind)} {'is' if len(behind) == 1 else 'are'} behind"
    return sentence


def judge_pair(entries: Sequence[Entry], equal: str, tests: int) -> Verdict:
    """Compare two nets, each trained from several seeds; `equal` says at what they are, as in "equal time"."""
    there = sorted((g for g in grouped(entries) if not g.is_lost), key=lambda group: group.middle, reverse=True)
    if len(there) != 2:
        lost = [group for group in grouped(entries) if group.is_lost]
        why = ": its loss stopped being a number" if lost and all(group.has_diverged for group in lost) else ""
        return Verdict(sentence=f"One of the two nets came to no result{why}.")
    first, second = there
    gap = first.middle - second.middle
    sentence = (
        f"At {equal}, the {_small(first.panel)} has {first.said()} of the test pictures right and the "
        f"{_small(second.panel)} {second.said()}"
    )
    alone = min(len(group.scores) for group in there) < 2
    chance = statistics.welch(first.scores, second.scores, 1 / tests)
    ahead = chance < statistics.ALPHA
    if alone:
        sentence += f", {words.points(gap)} apart; {_NO_CHANCE}"
    else:
        lead = f"the {_small(first.panel)} is ahead by {words.points(gap)}, more than chance between seeds explains"
        close = f"{words.points(gap)} apart is {_CLOSE}, chance alone does as much between seeds"
        sentence += f" (mean ± standard deviation, {_seeds(there)}); {lead if ahead else close}"
        sentence += f" (Welch's test, {statistics.said(chance)})"
    sentence = words.sentence(sentence) + ("" if ahead else _finds(there)) + _prices(there)
    none = _ALONE if alone else _CLOSE
    told = {first: "ahead" if ahead else none, second: "behind" if ahead else none}
    panels = {group.panel: Judged(word=word, reason=group.said()) for group, word in told.items()}
    return Verdict(sentence=sentence, panels=panels, best=first.panel if ahead else None)


def judge_data(entries: Sequence[Entry], tests: int) -> Verdict:
    """What more training pictures bring; tested on `tests` pictures."""
    there = sorted((g for g in grouped(entries) if not g.is_lost), key=lambda group: group.entries[0].pictures)
    if len(there) < 2:
        return Verdict(sentence="Fewer than two sizes came to a result, so there is nothing to compare.")
    least, before, most = there[0], there[-2], there[-1]
    scores = f"{least.said()} of the test pictures with {least.entries[0].pictures:,} to "
    scores += f"{most.said()} with {most.entries[0].pictures:,}"
    alone = min(len(group.scores) for group in there) < 2
    pairs = [statistics.welch(each.scores, most.scores, 1 / tests) for each in (least, before)]
    overall, last = statistics.holm(pairs) if before is not least else [pairs[0]] * 2
    if alone:
        sentence = f"From {scores}; {_NO_CHANCE}"
    elif overall >= statistics.ALPHA:
        sentence = f"Whether more pictures help is {_CLOSE}: from {scores}, chance alone does as much between seeds"
    elif most.middle < least.middle:
        sentence = f"More pictures do not help here: from {scores}"
    else:
        helps = last < statistics.ALPHA and most.middle > before.middle
        more = "the last step still helped, so more may help too" if helps else f"the last step is {_CLOSE}"
        sentence = f"More pictures help: from {scores}; {more}"
    if least.own is not None and least.own - least.middle >= _BY_HEART:
        sentence += (
            f". With {least.entries[0].pictures:,} the net learns by heart: {words.percent(least.own)} of its own "
            f"pictures, {words.percent(least.middle)} of new ones"
        )
    sentence = words.sentence(sentence) + (_finds(there) if overall >= statistics.ALPHA else "")
    panels = {}
    for group in there:
        by_heart = group.own is not None and group.own - group.middle >= _BY_HEART
        reason = _score(group) + (f", {words.percent(group.own)} of its own" if group.own is not None else "")
        panels[group.panel] = Judged(word="learns by heart" if by_heart else "generalises", reason=reason)
    told = not alone and overall < statistics.ALPHA and most.middle > least.middle
    return Verdict(sentence=sentence, panels=panels, best=most.panel if told else None)


def _finds(groups: Sequence[Group]) -> str:
    """What was not told apart, and what would have been; nothing where one seed has said so already."""
    fewest = min(len(group.scores) for group in groups)
    return "" if fewest < 2 else f" {words.sentence(seeds.what_they_find(fewest, len(groups)))}"


def _seeds(groups: Sequence[Group]) -> str:
    counts = sorted({len(group.scores) for group in groups}, reverse=True)
    return f"{words.listed([str(count) for count in counts])} seeds"


def _why(group: Group) -> Judged:
    return _DIVERGED if group.has_diverged else _NO_RESULT


def _score(group: Group) -> str:
    return f"{group.said()} of the test pictures right"


def _small(name: str) -> str:
    """ "Dense net" as it stands within a sentence; "CNN" stays."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _speeds(ranked: Sequence[Group]) -> str:
    """How soon each passes nine tenths of what the one with the most right ends with."""
    ends = [entry.validation[-1][1] for entry in ranked[0].entries if entry.validation]
    if not ends:
        return ""
    level = _NEAR_THE_TOP * mean(ends)
    soon: dict[str, list[str]] = {}
    never = []
    for at, name in sorted((_reached(group, level), group.panel) for group in ranked):
        if at == inf:
            never.append(name)
        else:
            soon.setdefault(f"{at:.1f}", []).append(name)
    told = [f"{words.listed(names)} after {at}" for at, names in soon.items()]
    text = f" {words.percent(level)} of the validation pictures were right with {', with '.join(told)} epochs"
    return text + (f", with {words.listed(never)} never" if never else "") + "."


def _reached(group: Group, level: float) -> float:
    """Epochs until so many validation pictures were right, of the seed in the middle; inf if never."""
    return median(next((at for at, found in e.validation if found >= level), inf) for e in group.entries)


def _costs(ranked: Sequence[Group]) -> str:
    told = [
        f"{group.panel}: {group.entries[0].steps:,} iterations in {words.seconds(_seconds(group))}"
        for group in sorted(ranked, key=lambda group: -group.entries[0].steps)
    ]
    return " " + words.sentence("; ".join(told))


def _seconds(group: Group) -> float:
    return mean(entry.seconds for entry in group.entries)


def _prices(nets: Sequence[Group]) -> str:
    """What nets cost, in all three currencies (S63)."""
    told = [
        f"{net.panel}: {net.entries[0].parameters:,} parameters, {net.entries[0].multiply_adds:,} multiply-adds a "
        f"picture, {words.seconds(_seconds(net))} a run"
        for net in nets
    ]
    return f" {'; '.join(told)}."
