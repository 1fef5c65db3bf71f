"""Measure Glasshouse's engine side by side with what people would otherwise use: `make bench`.

Every contestant is a process that trains when told, so that rounds are interleaved and ratios are taken within a
round. The engine takes part as people use it: a run started on the Train page of the running dashboard.
"""

import argparse
import json
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.contest import contest
from bench.dashboard import ROOT
from bench.kept import keep
from bench.machine import NOT_JUDGED, describe, is_ours, peaks
from bench.verdict import KERAS, bars_table, table

_HERE = Path(__file__).parent
_CONTESTS = {
    f"{preset}, batch {batch_size}": (preset, batch_size)
    for preset, batch_size in (
        ("article-cnn", 32),
        ("article-cnn", 128),
        ("small-cnn", 32),
        ("lenet-5", 64),
        ("two-layer-sigmoid", 32),
        ("dense-286k", 32),
    )
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=_CONTESTS, action="append", help="hold this contest; may be repeated")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="of one turn")
    parser.add_argument("--force", action="store_true", help="judge although other processes use the machine")
    parser.add_argument("--keras", default=str(ROOT / ".venv-bench/bin/python"), help="the interpreter that has Keras")
    parser.add_argument(
        "--results", type=Path, default=_HERE / "results/engine.json", help="added to, contest by contest"
    )
    return parser.parse_args()


def report(results: dict[str, Any]) -> str:
    """Write everything that was measured in Markdown."""
    machine, contests = results["machine"], results["contests"]
    parts = [
        f"{machine['processor']}, {machine['cores']} cores ({', '.join(machine['flags'])}); measured peak "
        f"{results['peaks']['fp32']:,.0f} GFLOP/s in fp32, {results['peaks']['bf16']:,.0f} in bf16; "
        f"{', '.join(results['versions'])}; {results['date']}"
    ]
    for name, found in contests.items():
        precisions = {who: about["precision"] for who, about in found["about"].items()}
        parts.append(table(name, found["rates"], found["flops"], precisions, results["peaks"]))
    parts.append(bars_table(contests, results["peaks"], machine["flags"]))
    return "\n\n".join(parts)


def main() -> int:
    """Hold the contests, write the results, print the tables."""
    options = _options()
    machine = describe()
    results: dict[str, Any] = json.loads(options.results.read_text()) if options.results.exists() else {}
    if results.get("machine") != machine:
        results = {"machine": machine, "peaks": {}, "contests": {}}
    for name in options.only or _CONTESTS:
        if not options.force and not is_ours():
            return NOT_JUDGED
        print(f"{name} ...", file=sys.stderr, flush=True)
        preset, batch_size = _CONTESTS[name]
        found = contest(
            preset, batch_size, keras=options.keras, rounds=options.rounds, seconds=options.seconds, force=options.force
        )
        if len(found["rates"].get(KERAS, ())) < options.rounds:
            print(f"{name}: other processes were busy in too many rounds: not judged. --force measures anyway.")
            return NOT_JUDGED
        results["contests"][name] = found
        results["peaks"] = {kind: max(value, results["peaks"].get(kind, 0.0)) for kind, value in peaks().items()}
        results["versions"] = [found["about"][KERAS]["version"], f"torch {version('torch')}"]
        results["date"] = date.today().isoformat()
        keep(results, options.results, indent=1)
    print(report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
