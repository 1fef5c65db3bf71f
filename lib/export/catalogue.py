"""Everything a run can be taken away as: what each file is for, how large it is, and why it cannot be had."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lib.datasets import list_datasets
from lib.datasets.own import PREFIX
from lib.export import sizes, weights
from lib.export.html_report import report
from lib.export.jupyter import notebook
from lib.export.keras_program import keras_needs_file, keras_script
from lib.export.metrics import metrics_csv, tensorboard_events
from lib.export.pictures_npz import picture_file
from lib.export.recipe import called, exactness, repeat
from lib.export.setup_json import setup_file
from lib.export.torch_pictures import needs_file
from lib.export.torch_program import torch_script
from lib.nets.recording import record
from lib.nets.recording_file import to_bytes
from lib.runs import Run
from lib.runs.spreadsheet import DECIMAL, as_file


@dataclass(frozen=True)
class Export:
    """One file. `make` gives its content; it can take seconds, and must not be called where there is a `problem`."""

    kind: str
    title: str
    sentence: str
    file_name: str
    about_bytes: int
    make: Callable[[], bytes]
    problem: str | None = None


def exports_of(run: Run) -> dict[str, list[Export]]:
    """All files of a run that has ended, in groups with a title."""
    return {
        "Programs": _programs(run),
        "The net": _net(run),
        "To show and to share": _to_show(run),
        "Numbers": _numbers(run),
    }


def file_stem(name: str) -> str:
    """`glasshouse-` and a name as files may have it: small letters, digits and hyphens."""
    return "glasshouse-" + (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "run")


def _programs(run: Run) -> list[Export]:
    stem, data = file_stem(called(run)), run.config.data.name
    missing = _pictures_missing(run)
    unknown = missing if run.config.data.keep else None  # only then do the labels decide how many train
    how = "" if unknown else exactness(repeat(run))[0]
    alike = (
        "The same layers, pictures and settings. Keras draws other random numbers, so the curve is alike, not the same."
    )
    found = [
        _text(
            "torch", "PyTorch program", f"One file in plain PyTorch. {how}", f"{stem}.py", torch_script, run, unknown
        ),
        _text(
            "notebook",
            "Jupyter notebook",
            "The same program in cells, with a drawing of the curve.",
            f"{stem}.ipynb",
            notebook,
            run,
            unknown,
        ),
        _text("keras", "Keras program", alike, f"{stem}-keras.py", keras_script, run, unknown),
    ]
    if needs_file(data) or keras_needs_file(data):
        who = "The programs read" if needs_file(data) else "The Keras program reads"
        said = f"{who} them from this file, put beside the program."
        size = sizes.pictures_bytes(run)
        found.append(Export("pictures", "Pictures", said, f"{data}.npz", size, lambda: picture_file(data), missing))
    return found


def _net(run: Run) -> list[Export]:
    stem, lost, absent = file_stem(called(run)), None, None
    if not run.has_weights:
        lost = "The curves of this run were kept, not its weights."
    elif run.weights() is None:
        lost = "The weights of this run cannot be read."
    if not weights.onnx_is_here():
        absent = "This needs two more packages: pip install onnx onnxscript."
    said = "All weights as safetensors, for the PyTorch program and for Glasshouse's command line."
    size, onnx_size = sizes.weights_bytes(run), sizes.onnx_bytes(run)
    problem = lost or absent
    other = "The net with softmax for other runtimes, for batches of any size."
    return [
        Export("weights", "Weights", said, f"{stem}.safetensors", size, lambda: weights.safetensors(run), lost),
        Export("onnx", "ONNX", other, f"{stem}.onnx", onnx_size, lambda: weights.onnx(run), problem),
    ]


def _to_show(run: Run) -> list[Export]:
    stem, unfinished = file_stem(called(run)), None
    if run.state != "finished":
        unfinished = "Only a run that came to its end has a result to record."
    elif not run.recording and run.tested is None and run.weights() is None:
        unfinished = "The weights of this run cannot be read, so its result cannot be measured again to record it."
    page = "One page with set-up, curves, mistakes, filters and maps. It opens anywhere, without a network, and prints."
    tape = "The run itself: anybody's Glasshouse opens and replays it."
    size = sizes.recording_bytes(run)
    return [
        Export("report", "Report", page, f"{stem}.html", sizes.report_bytes(run), lambda: report(run).encode()),
        Export("recording", "Recording", tape, f"{stem}-recording.json", size, lambda: _recording(run), unfinished),
        _text(
            "setup",
            "Set-up",
            "Data, layers and settings without results: open it to train the same again.",
            f"{stem}-set-up.json",
            lambda run: setup_file(called(run), run.config),
            run,
        ),
    ]


def _numbers(run: Run) -> list[Export]:
    stem, events = file_stem(called(run)), tensorboard_events(run)
    said = "The curves for TensorBoard: put the file into a folder and start tensorboard --logdir with that folder."
    table = "Every published loss and accuracy as a table for a spreadsheet (CSV)."
    german = "The same table with semicolons and decimal commas, for a spreadsheet set to German, French, ..."
    tables = {sep: as_file(metrics_csv(run, sep)) for sep in DECIMAL}
    return [
        Export("csv", "Metrics", table, f"{stem}.csv", len(tables[","]), lambda: tables[","]),
        Export(
            "csv-semicolon",
            "Metrics, semicolons",
            german,
            f"{stem}-semicolon.csv",
            len(tables[";"]),
            lambda: tables[";"],
        ),
        Export("tensorboard", "TensorBoard events", said, f"{stem}.tfevents", len(events), lambda: events),
    ]


def _text(
    kind: str,
    title: str,
    sentence: str,
    file_name: str,
    make: Callable[[Run], str],
    run: Run,
    problem: str | None = None,
) -> Export:
    """A file that is made in a moment, so that its size is known."""
    size = 0 if problem else len(make(run).encode())
    return Export(kind, title, sentence, file_name, size, lambda: make(run).encode(), problem)


def _recording(run: Run) -> bytes:
    return to_bytes(run.recording or record(run.name, run))


def _pictures_missing(run: Run) -> str | None:
    """Why the pictures cannot be had, if so; without loading them."""
    info = next(info for info in list_datasets() if info.name == run.config.data.name)
    if info.available:
        return None
    own = info.name.startswith(PREFIX)
    way = "open its file on Data first" if own else "download it on Train first"
    return f"{info.title} is not on this machine; {way}."
