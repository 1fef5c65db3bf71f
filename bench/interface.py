"""Measure whether training gets in the way: how quickly pages answer meanwhile, and what a live curve costs.

The real server and a real browser on the same machine, the article CNN training; "paused" is the same run, paused.
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.answers import measure
from bench.kept import keep
from bench.livestream import measure_calm, measure_cost
from bench.machine import NOT_JUDGED, describe, is_ours

_WORDS = {
    "slider": "a key on a slider of Train, until the page shows the server's answer",
    "stroke": "the end of a stroke on Classify, until its bars are there",
    "ticker": "a sign of life (`/_stcore/health`)",
}
_LEAST = 40  # answers of each kind, or there is no verdict
_SLIDER_MS, _LATER_MS, _TICKER_MS, _UPDATE_BYTES, _UPDATE_MS = 150.0, 50.0, 10.0, 130.0, 3.0
_STREAMS = ("small-cnn", "article-cnn")


def bars(results: dict[str, Any]) -> list[tuple[str, float, str, float]]:
    """What has to hold: `(claim, measured, unit, at most)`."""
    training, paused = (
        {what: _spread(ms) for what, ms in results["answers"][state].items()} for state in ("training", "paused")
    )
    found = [
        ("slider while training, p95", training["slider"]["p95"], "ms", _SLIDER_MS),
        (
            "stroke, later than without training, p50",
            training["stroke"]["p50"] - paused["stroke"]["p50"],
            "ms",
            _LATER_MS,
        ),
        ("event loop while training, p95", training["ticker"]["p95"], "ms", _TICKER_MS),
    ]
    for name, cost in results["streams"].items():
        found.append((f"bytes of a live update, {name}", cost["point_bytes"], "B", _UPDATE_BYTES))
        found.append((f"server's CPU of a live update, {name}", cost["cpu_ms"], "ms", _UPDATE_MS))
    lost = {name: 100.0 * (1.0 - share) for name, share in results["calm"].items()}
    found.append(("frames of live updates without the label at the pointer", lost["label"], "%", 0.0))
    found.append(("zoom lost to live updates", lost["zoom"], "%", 0.0))
    return found


def report(results: dict[str, Any]) -> str:
    """Write everything that was measured in Markdown."""
    machine = results["machine"]
    parts = [f"{machine['processor']}, {machine['cores']} cores, browser and server on it; {results['date']}"]
    lines = ["| milliseconds | answers | p50 | p95 | most |", "|---|---|---|---|---|"]
    for what, words in _WORDS.items():
        for state, answers in results["answers"].items():
            spread = _spread(answers[what])
            numbers = " | ".join(f"{spread[name]:.1f}" for name in ("p50", "p95", "most"))
            lines.append(f"| {words}, {state} | {len(answers[what])} | {numbers} |")
    parts.append("\n".join(lines))
    lines = [
        "| live curve, one viewer | updates/s | bytes of the update | with all else | server CPU |",
        "|---" * 5 + "|",
    ]
    for name, cost in results["streams"].items():
        lines.append(
            f"| {name} | {cost['updates_a_second']:.1f} | {cost['point_bytes']:.0f} | {cost['all_bytes']:.0f} "
            f"| {cost['cpu_ms']:.2f} ms |"
        )
    parts.append("\n".join(lines))
    lines = ["| bar | measured | at most | |", "|---|---|---|---|"]
    for claim, measured, unit, most in bars(results):
        verdict = "reached" if measured <= most else "**missed**"
        lines.append(f"| {claim} | {measured:.1f} {unit} | {most:g} {unit} | {verdict} |")
    return "\n\n".join([*parts, "\n".join(lines)])


def _spread(times: list[float]) -> dict[str, float]:
    return {"p50": median(times), "p95": quantiles(times, n=20)[-1], "most": max(times)}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.interface", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=10, help="answers of each kind in a round")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each look at a stream")
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results/interface.json")
    return parser.parse_args()


def main() -> int:
    """Measure, write the results, print the tables."""
    options = _options()
    if not options.force and not is_ours():
        return NOT_JUDGED
    results: dict[str, Any] = {"machine": describe(), "date": date.today().isoformat()}
    results["answers"] = measure(options.rounds, options.each, force=options.force)
    results["streams"] = {
        name: measure_cost(name, options.rounds, options.seconds, force=options.force) for name in _STREAMS
    }
    results["calm"] = measure_calm()
    keep(results, options.results, indent=1)
    enough = all(len(state.get("slider", ())) >= _LEAST for state in results["answers"].values())
    if not options.force and not (enough and all(results["streams"].values())):
        print("Other processes were busy in too many rounds: not judged. --force measures anyway.")
        return NOT_JUDGED
    print(report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
