"""Mit und ohne Lehrer."""

WORDS = {
    "features": "Ordnen nach",
    "features_net": "dem, was das Netz daraus macht",
    "features_pixels": "den rohen Pixeln",
    "groups": "Zahl der Gruppen",
    "again": "Noch einmal",
    "again_help": "k-means beginnt an zufälligen Stellen; ein anderer Anfang kann zu anderen Gruppen führen.",
    "purity": "richtig: Gruppen nach Mehrheit",
    "purity_help": "Jede Gruppe heißt nach dem, was in ihr am häufigsten ist. Nur dafür dienen die Labels.",
    "taught": "richtig: das trainierte Netz",
    "taught_help": "Das Netz, das mit Labels trainiert wurde, auf denselben Testbildern.",
    "guessing": "richtig: Raten",
    "without": "Ohne Lehrer: k-means",
    "without_hint": "Gruppen aus dem, was nahe beisammen liegt. Es sah nie ein Label und weiß nicht, was eine Gruppe "
    "ist.",
    "with": "Mit Lehrer: die Labels",
    "with_hint": "Genau dieselben Punkte, gefärbt nach dem Label, das jemand jedem Bild gab.",
    "keys": "Zeig auf einen Punkt, eine Gruppe oder eine Klasse. Pfeiltasten gehen von Bild zu Bild.",
    "group_named": "{number}: {name}",
    "points_label": "Bilder als Punkte, gefärbt nach Gruppe. Pfeiltasten gehen von Bild zu Bild",
    "labels_label": "Dieselben Bilder als Punkte, gefärbt nach Label",
    "point_said": "Gruppe {number}, meist {name}\nLabel: {label}\ndas Netz sagt: {answer}",
    "three_ways": "Drei Arten zu lernen. **Überwacht**: mit einem Lehrer, der jedes Beispiel beschriftet. "
    "**Unüberwacht**: ohne ihn, was zusammengehört, findet sich, wie links. **Bestärkend**: durch Ausprobieren, nur "
    "mit einer Belohnung, die sagt, wie gut es ging, wie beim Lernen eines Spiels.",
}
