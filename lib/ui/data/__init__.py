"""The views of Data, one module each; every one has `show(config, info)`."""

from pathlib import Path

STYLE = Path(__file__).with_name("data.css")
