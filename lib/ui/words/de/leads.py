"""Verweise von Learn ins Dashboard."""

WORDS = {
    "train_cross-entropy": "dieses Netz mit Kreuzentropie trainieren",
    "train_mse": "es mit MSE trainieren",
    "softmax": "Softmax deiner eigenen Zeichnung",
    "mistakes": "die Fehler, bei denen ein Netz sicher ist",
    "too_large": "eine Rate von 10 an einem echten Netz",
    "rate_race": "das Rennen der Lernraten",
    "backwards": "der Gradient jeder Schicht",
    "build_it": "eigene Schichten bauen",
    "forward": "dein Bild in jeder Schicht",
    "single_step": "Einzelschritt an einem echten Lauf",
    "dense_or_cnn": "Dense-Netz gegen CNN",
    "labels": "Labels und Kodierungen",
}
