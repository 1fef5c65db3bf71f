"""Behauptungen, die falsch oder ungenau sind, und was gilt."""

WORDS = {
    "sse_only": "„Der Verlust ist die Summe der quadrierten Fehler.“",
    "sse_only_holds": "Das ist einer von mehreren, und ein guter zum Lernen: Jeder Schritt geht von Hand. Für Klassen "
    "nimmt man meist die Kreuzentropie, die auch dort noch schiebt, wo ein Netz sicher ist und falsch liegt.",
    "lower_is_better": "„Je kleiner der Verlust, desto genauer das Netz.“",
    "lower_is_better_holds": "Meistens, solange es lernt. Aber die Genauigkeit zählt nur Antworten; der Verlust fragt "
    "auch, wie sicher sie waren: Ein Netz kann seiner Fehler sicherer werden, dann steigt sein Verlust, und seine "
    "Genauigkeit bleibt.",
    "parameters_are_neurons": "„Parameter, auch Neuronen genannt.“",
    "parameters_are_neurons_holds": "Das ist zweierlei: Ein Neuron berechnet eine Zahl; Parameter sind die Gewichte "
    "und Biaswerte, mit denen es rechnet. Eine erste Dense-Schicht aus 128 Neuronen auf Bildern von 28×28 hat 100.480 "
    "Parameter.",
    "fire_together": "„Neuronen, die zusammen feuern, verbinden sich.“",
    "fire_together_holds": "Ein Merksatz über Gehirne, und ein schöner. Diese Netze lernen anders: Die "
    "Backpropagation fragt bei jedem Gewicht, wie sehr sich der Verlust mit ihm ändern würde, und dreht es dagegen.",
    "strengthened": "„Training stärkt die Verbindungen, die recht hatten.“",
    "strengthened_holds": "Nichts in diesem Schritt fragt, welche Verbindung recht hatte. Jedes Gewicht geht ein "
    "wenig gegen seinen eigenen Gradienten: hinauf oder hinunter, je nachdem, was den Verlust dieses Batches kleiner "
    "macht.",
    "convoluted": "„Convoluted layers.“",
    "convoluted_holds": "Convoluted heißt auf Englisch verworren. Die Schichten sind convolutional, auf Deutsch "
    "Faltungsschichten: Sie berechnen Faltungen.",
    "matrix": "„Ein Filter führt auf seinem Fenster eine Matrixmultiplikation aus.“",
    "matrix_holds": "Einfacher: jedes Gewicht mal den Pixel darunter, dann alle Produkte zusammengezählt. Eine Zahl "
    "je Stelle.",
    "feeds_next": "„Die Ausgabe eines Filters geht in den nächsten Filter.“",
    "feeds_next_holds": "Die Filter einer Schicht arbeiten nebeneinander auf derselben Eingabe. Erst die Filter der "
    "nächsten Schicht zählen jeweils alle Karten dieser Schicht zusammen.",
    "computation": "„CNNs sparen Rechenarbeit“, „CNNs brauchen viel mehr Rechenarbeit.“",
    "computation_holds": "Beides, je nachdem, was man zählt: wenige Parameter je Filter, aber jeder wird an jeder "
    "Stelle benutzt. Das CNN des Artikels hat 1.413.834 Parameter und braucht je Bild etwa 89,5 Millionen "
    "Multiply-Adds; das Dense-Netz hat 286.044 und braucht 285.492 davon.",
}
