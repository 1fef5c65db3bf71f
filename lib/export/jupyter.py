"""A run as a Jupyter notebook: the cells of the PyTorch program, their words as headings, and its curve at the end."""

import json
from typing import Any

from lib.export.cells import Cell, imports_of
from lib.export.torch_pictures import needed_packages
from lib.export.torch_program import about, torch_cells
from lib.runs import Run

_PLOT = """import matplotlib.pyplot as plt

epochs, train_loss, train_accuracy, valid_loss, valid_accuracy = zip(*curve)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
for axes, name, trained, checked in (
    (left, "loss", train_loss, valid_loss),
    (right, "accuracy", train_accuracy, valid_accuracy),
):
    axes.plot(epochs, trained, label="training")
    axes.plot(epochs, checked, "--", label="validation")
    axes.set(xlabel="epoch", title=name)
    axes.legend()"""


def notebook(run: Run) -> str:
    """The notebook as JSON (nbformat 4.5); for a run that has ended."""
    cells = torch_cells(run)
    said = about(run, "PyTorch", "torch", *needed_packages(run.config.data.name), "matplotlib")
    title, _, rest = said.partition("\n")
    parts = [_words(f"# {title}\n{rest}"), _code(imports_of(cells))]
    for cell in [*cells, Cell("The curve", "As Glasshouse draws it: training solid, validation dashed.", _PLOT)]:
        parts += [_words(f"## {cell.title}\n\n{cell.text}"), _code(cell.code.strip())]
    for number, part in enumerate(parts):
        part["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": parts, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def _words(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
