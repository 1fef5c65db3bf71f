"""A link to what is on the screen."""

WORDS = {
    "copy": "Copy link",
    "copied": "Copied. Whoever opens it here sees this page as it is now.",
    "by_hand": "The browser copies nothing by itself here: the link is marked, press Ctrl+C.",
    "link": "Link to this page",
    "leave_out": "For a class: leave controls out",
    "close": "Close",
}
