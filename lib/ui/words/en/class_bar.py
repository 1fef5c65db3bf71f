"""The bar of a class, on every page."""

WORDS = {
    "region": "The class",
    "hand_up": "Raise my hand",
    "hand_down": "Take my hand down",
    "hand_is_up": "Your hand is up",
    "stop_all": "Everybody stop and look",
    "go_on_all": "Let all go on",
    "stopped": "Everybody stop and look",
    "stopped_quiet": "All runs pause. It goes on by itself when your teacher lets all go on.",
    "all_stopped": "All runs of the class pause",
    "to_wall": "{here} here, needing you: {needs}",
    "to_wall_fine": "{here} here",
    "failed": "That did not reach the server. Try again.",
}
