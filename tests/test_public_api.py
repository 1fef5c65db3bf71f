"""The names that notebooks rely on: these, no others, and light to import."""

import dataclasses
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import lib
from lib import evaluate, fit, list_datasets, load_dataset, preset, summarize

ROOT = Path(__file__).parents[1]

# fmt: off
NAMES = [
    "AvgPool2d", "BatchNorm", "Conv2d", "DataConfig", "Dataset", "DatasetInfo", "DatasetUnavailable", "Dense",
    "DepthwiseConv2d", "Dropout", "EpochEnd", "Evaluating", "Evaluation", "Flatten", "GlobalAvgPool2d",
    "LearningRateChanged",
    "MaxPool2d", "ModelConfig", "NoAnswer", "Prepared", "RunConfig", "RunEnded", "RunStarted", "ShapeError", "Split",
    "StepEnd", "Summary", "TrainConfig", "TrainState", "UnsafeImage", "build_model", "evaluate", "fetch", "fit",
    "list_datasets", "list_presets", "load_dataset", "load_image", "predict", "prepare", "preset",
    "record_activations", "summarize",
]
# fmt: on


def test_the_names_are_exactly_these_and_sorted():
    assert lib.__all__ == NAMES == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_there_and_says_what_it_does(name):
    assert inspect.getdoc(getattr(lib, name))


def test_a_star_import_brings_them_all():
    namespace = {}
    exec("from lib import *", namespace)
    assert set(namespace) - {"__builtins__"} == set(NAMES)


def run_python(code):
    return subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True)


def test_the_product_s_own_name_gives_the_same_names():
    import glasshouse

    assert glasshouse.__all__ == lib.__all__
    assert all(getattr(glasshouse, name) is getattr(lib, name) for name in NAMES)


def test_a_notebook_trains_on_tensors_of_its_own():
    pictures = torch.zeros(40, 1, 8, 8, dtype=torch.uint8)
    labels = torch.arange(40) % 2
    pictures[labels == 1] = 200
    mine = lib.Split(pictures, labels)
    net = lib.build_model(lib.ModelConfig(layers=(lib.Flatten(),)), (1, 8, 8), 2)
    setting = lib.TrainConfig(epochs=3, learning_rate=0.03, batch_size=8)
    state = lib.TrainState(net, setting, seed=0)
    events = list(fit(net, mine, mine, setting, state=state))
    assert isinstance(events[0], lib.RunStarted)
    assert [event.epoch for event in events if isinstance(event, lib.EpochEnd)] == [1, 2, 3]
    assert isinstance(events[-1], lib.RunEnded)
    assert (state.step, evaluate(net, mine).accuracy) == (15, 1.0)


def test_the_core_needs_no_screen_and_no_torchvision():
    done = run_python(
        "import sys, lib, lib.runs, lib.nets.ready, lib.explain\n"
        "print({'streamlit', 'plotly', 'torchvision', 'sklearn', 'PIL.ImageTk'} & set(sys.modules))"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("build_model", ["model", "input_shape", "classes", "seed"]),
        ("summarize", ["model", "input_shape", "classes"]),
        ("fit", ["model", "train", "valid", "config"]),
        ("evaluate", ["model", "split"]),
        ("record_activations", ["model", "x", "layers"]),
        ("predict", ["model", "x"]),
        ("preset", ["name"]),
        ("load_dataset", ["name"]),
        ("prepare", ["image", "dataset"]),
    ],
)
def test_functions_take_what_the_contract_says(name, parameters):
    signature = inspect.signature(getattr(lib, name))
    positional = [p.name for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert positional[: len(parameters)] == parameters
    variadic = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    rest = list(signature.parameters.values())[len(parameters) :]
    assert all(p.default is not p.empty for p in rest if p.kind not in variadic)  # whatever else there is, is optional


def test_the_options_of_a_data_set_are_the_fields_of_its_configuration():
    options = [p.name for p in inspect.signature(load_dataset).parameters.values()]
    assert options == list(lib.DataConfig.model_fields)
    for parameter in list(inspect.signature(load_dataset).parameters.values())[1:]:
        assert parameter.default == lib.DataConfig.model_fields[parameter.name].default


def test_results_have_the_attributes_of_the_contract(tiny, quick_digits):
    data = load_dataset("digits", train_size=20, test_size=10)
    for split in (data.train, data.valid, data.test):
        assert (split.images.dtype, split.images.ndim, split.labels.dtype) == (torch.uint8, 4, torch.int64)
    assert len(data.classes) == 10
    assert data.input_shape == (1, 28, 28)

    summary = summarize(preset("small-cnn").model, data.input_shape, 10)
    assert {"name", "output_shape", "parameters", "multiply_adds"} <= {
        f.name for f in dataclasses.fields(summary.rows[0])
    }
    assert summary.parameters > 0
    assert summary.multiply_adds > 0

    net = lib.build_model(preset("small-cnn").model, data.input_shape, 10)
    result = evaluate(net, data.test)
    assert result.confusion.shape == (10, 10)
    assert result.probabilities.shape == (10, 10)
    assert 0 <= result.accuracy <= 1
    assert result.loss > 0


def test_training_is_a_loop_over_events(tiny):
    net = lib.build_model(lib.ModelConfig(layers=(lib.Flatten(),)), tiny.input_shape, 3)
    kinds = {event.kind for event in fit(net, tiny.train, tiny.valid, lib.TrainConfig(epochs=1))}
    assert kinds >= {"run_started", "step_end", "epoch_end", "run_ended"}


def test_lists_name_what_there_is():
    assert {info.name for info in list_datasets()} >= {
        "digits",
        "doodles",
        "fashion-mnist",
        "mnist",
        "kmnist",
        "cifar-10",
    }
    assert issubclass(lib.ShapeError, ValueError)
    assert issubclass(lib.UnsafeImage, Exception)
