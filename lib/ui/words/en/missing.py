"""What is said where a net is here and its pictures are not."""

WORDS = {
    "fetch": "{net} learned from {title}, whose pictures are not on this machine: Download on Train brings them, or "
    "`python -m lib.cli fetch {name}`.",
    "package": "{net} learned from {title}, whose pictures are not on this machine: they come with "
    "`pip install {package}`.",
    "own": "{net} learned from {title}: these pictures are of somebody's own, and whoever has the set's file can open "
    "it on Data, under Your own classes.",
    "until_then": "Until then an empty sheet stands for a test picture; your own can be drawn or uploaded.",
    "sheet": "an empty sheet",
    "no_sample": "There is no test picture here: this is an empty sheet.",
    "counts": "A confusion matrix is counted over test pictures, and there are none here.",
    "accuracy": "Accuracy is measured on test pictures, and there are none here; the answer to one picture is there.",
    "nearest": "The nearest training pictures cannot be found: there are none here.",
    "sureness": "What a threshold costs is measured on test pictures, and there are none here; your own picture is "
    "answered all the same.",
    "asked": "This view asks the net about its pictures, and there are none here.",
    "layers": "What its layers answer was not looked at: that needs validation pictures, and there are none here.",
    "surer": "The net's own loss is measured on test pictures, and there are none here.",
    "slopes": "The net's own loss is measured on training pictures, and there are none here.",
    "iteration": "An iteration needs a batch of training pictures, and there are none here.",
    "clusters": "Sorting without a teacher needs test pictures, and there are none here.",
}
