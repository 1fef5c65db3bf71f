"""A set-up as an address, and back; and addresses that people made up."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.config import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    DataConfig,
    Dense,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    MaxPool2d,
    ModelConfig,
    RunConfig,
    TrainConfig,
)
from lib.models import DEFAULT_PRESET, list_presets, preset
from lib.ui.setup.link import NAMES, from_link, to_link

DEFAULT = preset(DEFAULT_PRESET)


@given(st.from_type(RunConfig))
def test_every_set_up_survives_the_address(config):
    link = to_link(config)
    assert set(link) <= NAMES
    assert from_link(link) == (config, [])
    assert from_link(dict(parse_qsl(urlencode(link), keep_blank_values=True))) == (config, [])


@given(st.from_type(RunConfig))
def test_every_address_is_short(config):
    assert len(urlencode(to_link(config))) < 1_500


@given(st.from_type(RunConfig), st.from_type(RunConfig))
def test_different_set_ups_have_different_addresses(one, other):
    assert (to_link(one) == to_link(other)) == (one == other)


@pytest.mark.parametrize("name", list_presets())
def test_presets_survive_the_address(name):
    assert from_link(to_link(preset(name))) == (preset(name), [])


def test_the_default_is_its_version_and_one_word():
    assert to_link(DEFAULT) == {"v": "1", "net": "c8k3-m2-c10k3-m2-f-d32"}
    assert from_link({}) == (DEFAULT, [])


# What a link of version 1 says without naming it; if this differs, links that people kept have changed their meaning.
BASE_1 = {
    "data": {
        "name": "fashion-mnist",
        "train_size": None,
        "test_size": None,
        "valid_fraction": 0.1,
        "scale_pixels": True,
        "seed": 0,
    },
    "train": {
        "optimizer": "adam",
        "loss": "cross-entropy",
        "learning_rate": 0.002,
        "schedule": "constant",
        "batch_size": 32,
        "epochs": 5,
        "time_budget": None,
        "weight_decay": 0.0,
        "augment": False,
        "precision": "auto",
    },
    "seed": 0,
}


@pytest.mark.parametrize("version", [{}, {"v": "1"}], ids=["before versions", "1"])
def test_an_old_link_keeps_its_meaning(version):
    """Also when the default preset changes: then it is time for version 2, with a base of its own."""
    config, refused = from_link({**version, "net": "f-d16", "lr": "0.1"})
    assert refused == []
    assert config.model.layers == (Flatten(), Dense(16))
    found = config.model_dump()
    assert found["data"].items() >= BASE_1["data"].items()
    assert found["train"].items() >= (BASE_1["train"] | {"learning_rate": 0.1}).items()
    assert found["seed"] == 0


def test_the_default_preset_is_the_base_of_the_present_version():
    assert from_link({"v": to_link(DEFAULT)["v"]}) == (DEFAULT, [])


@pytest.mark.parametrize("version", ["2", "0", "", "x", "01", "-1", "١", "1 "])
def test_a_link_of_another_version_is_named_and_read_as_far_as_possible(version):
    config, refused = from_link({"v": version, "epochs": "7"})
    assert refused == ["v"]
    assert config.train.epochs == 7


def test_addresses_can_be_read_and_typed():
    config, refused = from_link(
        {
            "net": "c8-m-c10k5s2vT-a3-b-o0.5-g-d32S",
            **{"lr": "0.1", "sched": "one-cycle", "epochs": "7", "augment": "yes"},
        }
    )
    assert refused == []
    assert config.model.layers == (
        *(Conv2d(8), MaxPool2d(), Conv2d(10, 5, 2, "valid", "tanh"), AvgPool2d(3)),
        *(BatchNorm(), Dropout(0.5), GlobalAvgPool2d(), Dense(32, "sigmoid")),
    )
    changed = {"learning_rate": 0.1, "schedule": "one-cycle", "epochs": 7, "augment": True}
    assert config.train == DEFAULT.train.model_copy(update=changed)
    assert config.data == DEFAULT.data


def test_what_is_not_named_is_as_in_the_default_preset():
    config = RunConfig(
        data=DataConfig(name="digits", train_size=500, scale_pixels=False),
        model=ModelConfig(layers=(Flatten(), Dense(128, "linear"))),
        train=TrainConfig(time_budget=60.0, optimizer="sgd", learning_rate=DEFAULT.train.learning_rate),
        seed=9,
    )
    assert to_link(config) == {
        "v": "1",
        "net": "f-d128L",
        "data": "digits",
        "pictures": "500",
        "scale": "no",
        "opt": "sgd",
        "seconds": "60",
        "seed": "9",
    }
    assert to_link(config.model_copy(update={"model": ModelConfig()}))["net"] == "none"


NONSENSE = [
    ("lr", ["fast", "", "-1", "0", "nan", "inf", "100", "yes", "all", "1e400"]),
    ("epochs", ["0", "201", "2.5", "yes", "all", "9" * 5_000]),
    ("batch", ["0", "no", "5000", "٣٢x"]),
    ("seed", ["-1", "all", "2147483648", "x"]),
    ("split", ["-1", "no"]),
    ("scale", ["maybe", "all", "2", ""]),
    ("augment", ["perhaps", "all"]),
    ("opt", ["tiger", "", "SGD"]),
    ("loss", ["hinge", "yes"]),
    ("sched", ["zigzag", "", "Cosine", "one_cycle"]),
    ("precision", ["fp8"]),
    ("valid", ["0.9", "-0.1", "nan", "no"]),
    ("seconds", ["0", "-5", "nan", "no", "1e9"]),
    ("pictures", ["0", "many", "1.5", "yes"]),
    ("tests", ["0", "yes"]),
    ("decay", ["2", "nan"]),
    (
        "net",
        ["", "-", "x9", "c", "c0", "c513", "c8k16", "c8k3k5", "c8s9", "d5v", "d8k3", "m1", "m2R", "m2.5", "g7", "f3"],
    ),
    (
        "net",
        [
            "b2",
            "o1",
            "o",
            "o0..5",
            "o-0.5",
            "f--f",
            "c8-",
            "none-f",
            "C8",
            "c8 ",
            "-".join(["f"] * 25),
            "d" + "9" * 5_000,
        ],
    ),
]


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, text) for name, texts in NONSENSE for text in texts],
    ids=lambda value: value[:12] or "empty",
)
def test_nonsense_is_named_and_the_default_stands_in_its_place(name, text):
    assert from_link({name: text}) == (DEFAULT, [name])


def test_nonsense_does_not_take_the_rest_with_it():
    config, refused = from_link({"lr": "fast", "epochs": "9", "net": "f-x", "seed": "4"})
    assert sorted(refused) == ["lr", "net"]
    expected = DEFAULT.model_copy(update={"train": DEFAULT.train.model_copy(update={"epochs": 9}), "seed": 4})
    assert config == expected


def test_names_of_others_are_left_alone():
    assert from_link({"run": "abc", "embed": "true", "Net": "f"}) == (DEFAULT, [])


_TEXT = (
    st.text() | st.text("0123456789.e-+ckdsmagfobvRSTL_ ", max_size=40) | st.sampled_from(["all", "yes", "no", "none"])
)


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), _TEXT))
@example({"net": "\x00"})
@example({"lr": "\ud800"})
def test_no_address_breaks_anything(link):
    config, refused = from_link(link)
    assert set(refused) <= set(link)
    assert len(set(refused)) == len(refused)
    assert from_link(to_link(config)) == (config, [])  # what was understood is a set-up like any other
    understood = {name: text for name, text in link.items() if name not in refused}
    assert from_link(understood) == (config, [])
