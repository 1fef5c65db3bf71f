"""Which place this installation trains at: `GLASSHOUSE_CLUSTER` says it; nothing: the thread."""

import os
from functools import partial

from lib.runs.places.place import Place
from lib.runs.places.thread import Thread

WHERE = "GLASSHOUSE_CLUSTER"  # nothing, "local", or the address of a scheduler
WORKERS = "GLASSHOUSE_CLUSTER_WORKERS"  # with "local": how many
ELSE = "GLASSHOUSE_CLUSTER_ELSE"  # "thread": the thread takes turns while no worker is there


def place_from_environment(threads: int) -> Place:
    """The place that was asked for. ValueError, in a sentence, if it cannot be. threads: of the thread place"""
    wanted = os.environ.get(WHERE, "").strip()
    if not wanted:
        return Thread(threads)
    try:
        from lib.runs.places import cluster, connecting
    except ImportError as missing:
        raise ValueError(f"{WHERE} needs one more package: pip install -r requirements-cluster.txt") from missing
    takes_over = os.environ.get(ELSE, "") == "thread"
    if wanted == "local":
        workers = int(os.environ.get(WORKERS) or os.cpu_count() or 1)
        return cluster.Cluster(partial(connecting.on_this_machine, workers), takes_over=takes_over)
    return cluster.Cluster(partial(connecting.at, wanted, connecting.security_for(wanted)), takes_over=takes_over)
