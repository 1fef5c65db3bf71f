"""Where Glasshouse keeps what it makes and fetches."""

import os
from pathlib import Path


def home() -> Path:
    """Return the folder named by `GLASSHOUSE_HOME`, or `.glasshouse` in the current one; it may not exist yet."""
    return Path(os.environ.get("GLASSHOUSE_HOME") or ".glasshouse").expanduser()


def data_folder(name: str) -> Path:
    """Return the folder for the files of the data set `name`; it may not exist yet."""
    return home() / "data" / name
