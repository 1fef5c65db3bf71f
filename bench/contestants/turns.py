"""A contestant's side of the bench: wait, train when told, say how many pictures in how many seconds."""

import json
import sys
from collections.abc import Callable

WARM_UP = 0.5  # seconds of training at the beginning of a turn that do not count


def serve(train: Callable[[float], tuple[int, float]], **about: object) -> None:
    """Say what this contestant is, then answer every line on stdin, a number of seconds, by training about so long."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    print(json.dumps(about), file=answers, flush=True)
    for line in sys.stdin:
        pictures, seconds = train(float(line))
        print(json.dumps({"pictures": pictures, "seconds": seconds}), file=answers, flush=True)
