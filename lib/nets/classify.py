"""Ask one net about many files: find the net, read each picture, answer it, and write the answers down."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from safetensors import SafetensorError
from torch import Tensor, nn

from lib.datasets import Dataset, UnsafeImage, load_image, prepare
from lib.explain.familiar import Familiar
from lib.home.place import home
from lib.nets.lookup import find_run
from lib.nets.net import Net
from lib.nets.ready import FOLDER, ReadyNet, read_net, ready_net
from lib.nets.strange import NONE_OF_THESE
from lib.pictures.archive import PictureFile
from lib.runs.spreadsheet import Cell, separated
from lib.training import NoAnswer, predict


class Read(NamedTuple):
    """A picture on its way to a net, or the sentence that says why it is not."""

    name: str
    problem: str | None
    image: Image.Image | None = None
    x: Tensor | None = None  # (1, C, H, W)


class Answer(NamedTuple):
    """What a net says to one file: a probability for each class, or why there are none."""

    name: str
    problem: str | None
    probabilities: Sequence[float] | None
    strange: bool = False  # nothing that the net has learned looks like it


def read_picture(file: PictureFile, data: Dataset) -> Read:
    """Decode a file and prepare it for nets that were trained on `data`."""
    if file.problem is not None:
        return Read(file.name, file.problem)
    try:
        image = load_image(file.data)
    except UnsafeImage as refused:
        return Read(file.name, refused.reason)
    return Read(file.name, None, image, prepare(image, data).tensor)


def answer(model: nn.Module, read: Read, known: Familiar | None = None) -> Answer:
    """Send one picture through the net; `known`: what is familiar to it."""
    if read.x is None:
        return Answer(read.name, read.problem, None)
    try:
        shares = predict(model, read.x)[0].tolist()
    except NoAnswer as problem:
        return Answer(read.name, str(problem), None)
    return Answer(read.name, None, shares, known is not None and not bool(known.knows(read.x)[0]))


def verdict(classes: Sequence[str], answered: Answer) -> tuple[str, float | None]:
    """What is answered in the end, and how surely: "none of these" has no probability. Only where there are some."""
    assert answered.probabilities is not None
    return (NONE_OF_THESE, None) if answered.strange else best_of(classes, answered.probabilities)


def best_of(classes: Sequence[str], probabilities: Sequence[float]) -> tuple[str, float]:
    """The most likely class and its probability."""
    share = max(probabilities)
    return classes[probabilities.index(share)], share


def to_csv(classes: Sequence[str], answers: Iterable[Answer], sep: str = ",") -> str:
    """Write answers as separated values: file, answer, confidence, a probability for each class, problem.

    Probabilities have all their digits: reading them gives the very same numbers. "none of these" has no confidence.
    """
    rows: list[Sequence[Cell]] = [["file", "answer", "confidence", *classes, "problem"]]
    for each in answers:
        if each.probabilities is None:
            rows.append([each.name, None, None, *[None] * len(classes), each.problem])
        else:
            rows.append([each.name, *verdict(classes, each), *each.probabilities, None])
    return separated(rows, sep)


def find_net(name: str) -> Net:
    """The net called `name`: `ready`, `ready-digits`, a .safetensors file, or a run's id or name in `GLASSHOUSE_HOME`.

    A run is read from disk as it was last saved, also while another process trains it. ValueError in plain words if
    there is no such net.
    """
    ready = {"ready": "doodles"} | {f"ready-{path.stem}": path.stem for path in FOLDER.glob("*.safetensors")}
    if name in ready:
        return ready_net(ready[name])
    if name.endswith(".safetensors"):
        return _from_file(Path(name))
    run = find_run(name)
    if run is not None and not run.has_weights:
        raise ValueError(f"Of “{name}” only the curves were kept, not the weights; choose another net.")
    if run is not None:
        return run
    known = ", ".join(ready)
    raise ValueError(f"There is no run called “{name}” in {home()}; name a run, a .safetensors file, or {known}.")


def _from_file(path: Path) -> ReadyNet:
    try:
        return read_net(path, path.stem, path.stem)
    except FileNotFoundError as error:
        raise ValueError(f"There is no file {path}.") from error
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ValueError(f"{path} is no net that `train --save` wrote, or it is damaged.") from error
