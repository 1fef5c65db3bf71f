"""Nets that others made: a file of theirs becomes one of ours, or a sentence says what does not fit."""
