"""When something could not be shown."""

WORDS = {
    "page": "This page could not be shown to its end.",
    "page_works": "The other pages work, and runs that train are not touched by it. Try again; if it stays so, begin "
    "afresh from Start.",
    "part": "This part of the page could not be shown.",
    "part_works": "The rest of the page works, and runs that train are not touched by it.",
    "lesson": "The lesson could not be shown.",
    "lesson_works": "The page beside it works as without a lesson.",
    "class": "What belongs to the class could not be shown.",
    "class_works": "The page works, and so do runs that train. Reload it to be with the class again.",
    "press": "What you asked for last could not be done.",
    "press_works": "The page shows how things stand now; runs that train are not touched by it.",
    "again": "Try again",
    "start": "Go to Start",
    "close": "Close",
    "number": "number {number}, in the server’s log too",
}
