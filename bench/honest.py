"""How honest verdicts are, measured: the first part of `make bench-honest` prints the bars and what was reached.

The doctor is counted over the really trained runs of `bench.doctor_bank`: how often he raises a false alarm on sound
ones, finds the planted cause first on sick ones, and what his remedies do when they are taken. Experiments are counted
over nets that differ by their seed alone. Which half of the runs his rules were written by stands beside each number.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from statistics import mean, stdev

import numpy as np
from scipy import stats

from bench.doctor_bank import Bank, Trained, remedy_of
from bench.doctor_cases import Case, all_cases
from bench.seed_scores import FILE as SCORES
from lib.config import RunConfig
from lib.doctor import examine
from lib.experiments import seeds
from lib.experiments.contests import judge_ranking
from lib.experiments.groups import Entry
from lib.experiments.statistics import ALPHA, told_apart

# What the first finding may be called for each plant: two ways of saying the same, where there are two.
CAUSES: dict[str, tuple[str, ...]] = {
    "deep": ("vanishing",),
    "unscaled": ("unscaled",),
    "fast": ("fast",),
    "slow": ("slow",),
    "decay": ("decay",),
    "dropout": ("dropout",),
    "narrow": ("underfit",),
    "uneven": ("uneven",),
    "few": ("gap", "surer"),
    "long": ("gap", "surer"),
    "short": ("early",),
    "leak": ("leak",),
}
_CLEARLY = 0.03  # of the test pictures: so much must a plant cost for the run to be sick
_OFTEN = 200  # drawn experiments behind each number
_NEAR = 0.05  # of the test pictures: a sound run comes so near to the best on its data, and to its own training


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and the bar."""

    name: str
    hits: int
    of: int
    least: float = 0.0  # 0..1
    most: float = 1.0

    @property
    def is_held(self) -> bool:
        """Whether the bar is."""
        return self.least * self.of <= self.hits <= self.most * self.of

    def __str__(self) -> str:
        share = self.hits / self.of if self.of else 0.0
        bar = f"at least {100 * self.least:.0f} %" if self.least else f"at most {100 * self.most:.0f} %"
        held = "held" if self.is_held else "**missed**"
        return (
            f"| {self.name} | {self.hits} of {self.of}, {100 * share:.1f} % | {bar if self.most else 'none'} | {held} |"
        )


def names_of(found: Trained) -> list[str]:
    """What the doctor finds, the first cause first."""
    return [rule.name for rule, check in examine(found.measured) if check.finding]


def is_sick(case: Case, bank: Bank) -> bool:
    """Whether what was planted did harm, on test pictures that the doctor never sees."""
    if case.plant == "leak":
        return True
    sick, sound = bank.find(case.sick), bank.find(case.sound)
    worse = sound.test_accuracy - sick.test_accuracy >= _CLEARLY
    return worse or (case.plant == "long" and sick.test_loss > 1.2 * sound.test_loss)


@dataclass(frozen=True, slots=True)
class Usual:
    """What twins come to on one data set."""

    best: float  # test accuracy
    shift: float  # how much lower test pictures are than validation, as where they are of other hands


def usual_of(cases: Sequence[Case], bank: Bank) -> dict[str, Usual]:
    """What is usual on each data set, from all twins."""
    found: dict[str, list[Trained]] = {}
    for case in cases:
        found.setdefault(case.sound.data.name, []).append(bank.find(case.sound))
    return {
        name: Usual(
            max(twin.test_accuracy for twin in twins),
            mean((twin.measured.whole[-1].valid_accuracy or 0.0) - twin.test_accuracy for twin in twins),
        )
        for name, twins in found.items()
    }


def is_sound(case: Case, bank: Bank, usual: dict[str, Usual]) -> bool:
    """Whether the twin without the plant is sound, on test pictures that the doctor never sees."""
    sound, known = bank.find(case.sound), usual[case.sound.data.name]
    gap = (sound.measured.whole[-1].train_accuracy or 0.0) - sound.test_accuracy - known.shift
    return sound.test_accuracy >= known.best - _NEAR and gap <= _NEAR


def is_better(before: Trained, after: Trained, cause: str) -> bool:
    """Whether taking a remedy helped, on test pictures; what the remedy is for decides what is looked at."""
    gain = after.test_accuracy - before.test_accuracy
    match cause:
        case "leak":  # the numbers are honest now, and not clearly worse
            return after.measured.config.data.valid_fraction > 0 and gain > -_CLEARLY
        case "surer":
            return after.test_loss < before.test_loss and gain > -0.01
        case _:
            return gain > 0.0


def leads_back(config: RunConfig, bank: Bank, steps: int = 3) -> bool:
    """Whether following the first remedy again and again comes back to a set-up that was there before."""
    seen, there = [config], config
    for _ in range(steps):
        if there not in bank or (wanted := remedy_of(bank.find(there))) is None:
            return False
        if wanted in seen:
            return True
        seen.append(wanted)
        there = wanted
    return False


def contradicting(found: Trained) -> bool:
    """Whether two remedies change the same setting to different values."""
    changes: dict[str, object] = {}
    before = _flat(found.measured.config)
    for _, check in examine(found.measured):
        if check.finding is None or check.finding.remedy is None:
            continue
        after = _flat(check.finding.remedy.config)
        for name in before:
            if after[name] != before[name] and changes.setdefault(name, after[name]) != after[name]:
                return True
    return False


def _flat(config: RunConfig) -> dict[str, object]:
    values = config.model_dump()
    return {
        f"{part}.{name}": each
        for part in ("data", "train")
        for name, each in values[part].items()
    } | {"model": values["model"]}  # fmt: skip


def count(cases: Sequence[Case], bank: Bank, every: Sequence[Case]) -> list[Share]:
    """The doctor's bars over these cases; `every` decides what is usual on its data."""
    usual = usual_of(every, bank)
    sick = [case for case in cases if is_sick(case, bank)]
    sound = list({case.sound: case for case in cases if is_sound(case, bank, usual)}.values())
    first = [bool(names_of(bank.find(c.sick))[:1]) and names_of(bank.find(c.sick))[0] in CAUSES[c.plant] for c in sick]
    alarms = [bool(names_of(bank.find(case.sound))) for case in sound]
    taken = []
    for case in sick:
        before = bank.find(case.sick)
        if (wanted := remedy_of(before)) and wanted in bank:
            taken.append(is_better(before, bank.find(wanted), names_of(before)[0]))
    everything = [config for case in cases for config in (case.sick, case.sound)]
    return [
        Share("sound runs with a false alarm", sum(alarms), len(alarms), most=0.05),
        Share("sick runs whose planted cause is the first finding", sum(first), len(first), least=0.9),
        Share("first remedies that help when they are taken", sum(taken), len(taken), least=0.9),
        Share("remedies that lead back", sum(leads_back(c, bank) for c in everything), len(everything), most=0.0),
        Share("runs with remedies that contradict", sum(contradicting(bank.find(c)) for c in everything),
              len(everything), most=0.0),
    ]  # fmt: skip


def halves() -> dict[str, list[Case]]:
    """The cases that rules were written by, and those held out."""
    cases = all_cases()
    return {
        "looked at while the rules were written": [case for case in cases if not case.is_held_out],
        "held out": [case for case in cases if case.is_held_out],
    }


# ---- experiments ----


def experiments(often: int) -> list[Share]:
    """Verdicts on `often` experiments each: between really trained, equal nets, and with a difference planted."""
    found = []
    for panels, each in product((2, 4), (seeds.FEWEST, seeds.MOST)):
        equal = sum(_named(panels, each, f"equal {number}", ahead=0.0) is not None for number in range(often))
        found.append(Share(f"{panels} equal set-ups, {each} seeds each: a winner", equal, often, most=0.05))
    for panels in (2, 4):
        ahead = sum(_named(panels, seeds.MOST, f"ahead {number}", ahead=2.0) == "0" for number in range(often))
        name = f"one of {panels} set-ups 2 standard deviations ahead, {seeds.MOST} seeds each (time allows): named best"
        found.append(Share(name, ahead, often, least=0.8))
    return found


def _named(panels: int, each: int, name: str, ahead: float) -> str | None:
    """Who is told apart from anybody as better, drawn from really trained nets that differ by their seed alone."""
    scores = json.loads(SCORES.read_text(encoding="utf-8"))
    draw = Random(f"{panels} {each} {name}")
    setup = scores[draw.choice(sorted(scores))]
    right = [count / setup["tests"] for count in draw.sample(setup["right"], panels * each)]
    lift = ahead * stdev(count / setup["tests"] for count in setup["right"])
    entries = [
        Entry(str(place % panels), score + lift * (place % panels == 0), None, 1.0, 1, 1, 1)
        for place, score in enumerate(right)
    ]
    verdict = judge_ranking(entries, setup["tests"])
    behind = any(judged.word == "behind" for judged in verdict.panels.values())
    return verdict.best or ("one of several" if behind else None)


def what_seeds_find() -> str:
    """By scipy: what each number of seeds tells apart, said on Compare too; and what one spread for all would err."""
    lines = ["| seeds each | 2 set-ups | 4 set-ups | 6 set-ups |", "|---|---|---|---|"]
    for each in (3, 4, 5, 6, 8, 10):
        cells = [
            f"{100 * seeds.power(each, 2.0, panels):.0f} %; 80 % from {seeds.smallest_gap(each, panels):.1f} on"
            for panels in (2, 4, 6)
        ]
        lines.append(f"| {each} | {' | '.join(cells)} |")
    return "\n".join(lines)


def one_spread_for_all(often: int) -> str:
    """Why no test with one spread for all panels (Tukey) is used: equal means, spreads of 1, 1, 1 and 5, six seeds."""
    draw, alarms = Random("spreads"), {"Tukey": 0, "Welch with Shaffer's steps": 0}
    for _ in range(often):
        groups = [[draw.gauss(0.0, spread) for _ in range(6)] for spread in (1, 1, 1, 5)]
        pooled = stats.tukey_hsd(*groups).pvalue + 2 * np.eye(4)
        alarms["Tukey"] += float(pooled.min()) < ALPHA
        alarms["Welch with Shaffer's steps"] += min(told_apart(groups).values()) < ALPHA
    return ", ".join(f"{name} {100 * count / often:.1f} %" for name, count in alarms.items())


def main() -> None:
    """Print everything as tables."""
    bank, every = Bank(), all_cases()
    print(f"The doctor, on {len(bank)} really trained runs:\n")
    for name, cases in halves().items():
        print(f"| {name} | measured | bar | |\n|---|---|---|---|")
        print("\n".join(map(str, count(cases, bank, every))), end="\n\n")
    print(f"Experiments, {_OFTEN} behind each number:\n\n| verdicts | measured | bar | |\n|---|---|---|---|")
    print("\n".join(map(str, experiments(_OFTEN))), end="\n\n")
    print("Told apart, of two set-ups 2 standard deviations apart; and from how many on 80 % are:\n")
    print(what_seeds_find(), end="\n\n")
    print(f"Equal set-ups of unequal spread told apart: {one_spread_for_all(_OFTEN)}.")


if __name__ == "__main__":
    main()
