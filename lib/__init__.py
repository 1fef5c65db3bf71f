"""Glasshouse's public API: build, train, look inside and classify, without any user interface."""

import os

# Read once, when torch loads OpenMP: threads that wait for each other must sleep, not spin. Spinning costs up to 10x
# as soon as anything else (a browser on the same machine) wants a core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from lib.config import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    DataConfig,
    Dense,
    DepthwiseConv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
)
from lib.datasets import (
    Dataset,
    DatasetInfo,
    DatasetUnavailable,
    Prepared,
    Split,
    UnsafeImage,
    fetch,
    list_datasets,
    load_dataset,
    load_image,
    prepare,
)
from lib.explain import record_activations
from lib.models import ShapeError, Summary, build_model, list_presets, preset, summarize
from lib.training import (
    EpochEnd,
    Evaluating,
    Evaluation,
    LearningRateChanged,
    NoAnswer,
    RunEnded,
    RunStarted,
    StepEnd,
    TrainState,
    evaluate,
    fit,
    predict,
)

__all__ = [
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "DataConfig",
    "Dataset",
    "DatasetInfo",
    "DatasetUnavailable",
    "Dense",
    "DepthwiseConv2d",
    "Dropout",
    "EpochEnd",
    "Evaluating",
    "Evaluation",
    "Flatten",
    "GlobalAvgPool2d",
    "LearningRateChanged",
    "MaxPool2d",
    "ModelConfig",
    "NoAnswer",
    "Prepared",
    "RunConfig",
    "RunEnded",
    "RunStarted",
    "ShapeError",
    "Split",
    "StepEnd",
    "Summary",
    "TrainConfig",
    "TrainState",
    "UnsafeImage",
    "build_model",
    "evaluate",
    "fetch",
    "fit",
    "list_datasets",
    "list_presets",
    "load_dataset",
    "load_image",
    "predict",
    "prepare",
    "preset",
    "record_activations",
    "summarize",
]
