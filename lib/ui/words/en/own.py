"""Your own classes, on Data."""

WORDS = {
    "title": "Name of your data set",
    "title_example": "Hot dog or not",
    "kind": "Your pictures are",
    "photo": "photos",
    "drawing": "drawings",
    "kind_help": "Photos are kept in colour, 32×32. Of drawings only the ink counts: grey, 28×28. Decided once, before "
    "the first picture.",
    "name_of": "Name of class {number}",
    "name_example": "class {number}",
    "add_class": "Add a class",
    "drop": "Remove",
    "drop_class": "Take out {name} with its pictures",
    "count": "{count} pictures",
    "count_of": "{count} of at least {least} pictures",
    "strip": "The newest pictures of {name}, {count} in all",
    "pictures_for": "Add pictures to",
    "draw": "Draw a picture for {name}",
    "add_drawing": "Add this drawing to {name}",
    "upload": "Pictures for {name}, or a zip of them",
    "privacy": "Only the small pictures that you see here are kept, in Glasshouse’s own folder on this machine, and "
    "only once you press Keep.",
    "for": "Who may see them and train on them",
    "for_me": "only me",
    "for_all": "everybody here",
    "theirs": "another browser’s",
    "reading": "picture {place} of {count}",
    "stop": "Stop reading",
    "empty_sheet": "There is no ink on this picture.",
    "full": "This class is full.",
    "keep": "Keep and use for training",
    "lacking": "{count} more pictures: every class needs at least {least}.",
    "nameless": "Give every class a name.",
    "alike": "“{name}” becomes “{left}”, and another class is called so already: only letters, digits and - . ’ + are "
    "kept. Choose another name.",
    "there": "This picture is there already.",
    "elsewhere": "Another class has this very picture; a net cannot learn both.",
    "folders": "There are {count} folders in the zip: {listed}. Is each of them a class?",
    "by_folder": "A class for each folder",
    "all_to": "All of them to {name}",
    "too_many": "With these there would be more than {most} classes.",
    "bursts": "{count} of the training pictures are nearly the same as another one; such pictures lie on one side, so "
    "that none of them trains and tests.",
    "damaged": "Its file {path} is missing or damaged. Put a copy back, or delete the set. Runs that "
    "learned from it stay.",
    "still": "All pictures of {names} are nearly the same: the test of them says little. Bring different ones.",
    "no_room": "The data set could not be written; look whether the disk is full.",
    "kept_title": "Data sets made on this machine",
    "take": "Take away",
    "take_help": "{name} as one file, with its pictures: anybody's Glasshouse opens it",
    "arrives": "Open a set from a file",
    "arrives_file": "A set that was taken away (.safetensors)",
    "arrives_says": "A set that somebody took away from Glasshouse becomes one of yours; only you see it, and it keeps "
    "its pictures, classes and cut.",
    "arrived": "“{name}” is yours now: {count} pictures of {names}.",
    "lacks": "This set-up is for pictures of somebody’s own, **{name}**, which are not here for you. It is kept, and "
    "applies as soon as they are: ask whoever made them for the set’s file (Data, Your own classes, Take away). Until "
    "then, what stands below is what trains.",
    "lacks_another": "“{title}” is yours now, under Data, but it is another set than the one this set-up is for.",
    "lacks_link": "This link is for pictures of somebody’s own ({name}), which are not here for you: Train and Data "
    "take their file. Until then other pictures stand in their place.",
    "lacks_open": "Open the set’s file",
    "lacks_without": "Do without it",
    "none_kept": "None yet: make one above, or open one that somebody gave you.",
    "use": "Use",
    "train": "Train on it",
    "delete_it": "Delete",
    "delete": "Delete {name}",
    "delete_sure": "Delete the pictures of “{name}” for good? Nets that were trained on them stay, but can no longer "
    "be trained further.",
    "delete_yes": "Delete them",
    "wanted": "This needs the pictures of “{name}” ({classes}), which are not here: open the set's file on Data, under "
    "Your own classes, or choose other pictures.",
    "gone": "{name}: these pictures of your own are no longer there. Choose other ones.",
}
