"""Enough open files for a class: every open page holds a few connections, and the shell's default can be 256."""

import sys

WANTED = 65_536
ENOUGH = 1_024  # for thirty pages that are reloaded


def raise_limit() -> int | None:
    """Allow as many open files as the system lets us; gives how many there may be, None where there is no limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (WANTED, 10_240, 4_096):  # some systems refuse more than the kernel's own bound
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft == resource.RLIM_INFINITY or soft >= most:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        except (ValueError, OSError):
            continue
        soft = most
        break
    return None if soft == resource.RLIM_INFINITY else soft


def say_if_few(most: int | None) -> None:
    """Tell whoever starts the server, if there are too few for a class."""
    if most is not None and most < ENOUGH:
        print(
            f"Only {most} files may be open at once here: enough for about {most // 12} open pages. For a class, "
            f"have your system allow more (`ulimit -Hn`; {ENOUGH} are enough for thirty) and start again.",
            file=sys.stderr,
            flush=True,
        )
