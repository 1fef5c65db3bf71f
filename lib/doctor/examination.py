"""All rules, ranked as causes: what is found first may explain what comes after it, and is to be mended first."""

from dataclasses import replace

from lib.doctor import data_rules, gap_rules, net_rules, rate_rules
from lib.doctor.findings import Checked, Rule
from lib.doctor.measurements import Measurements

_ROOTS = ("vanishing", "unscaled", "decay", "dropout", "fast", "slow", "underfit")  # why a net does not learn
_OTHERS = ("uneven", "leak", "gap", "surer", "early")
# What an earlier finding may be the reason of. Whether validation is what it says hangs on nothing else, and comes
# before what is read from it.
_EXPLAINED = {root: {*_ROOTS, *_OTHERS} - {"leak"} for root in _ROOTS}
_EXPLAINED |= {"uneven": {"early"}, "gap": {"early"}, "surer": {"early"}}
_ALL = {rule.name: rule for module in (rate_rules, data_rules, gap_rules, net_rules) for rule in module.RULES}

RULES: tuple[Rule, ...] = tuple(_ALL[name] for name in (*_ROOTS, *_OTHERS))


def examine(measurements: Measurements) -> list[tuple[Rule, Checked]]:
    """Let every rule look at one run; of what follows from an earlier finding only the numbers stay."""
    found: list[tuple[Rule, Checked]] = []
    for rule in RULES:
        check = rule.check(measurements)
        cause = next((r for r, c in found if c.finding and rule.name in _EXPLAINED.get(r.name, ())), None)
        if check.finding and cause:
            check = replace(check, finding=None, after=cause.name)
        found.append((rule, check))
    return found
