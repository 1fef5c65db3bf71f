"""All rules, in the order in which their findings matter: what breaks a run comes before what slows it down."""

from lib.doctor import curve_rules, data_rules, gap_rules, net_rules
from lib.doctor.findings import Checked, Rule
from lib.doctor.measurements import Measurements

_ORDER = ("broken", "unscaled", "edge", "stuck", "silent", "flat", "restless", "uneven", "gap", "surer", "early")
_ALL = {rule.name: rule for module in (curve_rules, data_rules, gap_rules, net_rules) for rule in module.RULES}

RULES: tuple[Rule, ...] = tuple(_ALL[name] for name in _ORDER)


def examine(measurements: Measurements) -> list[tuple[Rule, Checked]]:
    """Let every rule look at one run."""
    return [(rule, rule.check(measurements)) for rule in RULES]
