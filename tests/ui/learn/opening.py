"""Learn as AppTest opens it, and the nets that it is opened on."""

from typing import Any

from streamlit.testing.v1 import AppTest

from lib.config import BatchNorm, Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.ui.frame.page import PAGES

FASHION = (1, 28, 28)


def config_of(*layers, **train: Any) -> RunConfig:
    return RunConfig.model_validate(
        {
            "data": {"name": "digits", "train_size": 300, "test_size": 60},
            "model": ModelConfig(layers=layers).model_dump(),
            "train": {"epochs": 2, "learning_rate": 0.003, "batch_size": 32} | train,
        }
    )


DENSE = config_of(Flatten(), Dense(20), optimizer="momentum")
LAST_ONLY = config_of(
    Conv2d(3), BatchNorm(), MaxPool2d(4), Flatten(), Dense(8), Dropout(0.3), loss="mse", optimizer="sgd"
)
CONVOLUTIONS = config_of(Conv2d(2, stride=4), Flatten(), optimizer="rmsprop", schedule="cosine")


def opened(section: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGES / "learn.py"), default_timeout=60)
    at.query_params["section"] = section
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def told(at: AppTest) -> str:
    return " ".join(each.value for each in (*at.caption, *at.info, *at.markdown))


def press(at: AppTest, label: str) -> AppTest:
    button = next(each for each in at.button if each.label == label)
    button.click().run()
    assert not at.exception
    return at
