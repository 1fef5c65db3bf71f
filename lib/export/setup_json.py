"""A set-up as a file: one JSON object that names its format and version, read by later versions too.

Version 0 is a bare set-up, as the headers of weight files and early data bases have it; it lacks what was added since,
which then is as it was before there was a choice.
"""

import json
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lib.config import Refused, RunConfig, first_problem
from lib.datasets import list_datasets
from lib.datasets.travel import IS_OWN
from lib.nets.recording_file import CHOOSE

FORMAT: Final = "glasshouse-set-up"
VERSION: Final = 1
MAX_BYTES = 100_000
_PARTS = {"data", "model", "train", "seed"}


class NotASetup(Refused):
    """A file that cannot be read as a set-up; the text says why."""


class SetupFile(BaseModel):
    """What is in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    format: Literal["glasshouse-set-up"] = FORMAT
    version: Literal[1] = VERSION
    name: Annotated[str, Field(max_length=60)] = ""
    config: RunConfig


def setup_file(name: str, config: RunConfig) -> str:
    """Write a set-up, called `name`, for people to read and for `parse_setup`."""
    return SetupFile(name=name[:60], config=config).model_dump_json(indent=1) + "\n"


def parse_setup(name: str, content: bytes) -> RunConfig:
    """Read the content of a file called `name`; NotASetup says in words what is wrong with it.

    Pictures of somebody's own may be missing here.
    """
    if len(content) > MAX_BYTES:
        raise NotASetup(f"{name} is larger than {MAX_BYTES / 1e3:g} kB; no set-up is.")
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotASetup(f"{name} is no set-up and no recording, or it is cut off; {CHOOSE}.") from None
    try:
        config = SetupFile.model_validate(_up_to_date(name, values)).config
    except ValidationError as error:
        raise NotASetup(f"{name} cannot be used: {first_problem(error)}.") from None
    data = config.data.name
    if not IS_OWN.fullmatch(data) and data not in {info.name for info in list_datasets()}:
        raise NotASetup(f"{name} is for the data set “{data}”, which is not known here.")
    return config


def _up_to_date(name: str, values: Any) -> dict[str, Any]:
    """Bring what an older version wrote to the present one, and refuse what is none of ours."""
    if not isinstance(values, dict):
        raise NotASetup(f"{name} is no set-up and no recording; {CHOOSE}.")
    if "format" not in values and values.keys() & {"model", "train"} and values.keys() <= _PARTS:
        train = values.get("train", {})
        if isinstance(train, dict):  # before precision was a choice
            train = {"precision": "fp32"} | train
        return {"config": values | {"train": train}}
    if values.get("format") != FORMAT:
        said = f" (its format is {str(values['format'])[:40]!r})" if "format" in values else ""
        raise NotASetup(f"{name} is no set-up and no recording{said}; {CHOOSE}.")
    version = values.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:  # True is an int too
        raise NotASetup(f"{name} has version {str(version)[:20]}; this Glasshouse reads 1 to {VERSION}.")
    return values
