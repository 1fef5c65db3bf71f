"""What every widget says."""

WORDS = {
    "bad_number": "Please type a number from {least} to {most}.",
}
