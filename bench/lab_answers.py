"""Measure how soon each lab answers first: `python -m bench.lab_answers`, printed in ms; 1 where one is above the bar.

The whole page is computed as the server does, in this process and without a browser, on the ready net, which has the
layers of `small-cnn`: the first time since this process began, three seconds after its gallery was opened, and once
more. Labs that train show their button then.
"""

import os
import sys
import tempfile
from time import perf_counter, sleep
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from lib.nets.imagenet import is_here
from lib.ui.frame.page import PAGES
from lib.ui.labs.table import LABS

BAR_MS = 1_000
_CHOOSING = 3.0  # seconds that a person takes in the gallery at least


def opened(lab: str) -> float:
    """Milliseconds to compute the page of a lab."""
    page = AppTest.from_file(str(PAGES / "labs.py"), default_timeout=60)
    page.query_params["lab"] = lab
    started = perf_counter()
    page.run()
    assert not page.exception, page.exception
    return 1_000 * (perf_counter() - started)


def main() -> int:
    """Measure all labs, each twice."""
    late = []
    with tempfile.TemporaryDirectory() as home, patch("lib.ui.setup.session.owner", lambda: "bench"):
        os.environ["GLASSHOUSE_HOME"] = home
        opened("all")
        sleep(_CHOOSING)
        for lab in LABS:
            if lab == "frozen" and not is_here():
                print("frozen: its package is not installed")
                continue
            first, again = opened(lab), opened(lab)
            print(f"{lab}: {first:.0f} ms, again {again:.0f} ms", flush=True)
            late += [lab] if first > BAR_MS else []
    print(f"above {BAR_MS} ms: {', '.join(late) or 'none'}")
    return int(bool(late))


if __name__ == "__main__":
    sys.exit(main())
