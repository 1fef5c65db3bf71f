"""What is said where a net may run in the page."""

WORDS = {
    "by_server": "computed by the server",
}
