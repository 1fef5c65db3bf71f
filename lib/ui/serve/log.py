"""The server's log: every line says when, also those of loggers that nobody has set up."""

import logging


def date_the_log() -> None:
    """Write what loggers of ours and of libraries warn of as Streamlit writes its own lines.

    Called once, before the server takes requests. What no handler takes Python writes itself, as the bare message.
    """
    formatter = logging.Formatter("%(asctime)s %(message)s")
    formatter.default_msec_format = "%s.%03d"
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(formatter)
