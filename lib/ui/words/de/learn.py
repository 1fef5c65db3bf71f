"""Learn: die Seite selbst."""

WORDS = {
    "sentence": "Jede Idee eines neuronalen Netzes zum Anfassen: Zieh an einer Zahl und sieh, was sie bewirkt.",
    "section": "Abschnitt",
    "language": "Sprache",
    "lessons": "Lektionen",
    "lessons_sentence": "Jede Lektion fragt erst, lässt es dann wirklich laufen und liest das Ergebnis ab. "
    "Deine Antworten merkt sich dieser Browser.",
    "neurons": "Neuronen und Schichten",
    "loss": "Label und Verlust",
    "descent": "Gradientenabstieg",
    "iteration": "Eine Iteration",
    "cost": "Faltung und Kosten",
    "clusters": "Ohne Lehrer",
    "for_real": "Im Dashboard:",
    "ready_net": "das fertige Netz",
    "percent": "{value:.1f} %",
}
