"""Was jedes Werkzeug sagt."""

WORDS = {
    "bad_number": "Bitte eine Zahl von {least} bis {most} eingeben.",
}
