"""Verdicts on contests: which of several nets or settings does best on test pictures, and whether that can be told."""

from collections.abc import Sequence
from math import inf
from statistics import mean, median

from lib.experiments import seeds, statistics
from lib.experiments.designs import CNN
from lib.experiments.groups import Entry, Group, grouped
from lib.experiments.records import Judged, Verdict
from lib.telling import Told, several, told

_NEAR_THE_TOP = 0.9  # of the best accuracy: how soon it is passed tells how quickly a net learns
_BY_HEART = 0.1  # more of the training than of the test pictures right
_CLOSE = "too close to call"
_ALONE = "one seed"  # the word for a panel that chance may have put where it is
_DIVERGED = Judged(word="diverged", reason=told("verdict.no_number"))
_NO_RESULT = Judged(word="no result", reason=told("verdict.lost"))

CHANCE_RULES = (
    told("verdict.rule_seeds"),
    told("verdict.rule_apart", alpha=statistics.ALPHA),
    told("verdict.rule_how_many", minutes=seeds.SECONDS / 60, fewest=seeds.FEWEST, most=seeds.MOST),
)
RANKING_RULES = (told("verdict.rule_best"), told("verdict.rule_behind"), *CHANCE_RULES)
SPEED_RULES = (*RANKING_RULES, told("verdict.rule_quickly", near=_NEAR_THE_TOP))
PAIR_RULES = (told("verdict.rule_ahead"), *CHANCE_RULES)
DATA_RULES = (
    told("verdict.rule_by_heart", more=_BY_HEART),
    told("verdict.rule_more_pictures"),
    *CHANCE_RULES,
)


def judge_ranking(entries: Sequence[Entry], tests: int, *, with_cost: bool = False) -> Verdict:
    """Rank settings by accuracy on `tests` pictures; `with_cost` also says how long the best and the others took."""
    groups = grouped(entries)
    there = sorted((g for g in groups if not g.is_lost), key=lambda group: group.middle, reverse=True)
    gone = [group for group in groups if group.is_lost]
    if not there:
        diverged = all(group.has_diverged for group in gone)
        return Verdict(sentence=(told("verdict.none_diverged" if diverged else "verdict.none"),))
    top, alone = there[0], min(len(group.scores) for group in there) < 2
    chances = statistics.told_apart([group.scores for group in there], 1 / tests)
    behind = [group for place, group in enumerate(there) if place and chances[0, place] < statistics.ALPHA]
    close = [group for group in there[1:] if group not in behind]
    parts = _ranked(there, close, behind, tests, alone)
    for judged, code in ((_DIVERGED, "verdict.diverged"), (_NO_RESULT, "verdict.no_result")):
        if lost := [group.name for group in gone if _why(group) is judged]:
            parts.append(told(code, panels=lost, count=len(lost)))
    sentence = [several(parts, "semicolon"), *(_finds(there) if close else ())]
    sentence += _costs(there) if with_cost else _speeds(there)
    word = _ALONE if alone and len(there) > 1 else _CLOSE if close else "best"
    panels = {top.panel: Judged(word=word, reason=_score(top))}
    panels |= {group.panel: Judged(word=_ALONE if alone else _CLOSE, reason=_score(group)) for group in close}
    panels |= {group.panel: Judged(word="behind", reason=_score(group)) for group in behind}
    panels |= {group.panel: _why(group) for group in gone}
    return Verdict(sentence=tuple(sentence), panels=panels, best=top.panel if word == "best" else None)


def _ranked(
    there: Sequence[Group], close: Sequence[Group], behind: Sequence[Group], tests: int, alone: bool
) -> list[Told]:
    top = there[0]
    if alone and len(there) > 1:
        others = several([told("verdict.panel_has", panel=each.name, score=each.said()) for each in there[1:]], "comma")
        return [told("verdict.alone", panel=top.name, score=top.said(), tests=tests, others=others)]
    if close:
        panels = [_with_score(group) for group in (top, *close)]
        parts = [told("verdict.close", panels=panels, tests=tests, seeds=_seeds(there))]
    elif len(top.scores) > 1:
        parts = [told("verdict.best", panel=top.name, score=top.said(), tests=tests, seeds=_seeds(there))]
    else:
        parts = [told("verdict.best_of_one", panel=top.name, score=top.said(), tests=tests)]
    if behind:
        parts.append(told("verdict.behind", panels=[_with_score(group) for group in behind], count=len(behind)))
    return parts


def judge_pair(entries: Sequence[Entry], equal: str, tests: int) -> Verdict:
    """Compare two nets, each trained from several seeds; `equal`: at what they are ("time", "parameters" ...)."""
    there = sorted((g for g in grouped(entries) if not g.is_lost), key=lambda group: group.middle, reverse=True)
    if len(there) != 2:
        lost = [group for group in grouped(entries) if group.is_lost]
        diverged = bool(lost) and all(group.has_diverged for group in lost)
        return Verdict(sentence=(told("verdict.pair_diverged" if diverged else "verdict.pair_none"),))
    first, second = there
    alone = min(len(group.scores) for group in there) < 2
    chance = statistics.welch(first.scores, second.scores, 1 / tests)
    ahead = chance < statistics.ALPHA
    code = "verdict.pair_alone" if alone else "verdict.pair_ahead" if ahead else "verdict.pair_close"
    counted = {} if alone else {"seeds": _seeds(there), "chance": chance}
    start = told(
        code,
        equal=told(f"verdict.equal_{equal.replace('-', '_')}"),
        first=_inside(first),
        score=first.said(),
        second=_inside(second),
        other=second.said(),
        gap=first.middle - second.middle,
        **counted,
    )
    sentence = (start, *(() if ahead else _finds(there)), *_prices(there))
    none = _ALONE if alone else _CLOSE
    words = {first: "ahead" if ahead else none, second: "behind" if ahead else none}
    panels = {group.panel: Judged(word=word, reason=group.said()) for group, word in words.items()}
    return Verdict(sentence=sentence, panels=panels, best=first.panel if ahead else None)


def judge_data(entries: Sequence[Entry], tests: int) -> Verdict:
    """What more training pictures bring; tested on `tests` pictures."""
    there = sorted((g for g in grouped(entries) if not g.is_lost), key=lambda group: group.entries[0].pictures)
    if len(there) < 2:
        return Verdict(sentence=(told("verdict.data_few"),))
    least, before, most = there[0], there[-2], there[-1]
    scores = told(
        "verdict.data_scores",
        least=least.said(),
        few=least.entries[0].pictures,
        most=most.said(),
        many=most.entries[0].pictures,
    )
    alone = min(len(group.scores) for group in there) < 2
    pairs = [statistics.welch(each.scores, most.scores, 1 / tests) for each in (least, before)]
    overall, last = statistics.holm(pairs) if before is not least else [pairs[0]] * 2
    if alone:
        code = "verdict.data_alone"
    elif overall >= statistics.ALPHA:
        code = "verdict.data_close"
    elif most.middle < least.middle:
        code = "verdict.data_worse"
    else:
        helps = last < statistics.ALPHA and most.middle > before.middle
        code = "verdict.data_helps" if helps else "verdict.data_helped"
    sentence = [told(code, scores=scores)]
    if (own := least.own) is not None and own - least.middle >= _BY_HEART:
        sentence.append(told("verdict.data_by_heart", pictures=least.entries[0].pictures, own=own, new=least.middle))
    sentence += _finds(there) if overall >= statistics.ALPHA else ()
    panels = {}
    for group in there:
        by_heart = group.own is not None and group.own - group.middle >= _BY_HEART
        reason = _score(group)
        if group.own is not None:
            reason = told("verdict.right_and_own", score=group.said(), own=group.own)
        panels[group.panel] = Judged(word="learns by heart" if by_heart else "generalises", reason=reason)
    apart = not alone and overall < statistics.ALPHA and most.middle > least.middle
    return Verdict(sentence=tuple(sentence), panels=panels, best=most.panel if apart else None)


def _finds(groups: Sequence[Group]) -> tuple[Told, ...]:
    """What was not told apart, and what would have been; nothing where one seed has said so already."""
    fewest = min(len(group.scores) for group in groups)
    return () if fewest < 2 else (seeds.what_they_find(fewest, len(groups)),)


def _seeds(groups: Sequence[Group]) -> list[int]:
    """How many each has; where they differ, the most first."""
    return sorted({len(group.scores) for group in groups}, reverse=True)


def _why(group: Group) -> Judged:
    return _DIVERGED if group.has_diverged else _NO_RESULT


def _score(group: Group) -> Told:
    return told("verdict.right", score=group.said())


def _with_score(group: Group) -> Told:
    return told("verdict.panel_at", panel=group.name, score=group.said())


def _inside(group: Group) -> Told:
    """One of the two kinds of nets as it stands within a sentence, with its article."""
    return told("verdict.the_cnn" if group.panel == CNN else "verdict.the_dense")


def _speeds(ranked: Sequence[Group]) -> tuple[Told, ...]:
    """How soon each passes nine tenths of what the one with the most right ends with."""
    ends = [entry.validation[-1][1] for entry in ranked[0].entries if entry.validation]
    if not ends:
        return ()
    level = _NEAR_THE_TOP * mean(ends)
    soon: dict[float, list[Told]] = {}
    never = []
    for at, place in sorted((_reached(group, level), place) for place, group in enumerate(ranked)):
        if at == inf:
            never.append(ranked[place].name)
        else:
            soon.setdefault(round(at, 1), []).append(ranked[place].name)
    parts = [told("verdict.soon_after", panels=names, epochs=at) for at, names in soon.items()]
    parts += [told("verdict.soon_never", panels=never)] if never else []
    return (told("verdict.soon", level=level, when=several(parts, "comma")),)


def _reached(group: Group, level: float) -> float:
    """Epochs until so many validation pictures were right, of the seed in the middle; inf if never."""
    return median(next((at for at, found in e.validation if found >= level), inf) for e in group.entries)


def _costs(ranked: Sequence[Group]) -> tuple[Told, ...]:
    parts = [
        told("verdict.cost", panel=group.name, steps=group.entries[0].steps, took=_seconds(group))
        for group in sorted(ranked, key=lambda group: -group.entries[0].steps)
    ]
    return (several(parts, "semicolon"),)


def _seconds(group: Group) -> float:
    return mean(entry.seconds for entry in group.entries)


def _prices(nets: Sequence[Group]) -> tuple[Told, ...]:
    """What nets cost, in all three currencies (S63)."""
    parts = [
        told(
            "verdict.price",
            panel=net.name,
            parameters=net.entries[0].parameters,
            multiply_adds=net.entries[0].multiply_adds,
            took=_seconds(net),
        )
        for net in nets
    ]
    return (several(parts, "semicolon"),)
