"""With and without a teacher."""

WORDS = {
    "features": "Sort by",
    "features_net": "what the net makes of them",
    "features_pixels": "the raw pixels",
    "groups": "Number of groups",
    "again": "Again",
    "again_help": "k-means begins at random places; another beginning can end in other groups.",
    "purity": "right, groups named by majority",
    "purity_help": "Each group is named by what most of it is. Labels are used for that alone.",
    "taught": "right, by the trained net",
    "taught_help": "The net that was trained with labels, on the same test pictures.",
    "guessing": "right, by guessing",
    "without": "Without a teacher: k-means",
    "without_hint": "Groups of what lies close together. It never saw a label, and does not know what a group is.",
    "with": "With a teacher: the labels",
    "with_hint": "The very same points, coloured by the label that somebody gave each picture.",
    "keys": "Point at a dot, a group or a class. Arrow keys go from picture to picture.",
    "group_named": "{number}: {name}",
    "points_label": "Pictures as points, coloured by group. Arrow keys go from picture to picture",
    "labels_label": "The same pictures as points, coloured by label",
    "point_said": "group {number}, most of it {name}\nlabel: {label}\nthe net says: {answer}",
    "three_ways": "Three ways to learn. **Supervised**: with a teacher, who labels every example. **Unsupervised**: "
    "without one, finding what belongs together, as on the left. **Reinforcement**: by trying, with nothing but a "
    "reward that says how well it went, as when learning a game.",
}
