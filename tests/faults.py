"""Small faults, put into copies of the code on purpose, and the tests that have to notice each of them.

`python -m tests.faults [WORD ...]` breaks a copy of the tree once for every fault (whose name has one of the words),
runs the tests meant to notice it, and prints which test did and the score. A test that then fails on the whole copy too
fails by itself and has noticed nothing.
"""

import os
import shutil
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
_COPIED = ("lib", "tests", "bench", "pages", "lessons", "recorded", ".streamlit")
_FILES = ("app.py", "conftest.py", "pyproject.toml")
_BROKE_OFF = 70
_LONGEST = 900  # seconds that the tests of one fault may take; whoever waits for ever has noticed nothing
_TOLD = "failed-first"
_SHARED = ("torch", "scipy.stats", "scipy.ndimage", "sklearn.datasets", "pydantic")


class Fault(NamedTuple):
    """`right` stands once in the file `where`, and is replaced by `wrong`."""

    name: str
    where: str
    right: str
    wrong: str
    tests: tuple[str, ...]


FAULTS = (
    Fault(
        "live validation on test pictures",
        "lib/runs/driver.py",
        "self._training.model, self._data.valid,",
        "self._training.model, self._data.test,",
        ("tests/runs/test_driving.py",),
    ),
    Fault(
        "moments of another past are kept",
        "lib/runs/publisher.py",
        "        self._snapshots.forget_after(step)\n",
        "",
        ("tests/runs/test_driving.py",),
    ),
    Fault(
        "bfloat16 epochs validated in float32",
        "lib/training/loop.py",
        "evaluate_in_parts(model, valid, config.loss, precision=precision)",
        "evaluate_in_parts(model, valid, config.loss)",
        ("tests/training/test_precision.py",),
    ),
    Fault(
        "augmentation without slant",
        "lib/training/batches.py",
        "(slant - tilt.sin())",
        "(-tilt.sin())",
        ("tests/training/test_batches.py",),
    ),
    Fault(
        "small nets on all cores",
        "lib/training/machine.py",
        "if is_large(multiply_adds) else 1",
        "if is_large(multiply_adds) else _CORES",
        ("tests/training/test_machine.py",),
    ),
    Fault(
        "start without its lock",
        "lib/runs/registry.py",
        "            with self._lock:\n                open_runs =",
        "            if True:\n                open_runs =",
        ("tests/runs/test_driving.py",),
    ),
    Fault(
        "no random seat of the classes",
        "lib/datasets/balance.py",
        "    seat = torch.randperm(len(sizes), generator=generator)\n    held",
        "    seat = torch.arange(len(sizes))\n    held",
        ("tests/datasets/test_balance.py",),
    ),
    Fault(
        "no write-ahead log",
        "lib/home/database.py",
        "PRAGMA journal_mode = WAL",
        "PRAGMA journal_mode = DELETE",
        ("tests/runs/test_driving.py",),
    ),
    Fault(
        "over-fitting from 8 points on",
        "lib/doctor/thresholds.py",
        "GAP = Threshold(0.065,",
        "GAP = Threshold(0.08,",
        ("tests/doctor/test_thresholds.py",),
    ),
    Fault(
        "surer from a rise of 20 % on",
        "lib/doctor/thresholds.py",
        "LOSS_ROSE = Threshold(0.1,",
        "LOSS_ROSE = Threshold(0.2,",
        ("tests/doctor/test_thresholds.py",),
    ),
    Fault(
        "verdicts from 1.6 standard errors on",
        "lib/experiments/statistics.py",
        "ALPHA = 0.05",
        "ALPHA = 0.11",
        ("tests/experiments/test_statistics.py",),
    ),
    # Twenty more of our own.
    Fault(
        "tiny numbers count in a notebook",
        "lib/training/machine.py",
        "    torch.set_flush_denormal(True)\n",
        "",
        ("tests/training/test_machine.py",),
    ),
    Fault(
        "new threads take over one core",
        "lib/training/machine.py",
        "        reset.start()\n        reset.join()\n",
        "",
        ("tests/training/test_machine.py",),
    ),
    Fault(
        "fit changes the thread that asks",
        "lib/training/machine.py",
        'if getattr(_this_thread, "trains", False):',
        "if True:",
        ("tests/training/test_machine.py",),
    ),
    Fault(
        "only the whole net's mode returns",
        "lib/models/modes.py",
        "    modes = [(module, module.training) for module in model.modules()]\n    model.eval()",
        "    modes = [(module, model.training) for module in model.modules()]\n    model.eval()",
        ("tests/explain/test_looking.py",),
    ),
    Fault(
        "a look at the last hidden layer trains batch norm",
        "lib/explain/nearest.py",
        "with torch.no_grad(), evaluating(net):",
        "with torch.no_grad():",
        ("tests/explain/test_looking.py",),
    ),
    Fault(
        "Adam counts the steps of its first tensor alone",
        "lib/training/optimizers.py",
        "torch._foreach_add_(steps, 1)",
        "steps[0].add_(1)",
        ("tests/training/test_continuing.py", "tests/training/test_fit.py"),
    ),
    Fault(
        "the last batch of an epoch is dropped",
        "lib/training/batches.py",
        "return -(-pictures // batch_size)",
        "return pictures // batch_size",
        ("tests/training/test_batches.py",),
    ),
    Fault(
        "every epoch has the same order",
        "lib/training/batches.py",
        "generator=generator_for(seed, epoch))",
        "generator=generator_for(seed))",
        ("tests/training/test_batches.py",),
    ),
    Fault(
        "squared error counted once too seldom",
        "lib/losses.py",
        "slope = (2 * error).mul_(1 / len(y))",
        "slope = error.mul(1 / len(y))",
        ("tests/training/test_fit.py",),
    ),
    Fault(
        "cosine ends halfway",
        "lib/schedules.py",
        "min(step, total) / total)",
        "min(step, total) / total / 2)",
        ("tests/training/test_schedules.py",),
    ),
    Fault(
        "dropout does not scale up",
        "lib/layers/dropout.py",
        "return x * keep / (1.0 - self.rate)",
        "return x * keep",
        ("tests/models/test_build.py", "tests/models/test_random_nets.py", "tests/training/test_fit.py"),
    ),
    Fault(
        "Glorot before ReLU",
        "lib/activations.py",
        'if ACTIVATIONS[activation].first_weights == "he":',
        "if False:",
        ("tests/models/test_build.py",),
    ),
    Fault(
        "a broken net answers with its first class",
        "lib/explain/mistakes.py",
        ".where(there, -1)",
        "",
        ("tests/explain/test_mistakes.py",),
    ),
    Fault(
        "a broken net has probabilities",
        "lib/training/evaluation.py",
        "    if not bool(shares.isfinite().all()):\n        raise NoAnswer\n",
        "",
        ("tests/training/test_no_answer.py",),
    ),
    Fault(
        "a paused run keeps its net",
        "lib/runs/run.py",
        "            self._rest()\n",
        "",
        ("tests/runs/test_memory.py",),
    ),
    Fault(
        "an ended run keeps its weights",
        "lib/runs/holding.py",
        "self._open = self._published.weights = self._dataset",
        "self._open = self._dataset",
        ("tests/runs/test_memory.py",),
    ),
    Fault(
        "room is never given back",
        "lib/runs/holding.py",
        "        room.leave(self.id)\n",
        "",
        ("tests/runs/test_memory.py",),
    ),
    Fault(
        "a cut copies its pictures",
        "lib/datasets/splits.py",
        '"_whole": whole.images,',
        '"_whole": whole.images.clone(),',
        ("tests/datasets/test_splits.py",),
    ),
    Fault(
        "a container's limit is not seen",
        "lib/runs/machine_memory.py",
        "for folder in (place, *place.parents):",
        "for folder in (place,):",
        ("tests/runs/test_memory.py",),
    ),
    Fault(
        "occlusion counts squares once too often",
        "lib/explain/attribution.py",
        "/ weights.sum(dim=0)[0]",
        "/ (weights.sum(dim=0)[0] + 1)",
        ("tests/explain/test_attribution.py",),
    ),
    Fault(
        "Grad-CAM keeps what speaks against",
        "lib/explain/attribution.py",
        ".sum(dim=1)[0].relu()",
        ".sum(dim=1)[0]",
        ("tests/explain/test_attribution.py",),
    ),
    # In what came last: verdicts, seeds, None of these, what is kept, the address.
    Fault(
        "several pairs are looked at as if they were one",
        "lib/experiments/statistics.py",
        "largest = max(largest, min(factor * chances[place], 1.0))",
        "largest = max(largest, min(chances[place], 1.0))",
        ("tests/experiments/test_statistics.py",),
    ),
    Fault(
        "two spreads are taken for one",
        "lib/experiments/statistics.py",
        "return float(2 * special.stdtr(free,",
        "return float(2 * special.stdtr(len(first) + len(second) - 2,",
        ("tests/experiments/test_statistics.py",),
    ),
    Fault(
        "seeds that agree to the picture are a certainty",
        "lib/experiments/statistics.py",
        "max(stdev(group), resolution) ** 2",
        "stdev(group) ** 2",
        ("tests/experiments/test_statistics.py",),
    ),
    Fault(
        "McNemar counts what both have right",
        "lib/experiments/answers.py",
        "int((second & ~first).sum())",
        "int((second & first).sum())",
        ("tests/experiments/test_answers.py",),
    ),
    Fault(
        "seeds without a look at the clock",
        "lib/experiments/seeds.py",
        "min(most, int(seconds / max(seconds_each, 1e-9)))",
        "most",
        ("tests/experiments/test_statistics.py",),
    ),
    Fault(
        "what seeds find is said of one pair alone",
        "lib/experiments/seeds.py",
        "ALPHA / max(panels * (panels - 1) // 2, 1)",
        "ALPHA",
        ("tests/experiments/test_statistics.py",),
    ),
    Fault(
        "one seed may win",
        "lib/experiments/statistics.py",
        "    if min(len(first), len(second)) < 2:\n        return 1.0\n",
        "    if min(len(first), len(second)) < 2:\n        return 0.0\n",
        ("tests/experiments/test_statistics.py",),
    ),
    Fault(
        "None of these asks any class",
        "lib/explain/familiar.py",
        "alike.masked_fill(others, -1.0).amax(dim=1)",
        "alike.amax(dim=1)",
        ("tests/explain/test_familiar.py",),
    ),
    Fault(
        "None of these turns twenty in a hundred away",
        "lib/explain/familiar.py",
        "_TURNED_AWAY = 0.01",
        "_TURNED_AWAY = 0.2",
        ("tests/explain/test_familiar.py",),
    ),
    Fault(
        "what is to be kept overtakes what waits",
        "lib/home/keeper.py",
        "            if self.unkept is not None:\n                self._put(key, act)\n                return\n",
        "            pass\n",
        ("tests/home/test_keeping.py",),
    ),
    Fault(
        "what was written once is forgotten under its newer name",
        "lib/home/keeper.py",
        "if self._waiting.get(name) is act:",
        "if name in self._waiting:",
        ("tests/home/test_keeping.py",),
    ),
    Fault(
        "a late address is a wish",
        "lib/ui/setup/address.py",
        "  # the browser has come this far\n        return False",
        "\n        return True",
        ("tests/ui/test_address.py",),
    ),
    Fault(
        "what the browser has left behind counts as late",
        "lib/ui/setup/address.py",
        "        del said[: said.index(value)]",
        "        pass",
        ("tests/ui/test_address.py",),
    ),
    Fault(
        "Back is taken for a late address",
        "lib/ui/setup/address.py",
        "    if is_back() and value != (said[-1] if said else None):\n        said[:] = [value]\n        return True\n",
        "",
        ("tests/ui/test_address.py",),
    ),
)


def missing(fault: Fault, root: Path = ROOT) -> str | None:
    """Why a fault cannot be put in, if so: the code has changed."""
    count = (root / fault.where).read_text(encoding="utf-8").count(fault.right)
    return None if count == 1 else f"{fault.where} has {count} times: {fault.right.strip()}"


def noticed_by(fault: Fault, copy: Path) -> str | None:
    """Break `copy`, run the tests, mend `copy`; gives the test that fails for this fault, None if none does."""
    path = copy / fault.where
    whole = path.read_text(encoding="utf-8")
    _put(path, whole.replace(fault.right, fault.wrong))
    try:
        code, failed = _ask(fault.tests, copy)
    finally:
        _put(path, whole)
    if code != 1 or not failed:  # 1: a test failed; anything else is no answer
        return None
    return failed if _ask((failed,), copy)[0] == 0 else None


def _put(path: Path, text: str) -> None:
    """Write a module anew, and forget what was compiled of it: the clock of files is too coarse to tell them apart."""
    path.write_text(text, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def _ask(tests: tuple[str, ...], copy: Path) -> tuple[int, str]:
    """Run tests in a process of their own: pytest's exit code, and the first test that failed."""
    told = copy / _TOLD
    told.write_text("", encoding="utf-8")
    child = os.fork()  # what is imported already, `_SHARED`, need not be imported again
    if child == 0:
        code = _BROKE_OFF
        signal.alarm(_LONGEST)
        try:
            code = _run(tests, copy)
        finally:
            os._exit(code)  # whatever happens: what the parent has begun is the parent's to end
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), told.read_text(encoding="utf-8")


class _Teller:
    """Says which test failed first."""

    def __init__(self, told: Path) -> None:
        self._told = told

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and not self._told.stat().st_size:
            self._told.write_text(report.nodeid, encoding="utf-8")


def _run(tests: tuple[str, ...], copy: Path) -> int:
    import pytest

    os.chdir(copy)
    sys.path[:] = [str(copy), *(each for each in sys.path if each and Path(each).resolve() != ROOT)]
    for name in [each for each in sys.modules if each.split(".")[0] in ("lib", "tests", "bench", "conftest")]:
        del sys.modules[name]
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    chosen = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not e2e and not soak", *tests]
    return int(pytest.main(chosen, plugins=[_Teller(copy / _TOLD)]))


def copied(folder: Path) -> Path:
    """A copy of the tree without what was compiled."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "e2e", "results"))
    for name in _FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def main(words: list[str]) -> int:
    """Put every fault in, print who was noticed; 0 if all were."""
    for name in _SHARED:
        import_module(name)
    chosen = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    noticed = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        copy = copied(Path(folder))
        for fault in chosen:
            found = None if missing(fault) else noticed_by(fault, copy)
            noticed += found is not None
            print(f"{fault.name}: {found or 'UNNOTICED'}", flush=True)
    print(f"{noticed} of {len(chosen)} small faults were noticed")
    return 0 if noticed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
