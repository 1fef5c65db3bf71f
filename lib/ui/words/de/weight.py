"""Die Stellen eines Gewichts."""

WORDS = {
    "axis_0_of_1": "Nummer",
    "axis_0_of_2": "Neuron",
    "axis_1_of_2": "Eingang",
    "axis_0_of_4": "Filter",
    "axis_1_of_4": "Kanal",
    "axis_2_of_4": "Zeile",
    "axis_3_of_4": "Spalte",
}
