"""Die Seite Classroom."""

WORDS = {
    "title": "Classroom",
    "alone": "Eine Klasse öffnet, wer auf der Maschine, die sie bedient, `make classroom` statt `make run` aufruft: es "
    "schreibt eine Adresse und einen Code für die Klasse, und einen Link für die Lehrerin.",
    "join_head": "Komm mit dem Code in die Klasse, den deine Lehrerin zeigt.",
    "code": "Code der Klasse",
    "code_example": "K7NPQ4",
    "join": "Hereinkommen",
    "in_head": "Du bist dabei.",
    "you_are": "Du bist **{name}**",
    "rename": "Wie du heißen möchtest",
    "rename_do": "Diesen Namen nehmen",
    "rename_help": "Buchstaben und Ziffern, höchstens 24; deine Lehrerin und der Beamer zeigen ihn. Nach einem anderen "
    "Namen wirst du nicht gefragt.",
    "renamed": "Du heißt jetzt {name}.",
    "what_next": "Geh, wohin du willst: deine Läufe gehören dir, und deine Lehrerin sieht auf einer Seite, wie es "
    "allen geht.",
    "somebody_else": "Ich bin jemand anders",
    "somebody_else_help": "Für ein Tablet, das sich mehrere teilen: wer als Nächstes kommt, bekommt einen eigenen "
    "Namen und eigene Läufe. Was {name} gemacht hat, bleibt, aber dieser Browser kann es nicht mehr ändern.",
    "waiting_head": "Deine Lehrerin lässt dich herein.",
    "waiting": "Du möchtest als **{name}** hereinkommen. Diese Seite geht von selbst weiter.",
    "removed_head": "Du bist nicht in dieser Klasse.",
    "removed": "Deine Lehrerin hat dich aus der Klasse genommen. War es ein Versehen, dann bitte sie, dich wieder "
    "hereinzulassen.",
    "refused_wrong_code": "Das ist nicht der Code dieser Klasse. Er hat sechs Buchstaben und Ziffern; der Beamer zeigt "
    "ihn.",
    "refused_too_often": "Zu viele Versuche von hier. Warte zehn Minuten, oder bitte deine Lehrerin, dich "
    "hereinzulassen.",
    "refused_closed": "Die Tür ist gerade zu: bitte deine Lehrerin, sie zu öffnen.",
    "refused_full": "Die Klasse ist voll: es sind {most} darin.",
    "refused_removed": "Deine Lehrerin hat dich aus der Klasse genommen. War es ein Versehen, dann bitte sie, dich "
    "wieder hereinzulassen.",
    "refused_no_name": "Von diesem Namen bleiben nur Zeichen. Nimm Buchstaben oder Ziffern.",
    "refused_name_taken": "In der Klasse heißt schon jemand {name}. Nimm einen anderen Namen.",
    "refused_not_in": "Du bist noch nicht in der Klasse. Komm zuerst herein.",
    "refused_no_cookie": "Dieser Browser behält hier keine Cookies, die Klasse würde dich also nicht wiedererkennen. "
    "Öffne die Seite in einem eigenen Fenster.",
    "teacher_head": "Wer dich braucht, steht vorn.",
    "to_projector": "Für den Beamer",
    "projector_type": "Diese Adresse eintippen oder scannen",
    "projector_code": "Code",
    "projector_in": "{count} im Raum",
    "projector_nobody": "Noch ist niemand im Raum",
    "projector_others": "Öffnet sich dort keine Seite: {others}",
    "projector_no_network": "Diese Maschine ist in keinem Netz, nur sie selbst kann diese Adresse öffnen.",
    "projector_closed": "Die Tür ist zu: niemand Neues kommt herein.",
    "teach_title": "Glasshouse: für die Lehrerin",
    "teach_wait": "Einen Augenblick …",
    "teach_wrong": "Dieser Link gehört nicht zu der Klasse, die jetzt offen ist. Nimm den neuesten aus dem Terminal, "
    "in dem „make classroom“ läuft.",
    "teach_often": "Zu viele Versuche von dieser Adresse. Warte zehn Minuten.",
    "teach_script": "Diese Seite braucht JavaScript.",
}
