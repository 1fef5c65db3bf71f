"""Die Leiste einer Klasse, auf jeder Seite."""

WORDS = {
    "region": "Die Klasse",
    "hand_up": "Melden",
    "hand_down": "Nicht mehr melden",
    "hand_is_up": "Du meldest dich",
    "stop_all": "Alle halten an und schauen her",
    "go_on_all": "Alle weiterlaufen lassen",
    "stopped": "Alle halten an und schauen her",
    "stopped_quiet": "Alle Läufe ruhen. Es geht von selbst weiter, sobald deine Lehrerin alle weiterlaufen lässt.",
    "all_stopped": "Alle Läufe der Klasse ruhen",
    "to_wall": "{here} da, brauchen dich: {needs}",
    "to_wall_fine": "{here} da",
    "failed": "Das kam nicht beim Server an. Versuch es noch einmal.",
}
