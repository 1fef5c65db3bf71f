"""`make classroom`: serve the class of this home to the local network."""

import argparse
import os
import sys
from pathlib import Path

ROOM_WANTED = "GLASSHOUSE_CLASSROOM"  # in the environment of the server: open the class


def main(arguments: list[str] | None = None) -> None:
    """Become the server; what it needs to know goes along in its options and its environment."""
    parser = argparse.ArgumentParser(prog="make classroom", description="Serve Glasshouse to a class.")
    parser.add_argument("--port", type=int, default=8501)
    chosen = parser.parse_args(arguments)
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "streamlit", "run", str(root / "app.py"), "--server.port", str(chosen.port),
               "--server.address", "0.0.0.0", "--logger.hideWelcomeMessage", "true"]  # fmt: skip
    os.execve(command[0], command, os.environ | {ROOM_WANTED: "open"})


if __name__ == "__main__":
    main()
