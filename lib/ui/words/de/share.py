"""Ein Link auf das, was zu sehen ist."""

WORDS = {
    "copy": "Link kopieren",
    "copied": "Kopiert. Wer ihn hier öffnet, sieht diese Seite, wie sie jetzt ist.",
    "by_hand": "Von selbst kopiert der Browser hier nichts: Der Link ist markiert, drück Strg+C.",
    "link": "Link auf diese Seite",
    "leave_out": "Für eine Klasse: Regler weglassen",
    "close": "Schließen",
}
