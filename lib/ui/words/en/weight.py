"""The places of a weight."""

WORDS = {
    "axis_0_of_1": "Number",
    "axis_0_of_2": "Unit",
    "axis_1_of_2": "Input",
    "axis_0_of_4": "Filter",
    "axis_1_of_4": "Channel",
    "axis_2_of_4": "Row",
    "axis_3_of_4": "Column",
}
