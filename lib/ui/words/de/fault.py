"""Wenn sich etwas nicht zeigen ließ."""

WORDS = {
    "page": "Diese Seite ließ sich nicht bis zum Ende zeigen.",
    "page_works": "Die anderen Seiten gehen, und was trainiert, ist nicht betroffen. Versuch es noch einmal; bleibt es "
    "so, fang bei Start neu an.",
    "part": "Dieser Teil der Seite ließ sich nicht zeigen.",
    "part_works": "Der Rest der Seite geht, und was trainiert, ist nicht betroffen.",
    "lesson": "Die Lektion ließ sich nicht zeigen.",
    "lesson_works": "Die Seite daneben geht wie ohne Lektion.",
    "class": "Was zur Klasse gehört, konnte nicht gezeigt werden.",
    "class_works": "Die Seite geht, und Läufe, die trainieren, auch. Lade sie neu, um wieder bei der Klasse zu sein.",
    "press": "Was du zuletzt wolltest, ging nicht.",
    "press_works": "Die Seite zeigt, wie es jetzt steht; was trainiert, ist nicht betroffen.",
    "again": "Noch einmal",
    "start": "Zu Start",
    "close": "Schließen",
    "number": "Nummer {number}, auch im Protokoll des Servers",
}
