"""`import glasshouse`: the public API of `lib` under the product's own name, and nothing else."""

import lib
from lib import *  # noqa: F403

__all__ = list(lib.__all__)
