"""Eigene Klassen, auf der Seite Data."""

WORDS = {
    "title": "Name deiner Datensammlung",
    "title_example": "Hotdog oder nicht",
    "kind": "Deine Bilder sind",
    "photo": "Fotos",
    "drawing": "Zeichnungen",
    "kind_help": "Fotos bleiben farbig, 32×32. Bei Zeichnungen zählt nur der Strich: grau, 28×28. Das wird einmal "
    "entschieden, vor dem ersten Bild.",
    "name_of": "Name von Klasse {number}",
    "name_example": "Klasse {number}",
    "add_class": "Noch eine Klasse",
    "drop": "Entfernen",
    "drop_class": "{name} mit allen Bildern herausnehmen",
    "count": "{count} Bilder",
    "count_of": "{count} von mindestens {least} Bildern",
    "strip": "Die neuesten Bilder von {name}, insgesamt {count}",
    "pictures_for": "Bilder hinzufügen zu",
    "draw": "Zeichne ein Bild für {name}",
    "add_drawing": "Diese Zeichnung zu {name}",
    "upload": "Bilder für {name} oder ein Zip davon",
    "privacy": "Behalten werden nur die kleinen Bilder, die du hier siehst, im eigenen Ordner von Glasshouse auf "
    "diesem Rechner, und erst wenn du auf Behalten drückst. Alle, die dieses Glasshouse benutzen, können dann damit "
    "trainieren.",
    "reading": "Bild {place} von {count}",
    "stop": "Nicht weiterlesen",
    "empty_sheet": "Auf diesem Bild ist kein Strich.",
    "full": "Diese Klasse ist voll.",
    "keep": "Behalten und damit trainieren",
    "lacking": "Noch {count} Bilder: Jede Klasse braucht mindestens {least}.",
    "nameless": "Gib jeder Klasse einen Namen.",
    "same_name": "Zwei Klassen heißen gleich.",
    "no_room": "Die Datensammlung konnte nicht geschrieben werden; ist die Platte voll?",
    "kept_title": "Deine Datensammlungen auf diesem Rechner",
    "use": "Benutzen",
    "train": "Damit trainieren",
    "delete_it": "Löschen",
    "delete": "{name} löschen",
    "delete_sure": "Die Bilder von „{name}“ endgültig löschen? Netze, die damit trainiert wurden, bleiben, aber "
    "trainieren kann man damit nicht mehr.",
    "delete_yes": "Löschen",
    "gone": "{name}: Diese eigenen Bilder sind nicht mehr da. Wähle andere.",
}
