"""What a bench has measured, kept as JSON beside it."""

import json
from pathlib import Path
from typing import Any


def keep(found: Any, path: Path, indent: int | None = None) -> None:
    """Write it, in a folder that need not be there yet."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=indent) + "\n")
