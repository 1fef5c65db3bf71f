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
    "diesem Rechner, und erst wenn du auf Behalten drückst.",
    "for": "Wer sie sehen und damit trainieren darf",
    "for_me": "nur ich",
    "for_all": "alle hier",
    "theirs": "von einem anderen Browser",
    "reading": "Bild {place} von {count}",
    "stop": "Nicht weiterlesen",
    "empty_sheet": "Auf diesem Bild ist kein Strich.",
    "full": "Diese Klasse ist voll.",
    "keep": "Behalten und damit trainieren",
    "lacking": "Noch {count} Bilder: Jede Klasse braucht mindestens {least}.",
    "nameless": "Gib jeder Klasse einen Namen.",
    "alike": "Aus „{name}“ wird „{left}“, und so heißt schon eine andere Klasse: Nur Buchstaben, Ziffern und - . ’ + "
    "bleiben. Wähle einen anderen Namen.",
    "there": "Dieses Bild ist schon da.",
    "elsewhere": "Eine andere Klasse hat genau dieses Bild; beides kann ein Netz nicht lernen.",
    "folders": "In der Zip-Datei sind {count} Ordner: {listed}. Ist jeder davon eine Klasse?",
    "by_folder": "Für jeden Ordner eine Klasse",
    "all_to": "Alle zu {name}",
    "too_many": "Damit wären es mehr als {most} Klassen.",
    "bursts": "{count} der Trainingsbilder sind fast gleich wie ein anderes; solche Bilder liegen auf einer Seite, "
    "damit keines davon trainiert und prüft.",
    "damaged": "Die Datei {path} fehlt oder ist beschädigt. Lege eine Kopie zurück oder lösche die Sammlung. "
    "Läufe, die daraus gelernt haben, bleiben.",
    "still": "Alle Bilder von {names} sind fast gleich: Sie zu prüfen sagt wenig. Bringe verschiedene.",
    "no_room": "Die Datensammlung konnte nicht geschrieben werden; ist die Platte voll?",
    "kept_title": "Auf diesem Rechner gemachte Datensammlungen",
    "take": "Mitnehmen",
    "take_help": "{name} als eine Datei, mit den Bildern: Jedes Glasshouse öffnet sie",
    "arrives": "Eine Sammlung aus einer Datei öffnen",
    "arrives_file": "Eine mitgenommene Sammlung (.safetensors)",
    "arrives_says": "Eine Sammlung, die jemand aus Glasshouse mitgenommen hat, wird zu deiner; nur du siehst sie, und "
    "Bilder, Klassen und Aufteilung bleiben.",
    "arrived": "„{name}“ gehört jetzt dir: {count} Bilder von {names}.",
    "lacks": "Diese Einstellungen sind für eigene Bilder von jemandem, **{name}**, die es hier für dich nicht gibt. "
    "Sie bleiben bereit und gelten, sobald die Bilder da sind: Bitte den, der sie gemacht hat, um die Datei der "
    "Sammlung (Data, Eigene Klassen, Mitnehmen). Bis dahin wird trainiert, was unten steht.",
    "lacks_another": "„{title}“ gehört jetzt dir, unter Data, ist aber eine andere Sammlung als die, für die diese "
    "Einstellungen sind.",
    "lacks_link": "Dieser Link ist für eigene Bilder von jemandem ({name}), die es hier für dich nicht gibt: Train und "
    "Data nehmen ihre Datei an. Bis dahin stehen andere Bilder an ihrer Stelle.",
    "lacks_open": "Die Datei der Sammlung öffnen",
    "lacks_without": "Darauf verzichten",
    "none_kept": "Noch keine: Mach oben eine oder öffne eine, die du bekommen hast.",
    "use": "Benutzen",
    "train": "Damit trainieren",
    "delete_it": "Löschen",
    "delete": "{name} löschen",
    "delete_sure": "Die Bilder von „{name}“ endgültig löschen? Netze, die damit trainiert wurden, bleiben, aber "
    "trainieren kann man damit nicht mehr.",
    "delete_yes": "Löschen",
    "wanted": "Dafür braucht es die Bilder von „{name}“ ({classes}), und die sind nicht hier: Öffne die Datei der "
    "Sammlung auf Data, unter Eigene Klassen, oder wähle andere Bilder.",
    "gone": "{name}: Diese eigenen Bilder sind nicht mehr da. Wähle andere.",
}
