"""Was gesagt wird, wo ein Netz da ist und seine Bilder nicht."""

WORDS = {
    "fetch": "{net} hat von {title} gelernt, dessen Bilder nicht auf diesem Rechner sind: Download auf Train holt sie, "
    "oder `python -m lib.cli fetch {name}`.",
    "package": "{net} hat von {title} gelernt, dessen Bilder nicht auf diesem Rechner sind: sie kommen mit "
    "`pip install {package}`.",
    "own": "{net} hat von {title} gelernt: das sind jemandes eigene Bilder, und wer die Datei der Sammlung hat, kann "
    "sie auf Data, unter Eigene Klassen, öffnen.",
    "until_then": "Bis dahin steht ein leeres Blatt für ein Testbild; eigene Bilder lassen sich zeichnen oder "
    "hochladen.",
    "sheet": "ein leeres Blatt",
    "no_sample": "Hier ist kein Testbild: das ist ein leeres Blatt.",
    "counts": "Eine Verwechslungsmatrix wird über Testbilder gezählt, und hier sind keine.",
    "accuracy": "Die Trefferquote wird an Testbildern gemessen, und hier sind keine; die Antwort auf ein Bild gibt es.",
    "nearest": "Die nächsten Trainingsbilder lassen sich nicht finden: hier sind keine.",
    "sureness": "Was eine Schwelle kostet, wird an Testbildern gemessen, und hier sind keine; das eigene Bild wird "
    "trotzdem beantwortet.",
    "asked": "Diese Ansicht fragt das Netz nach seinen Bildern, und hier sind keine.",
    "layers": "Was seine Schichten antworten, wurde nicht angesehen: dazu braucht es Validierungsbilder, und hier sind "
    "keine.",
    "surer": "Der eigene Verlust des Netzes wird an Testbildern gemessen, und hier sind keine.",
    "slopes": "Der eigene Verlust des Netzes wird an Trainingsbildern gemessen, und hier sind keine.",
    "iteration": "Ein Schritt braucht einen Stapel Trainingsbilder, und hier sind keine.",
    "clusters": "Ordnen ohne Lehrer braucht Testbilder, und hier sind keine.",
}
