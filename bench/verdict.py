"""From rates to claims: ratios within rounds, shares of the peak, bars, tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from lib.models.summary import Summary

Rates = Mapping[str, Sequence[float]]  # contestant -> pictures a second, one number a round
ENGINE, BARE, BARE_FP32 = "Glasshouse, from the dashboard", "Glasshouse, bare `fit`", "Glasshouse, bare `fit`, fp32"
KERAS, KERAS_BF16 = "Keras `fit`, fp32", "Keras `fit`, mixed_bfloat16"
TUTORIAL = "PyTorch as in tutorials, fp32"


@dataclass(frozen=True)
class Spread:
    """A measured number: the median over the rounds, and how far they lie apart."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Sum up `values`."""
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}..{self.high:.2f}]"


@dataclass(frozen=True)
class Bar:
    """A claim: in this contest the median of `over` / `under`, or the share of the peak, is at least `least`."""

    contest: str
    over: str
    under: str | None  # None: the measured fp32 peak
    least: float
    without_amx: float | None = None  # the bar on machines without matrix units, where it is another one

    def for_machine(self, flags: Sequence[str]) -> float:
        """The bar that holds on a machine with these processor flags."""
        return self.least if self.without_amx is None or "amx_bf16" in flags else self.without_amx


BARS = (
    Bar("article-cnn, batch 32", ENGINE, KERAS_BF16, 1.1, 1.05),
    Bar("article-cnn, batch 128", ENGINE, KERAS_BF16, 1.15, 1.1),
    Bar("article-cnn, batch 32", ENGINE, KERAS, 2.2, 1.2),
    Bar("article-cnn, batch 32", ENGINE, TUTORIAL, 3.0, 1.2),
    Bar("article-cnn, batch 32", BARE_FP32, KERAS, 1.05),
    Bar("article-cnn, batch 128", BARE_FP32, KERAS, 1.05),
    Bar("article-cnn, batch 32", BARE_FP32, None, 0.7),
    Bar("small-cnn, batch 32", ENGINE, KERAS, 1.6),
    Bar("small-cnn, batch 32", ENGINE, BARE, 0.95),
    Bar("lenet-5, batch 64", ENGINE, KERAS, 1.5),
    Bar("two-layer-sigmoid, batch 32", ENGINE, KERAS, 3.6),
    Bar("dense-286k, batch 32", ENGINE, KERAS, 2.8),
)


def flops_per_picture(summary: Summary) -> int:
    """Count what training on one picture costs: forward, and twice that backward, 2 a multiply-add.

    The first layer with weights hands no gradient on, so it costs one product less.
    """
    first = next(row.multiply_adds for row in summary.rows if row.parameters)
    return 2 * (3 * summary.multiply_adds - first)


def ratios(rates: Rates, over: str, under: str) -> Spread:
    """Divide round by round: what the machine did to one contestant in a round it did to the other too."""
    return Spread.of([a / b for a, b in zip(rates[over], rates[under], strict=True)])


def table(contest: str, rates: Rates, flops: int, precisions: Mapping[str, str], peaks: Mapping[str, float]) -> str:
    """Tabulate one contest in Markdown."""
    peers = [peer for peer in (KERAS, KERAS_BF16, TUTORIAL) if peer in rates]
    lines = [f"| {contest} | pictures/s |{''.join(f' / {peer} |' for peer in peers)} share of peak |"]
    lines.append("|---" * (3 + len(peers)) + "|")
    for name, each in rates.items():
        precision = precisions[name]
        share = median(each) * flops / 1e9 / peaks[precision]
        against = "".join(f" {'1' if name == peer else ratios(rates, name, peer)} |" for peer in peers)
        lines.append(f"| {name} | {median(each):,.0f} |{against} {share:.0%} ({precision}) |")
    return "\n".join(lines)


def bars_table(contests: Mapping[str, Mapping[str, Any]], peaks: Mapping[str, float], flags: Sequence[str]) -> str:
    """Tabulate in Markdown which bars were reached, of those whose contest took place."""
    lines = ["| claim | measured | bar | |", "|---|---|---|---|"]
    for bar in BARS:
        if bar.contest not in contests:
            continue
        rates, flops = contests[bar.contest]["rates"], contests[bar.contest]["flops"]
        if bar.under is None:
            found = Spread.of([rate * flops / 1e9 / peaks["fp32"] for rate in rates[bar.over]])
        else:
            found = ratios(rates, bar.over, bar.under)
        least = bar.for_machine(flags)
        verdict = "reached" if found.median >= least else "**missed**"
        against = bar.under or "the fp32 peak"
        lines.append(f"| {bar.contest}: {bar.over} / {against} | {found} | {least:.2f} | {verdict} |")
    return "\n".join(lines)
