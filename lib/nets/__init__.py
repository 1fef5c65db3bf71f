"""Nets wherever they lie: a run that lives, a recording, a file that ships or was brought; found, and asked."""
