"""Faltung und Kosten."""

WORDS = {
    "chart_title": "Eine Schicht, wachsende Bilder",
    "chart_hint": "Eine Dense-Schicht hat ein Gewicht für jeden Pixel und jedes Neuron. Ein Filter hat überall "
    "dieselben paar Gewichte. Ändere die Größe des Bildes.",
    "reset": "Zurücksetzen",
    "side": "Bild",
    "channels": "Farbkanäle",
    "grey": "1 Kanal, grau",
    "colour": "3 Kanäle, farbig",
    "units": "Neuronen der Dense-Schicht",
    "filters": "Filter der Faltung",
    "kernel": "Kerngröße",
    "dense_line": "dense, Parameter",
    "conv_line": "Faltung, Parameter",
    "adds_line": "Faltung, Multiply-Adds",
    "side_axis": "Pixel auf jeder Seite",
    "count_axis": "wie viele",
    "cost_said": "Bei {size} hat die Dense-Schicht {times}-mal so viele Parameter wie die Faltung und braucht allein "
    "dafür {memory}. Aber jeder der {conv} Parameter der Filter arbeitet an jeder Stelle: je etwa {shares} "
    "Multiply-Adds.",
    "flat_title": "Das Gitter und die Reihe",
    "flat_keys": "Pfeiltasten bewegen die Marke",
    "shuffle": "die Reihe mischen",
    "grid_caption": "Was eine Faltung bekommt: das 2-D-Gitter.",
    "row_caption": "Was eine Dense-Schicht bekommt: eine flache Reihe. Zeig auf einen Pixel; seine Nachbarn sind grün.",
    "flat_place": "Zeile {row}, Spalte {column} → Platz {row} × {width} + {column} = {place} von {count}; Wert {value}",
    "flat_shuffled": "Zeile {row}, Spalte {column} → Platz {place} von {count}; Wert {value}",
    "flat_why": "Seine Nachbarn links und rechts bleiben neben ihm; die darüber und darunter sind {width} Plätze weit "
    "weg.",
    "flat_why_shuffled": "Für eine Dense-Schicht ist jede feste Reihenfolge gleich gut: Sie lernt ein Gewicht für "
    "jeden Platz. Für eine Faltung wäre es Rauschen: Was nebeneinander liegt, gehört nicht mehr zusammen.",
    "try_title": "Schieben, erkennen, Pooling, flach machen: probier es",
    "try_hint": "Diese Verweise öffnen Look inside mit dem fertig gemalten Filter.",
    "try_slide": "einen 3×3-Filter über ein Bild schieben",
    "try_vertical": "senkrechte Linien erkennen",
    "try_horizontal": "waagerechte Linien erkennen",
    "try_both": "beide Detektoren zusammen",
    "try_max": "Max-Pooling: Das Größte bleibt",
    "try_average": "Max- und Mittelwert-Pooling nebeneinander",
    "try_maps": "jede Feature Map dieses Netzes",
    "try_flatten": "die letzten Karten, flach ausgelegt",
    "bars_title": "Parameter, Multiply-Adds und Sekunden: drei Preise eines Netzes",
    "bars_nets": "Netze",
    "bars_empty": "Wähl oben ein Netz, um zu sehen, was es kostet.",
    "bars_note": "Jede Spalte hat ihren eigenen Maßstab. Multiply-Adds gelten für ein Bild, vorwärts. Sekunden gelten "
    "für eine Epoche von {pictures:,} Bildern zu 28×28, geschätzt aus ein paar echten Schritten auf diesem Rechner.",
    "parameters": "Parameter",
    "multiply_adds": "Multiply-Adds je Bild",
    "seconds": "Sekunden je Epoche",
    "measuring": "wird gestoppt …",
    "millions": "{count} Mio.",
}
