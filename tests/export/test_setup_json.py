"""Set-up files: written, read back, brought up to date, and refused in words."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.config import Conv2d, Dense, Dropout, Flatten, MaxPool2d, ModelConfig, RunConfig
from lib.export.setup_json import MAX_BYTES, NotASetup, parse_setup, setup_file
from lib.models import list_presets, preset

SAMPLES = Path(__file__).parent / "samples"


@given(st.from_type(RunConfig), st.text(max_size=80))
def test_every_set_up_survives_its_file(config, name):
    assert parse_setup("x.json", setup_file(name, config).encode()) == config


@pytest.mark.parametrize("name", list_presets())
def test_presets_survive_their_file(name):
    text = setup_file(name, preset(name))
    assert parse_setup("x.json", text.encode()) == preset(name)
    assert list(json.loads(text))[:2] == ["format", "version"]


def test_a_file_of_version_0_is_brought_up_to_date():
    """What the first Glasshouse wrote: no format, no version, no schedule, and always float32."""
    found = parse_setup("old.json", (SAMPLES / "setup-version-0.json").read_bytes())
    layers = (Conv2d(8, 5, padding="valid"), MaxPool2d(), Dropout(0.25), Flatten(), Dense(32, "tanh"))
    assert found.model == ModelConfig(layers=layers)
    assert (found.data.name, found.data.valid_fraction, found.seed) == ("digits", 0.2, 7)
    assert (found.train.optimizer, found.train.learning_rate, found.train.epochs) == ("momentum", 0.03, 12)
    assert (found.train.schedule, found.train.precision) == ("constant", "fp32")


GOOD = setup_file("small", preset("small-cnn"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "x.json is no set-up and no recording, or it is cut off; choose a file that Glasshouse saved."),
        (
            GOOD[: len(GOOD) // 2].encode(),
            "x.json is no set-up and no recording, or it is cut off; choose a file that Glasshouse saved.",
        ),
        (b"\xff\xfe", "x.json is no set-up and no recording, or it is cut off; choose a file that Glasshouse saved."),
        (b"[" * 90_000, "x.json is no set-up and no recording, or it is cut off; choose a file that Glasshouse saved."),
        (b" " * (MAX_BYTES + 1), "x.json is larger than 100 kB; no set-up is."),
        (b"[1]", "x.json is no set-up and no recording; choose a file that Glasshouse saved."),
        (b"{}", "x.json is no set-up and no recording; choose a file that Glasshouse saved."),
        (
            b'{"name": "package", "scripts": {}}',
            "x.json is no set-up and no recording; choose a file that Glasshouse saved.",
        ),
        (
            b'{"format": "keras", "version": 1}',
            "x.json is no set-up and no recording (its format is 'keras'); choose a file",
        ),
        (GOOD.replace('"version": 1', '"version": 9').encode(), "x.json has version 9; this Glasshouse reads 1 to 1."),
        (GOOD.replace('"version": 1', '"version": true').encode(), "x.json has version True"),
        (GOOD.replace('"epochs": 5', '"epochs": 500').encode(), "x.json cannot be used: config.train.epochs: "),
        (
            GOOD.replace('"units": 32', '"units": "many"').encode(),
            "x.json cannot be used: config.model.layers.5.units: ",
        ),
        (GOOD.replace('"adam"', '"tiger"').encode(), "x.json cannot be used: config.train.optimizer: "),
        (GOOD.replace('"seed": 0', '"sead": 0', 1).encode(), "x.json cannot be used: config.data.sead: "),
        (GOOD.replace("fashion-mnist", "cats").encode(), "x.json is for the data set “cats”, which is not known here."),
    ],
    ids=range(16),
)
def test_another_file_is_refused_in_words_that_name_file_and_field(content, said):
    with pytest.raises(NotASetup) as caught:
        parse_setup("x.json", content)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "content",
    [
        b'{"format": "glasshouse-set-up", "version": "\\ud800"}',
        GOOD.replace("fashion-mnist", "\\ud800").encode(),
        GOOD.replace("fashion-mnist", "x" * 50_000).encode(),
        GOOD.replace('"dense"', f'"{"9" * 50_000}"', 1).encode(),
    ],
    ids=range(4),
)
def test_what_is_said_can_be_shown_whatever_the_file_holds(content):
    with pytest.raises(NotASetup) as caught:
        parse_setup("x.json", content)
    assert len(str(caught.value)) < 500
    str(caught.value).encode()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9),
                    lambda part: st.lists(part, max_size=3)
                    | st.dictionaries(st.sampled_from(["format", "version", "config", "data", "model", "train"]), part),
                    max_leaves=8))  # fmt: skip
def test_no_file_breaks_anything(values):
    said = "x.json"
    try:
        parse_setup("x.json", json.dumps(values).encode())
    except NotASetup as refused:
        said = str(refused)
    assert said.startswith("x.json")
