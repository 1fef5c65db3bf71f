"""`make classroom`: serve the class of this home to the local network, over https unless it is to be plain."""

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from lib.classroom.certificate import certificate_for, names_here
from lib.classroom.record import FOLDER
from lib.home import HomeFailure, home, in_words
from lib.runs.places.choice import ELSE, WHERE

ROOM_WANTED = "GLASSHOUSE_CLASSROOM"  # in the environment of the server: open the class


def main(arguments: list[str] | None = None) -> None:
    """Become the server; what it needs to know goes along in its options and its environment."""
    parser = argparse.ArgumentParser(prog="make classroom", description="Serve Glasshouse to a class.")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--plain", action="store_true", help="without https: no warning, no cameras, no clipboard")
    chosen = parser.parse_args(arguments)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "streamlit", "run", str(root / "app.py"), "--server.port", str(chosen.port),
               "--server.address", "0.0.0.0", "--logger.hideWelcomeMessage", "true"]  # fmt: skip
    environment = _where_runs_train() | os.environ | {ROOM_WANTED: "open"}
    os.execve(command[0], command + ([] if chosen.plain else secured()), environment)


def _where_runs_train() -> dict[str, str]:
    """A class uses every core, where the packages for it are there; what the environment says stands."""
    can = (os.cpu_count() or 1) > 1 and find_spec("distributed") is not None
    return {WHERE: "local", ELSE: "thread"} if can else {}


def secured() -> list[str]:
    """The server's options for https; none, and a sentence, where no certificate can be kept."""
    try:
        made = certificate_for(names_here(), home().absolute() / FOLDER)
    except HomeFailure as failure:
        print(f"No certificate: {in_words(failure)} The class is served without https.", file=sys.stderr, flush=True)
        return []
    return ["--server.sslCertFile", str(made.chain), "--server.sslKeyFile", str(made.key)]


if __name__ == "__main__":
    main()
