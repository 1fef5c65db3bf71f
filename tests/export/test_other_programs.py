"""The Keras program against the counts that Keras documents and, where it is installed, against Keras; the notebook."""

import ast
import json
import subprocess
from contextlib import redirect_stdout
from io import StringIO
from math import sqrt
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from lib.config import AvgPool2d, BatchNorm, Conv2d, Dense, Dropout, Flatten, GlobalAvgPool2d, MaxPool2d
from lib.datasets.balance import thinned
from lib.export.jupyter import notebook
from lib.export.keras_program import keras_cells, keras_script
from lib.models import list_presets, preset, summarize
from lib.nets.recording import recorded_runs
from tests.runs.whole_runs import finished

KERAS = Path(__file__).parents[2] / ".venv-bench" / "bin" / "python"
NETS = {
    "convolutions": (Conv2d(4, 4, 2), BatchNorm(), MaxPool2d(), Dropout(0.3), Conv2d(5, 3, padding="valid"), Flatten()),
    "dense": (Flatten(), Dense(12, "tanh"), BatchNorm(), Dense(8, "linear")),
    "means": (Conv2d(6, 5), AvgPool2d(3), GlobalAvgPool2d(), Dense(7, "sigmoid")),
}


def trainable(script: str) -> int:
    """Count the parameters as Keras documents them for each layer, following the shape `(H, W, C)` through the list."""
    calls = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Call)]
    (model,) = (call for call in calls if ast.unparse(call.func) == "keras.Sequential")
    total, shape = 0, ()
    for layer in model.args[0].elts:
        kind = ast.unparse(layer.func).rsplit(".", 1)[1]
        numbers = [ast.literal_eval(arg) for arg in layer.args] if kind != "Rescaling" else []
        named = {word.arg: word.value for word in layer.keywords if word.arg}
        if kind == "Input":
            (shape,) = numbers
        elif kind == "Conv2D":
            filters, size = numbers
            stride = ast.literal_eval(named["strides"]) if "strides" in named else 1
            same = ast.literal_eval(named["padding"]) == "same"
            total += (size * size * shape[2] + 1) * filters
            sides = [-(-n // stride) if same else (n - size) // stride + 1 for n in shape[:2]]
            shape = (*sides, filters)
        elif kind == "Dense":
            total += (shape[0] + 1) * numbers[0]
            shape = (numbers[0],)
        elif kind == "BatchNormalization":
            total += 2 * shape[-1]  # its running mean and variance do not train
        elif kind.endswith("Pooling2D"):
            shape = (shape[2],) if kind.startswith("Global") else (*(n // numbers[0] for n in shape[:2]), shape[2])
        elif kind == "Flatten":
            shape = (shape[0] * shape[1] * shape[2],)
        else:
            assert kind in ("Rescaling", "Dropout"), kind
    return total


def test_rmsprop_divides_by_what_torch_divides_by(registry, set_up):
    """Keras adds its epsilon under the root: the root of it is what torch adds to the root."""
    script = keras_script(finished(registry, set_up(Flatten(), optimizer="rmsprop", learning_rate=0.001)))
    (call,) = (
        node
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "keras.optimizers.RMSprop"
    )
    said = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    theirs = torch.optim.RMSprop([torch.zeros(1)]).defaults
    assert sqrt(said["epsilon"]) == pytest.approx(theirs["eps"])
    assert said["rho"] == theirs["alpha"]


@pytest.mark.parametrize(("percent", "pictures"), [(0, 0), (1, 1), (7, 2), (45, 15), (50, 16), (53, 17)])
def test_keras_thins_a_class_as_the_run_did(registry, set_up, percent, pictures):
    """Of 33 pictures, with the same rounding and never the last one for a share above 0."""
    data = {"keep": ((3, percent),), "train_size": None, "valid_fraction": 0.0}
    run = finished(registry, set_up(Flatten(), data=data, epochs=1))
    cells = {cell.title: cell.code for cell in keras_cells(run)}
    labels = np.repeat(np.arange(10), 33)
    images = np.arange(len(labels))
    names = {"np": np, "labels": labels, "images": images, "test_images": images, "test_labels": labels}
    exec(cells["Training, validation, test"], names)
    assert np.bincount(names["train_labels"], minlength=10).tolist() == [33] * 3 + [pictures] + [33] * 6
    order = thinned(torch.arange(len(labels)), torch.from_numpy(labels), [(3, percent)])
    assert (labels[order] == 3).sum() == pictures


@pytest.mark.parametrize("name", NETS)
def test_the_keras_program_has_the_parameters_of_the_run(name, registry, set_up):
    run = finished(registry, set_up(*NETS[name]))
    assert trainable(keras_script(run)) == summarize(run.config.model, (1, 28, 28), 10).parameters


def test_s61_the_article_cnn_has_its_parameters_in_keras_too():
    assert trainable(keras_script(recorded_runs()["recorded-article-cnn-fast"])) == 1_413_834
    assert trainable(keras_script(recorded_runs()["recorded-two-layer-sigmoid"])) == 101_770


@pytest.mark.skipif(not KERAS.is_file(), reason="Keras is installed by `make bench` only")
def test_keras_builds_it_and_counts_the_same(registry, set_up, tmp_path):
    wanted, scripts = [], []
    for name, layers in NETS.items():
        run = finished(registry, set_up(*layers, loss="mse", schedule="one-cycle", weight_decay=0.01))
        script = keras_script(run)
        wanted.append(summarize(run.config.model, (1, 28, 28), 10).parameters)
        end = script.index("# ---- The pictures ")  # the net and how it learns: no data set is needed to build it
        head = "\n".join(line for line in script[:end].splitlines() if "sklearn" not in line and "PIL" not in line)
        scripts.append(tmp_path / f"{name}.py")
        scripts[-1].write_text(f"{head}\nprint('count', sum(w.numpy().size for w in model.trainable_weights))\n")
    code = "import runpy, sys\nfor name in sys.argv[1:]: runpy.run_path(name)"
    done = subprocess.run([KERAS, "-c", code, *scripts], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    counts = [int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("count ")]
    assert counts == wanted


def test_the_notebook_is_valid_and_its_cells_run(run):
    found = nbformat.reads(notebook(run), as_version=4)
    nbformat.validate(found)
    code = [cell.source for cell in found.cells if cell.cell_type == "code"]
    assert len(code) >= 9
    variables: dict[str, object] = {"__name__": "notebook"}
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            for source in code[:-1]:  # the last one draws, with matplotlib
                exec(compile(source, "cell", "exec"), variables)
    finally:
        torch.set_flush_denormal(False)  # the notebook's choice for its own process
    assert len(variables["curve"]) == 2
    assert float(printed.getvalue().rsplit(": ", 1)[1]) <= 1e-6
    assert "matplotlib" in code[-1]
    compile(code[-1], "cell", "exec")


def test_the_notebook_says_what_every_cell_is_for(run):
    cells = json.loads(notebook(run))["cells"]
    kinds = [cell["cell_type"] for cell in cells]
    assert kinds == ["markdown", "code"] * (len(cells) // 2)
    assert all("".join(cell["source"]).strip() for cell in cells)


def test_every_preset_s_layers_can_be_written_in_keras(registry, set_up):
    for name in list_presets():
        layers = preset(name).model.layers
        if summarize(preset(name).model, (1, 28, 28), 10).parameters > 300_000:
            continue  # the article CNN is counted above
        run = finished(registry, set_up(*layers, epochs=1))
        assert trainable(keras_script(run)) == summarize(run.config.model, (1, 28, 28), 10).parameters
