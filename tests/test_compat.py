"""Each check needs an interpreter that has not imported torchvision yet."""

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(code, *arguments):
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_installed_torchvision_can_be_imported():
    done = run("""
        import sys
        import lib.datasets
        lib.datasets.list_datasets()
        late = {"torchvision", "sklearn", "streamlit", "plotly"} & set(sys.modules)
        assert not late, late

        import torch
        from lib.compat import datasets, functional
        assert len(datasets.MNIST.resources) == 4
        turned = functional.horizontal_flip(torch.arange(4).view(1, 2, 2))
        assert turned.tolist() == [[[1, 0], [3, 2]]]
    """)
    assert done.returncode == 0, done.stderr


FAKE = """
import os
import torch

failure = os.environ["FAILURE"]
if failure == "ops":
    try:
        torch.ops.torchvision.nms, torch.ops.torchvision.qnms
    except AttributeError:
        raise RuntimeError("operator torchvision::nms does not exist") from None
elif failure == "other":
    raise RuntimeError("operator torchvision::roi_align does not exist")
elif failure == "import":
    raise ImportError("libjpeg is missing")
"""


def test_only_the_known_error_is_mended(tmp_path):
    (tmp_path / "torchvision" / "transforms" / "v2" / "functional").mkdir(parents=True)
    (tmp_path / "torchvision" / "__init__.py").write_text(FAKE)
    (tmp_path / "torchvision" / "datasets.py").write_text("mended = True")
    for folder in ("transforms", "transforms/v2", "transforms/v2/functional"):
        (tmp_path / "torchvision" / folder / "__init__.py").write_text("")
    code = """
        import importlib, os, sys
        sys.path.insert(0, sys.argv[1])
        for failure, kind, words in (
            ("other", RuntimeError, "operator torchvision::roi_align does not exist"),
            ("import", ImportError, "libjpeg is missing"),
        ):
            os.environ["FAILURE"] = failure
            try:
                importlib.import_module("lib.compat")
            except kind as error:
                assert str(error) == words, error
            else:
                raise AssertionError(failure)

        os.environ["FAILURE"] = "ops"
        assert importlib.import_module("lib.compat").datasets.mended
    """
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr
