"""The list of small faults keeps up with the code; `make soak` puts each of them in and asks who notices."""

import subprocess
import sys

import pytest

from tests.faults import FAULTS, ROOT, missing


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_can_still_be_put_in(fault):
    assert missing(fault) is None
    assert fault.right != fault.wrong
    assert all((ROOT / test).is_file() for test in fault.tests)


@pytest.mark.soak
def test_every_small_fault_is_noticed():
    done = subprocess.run([sys.executable, "-m", "tests.faults"], cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
