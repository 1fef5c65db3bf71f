"""Was dort steht, wo ein Netz in der Seite laufen kann."""

WORDS = {
    "by_server": "auf dem Server gerechnet",
}
