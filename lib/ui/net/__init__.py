"""The net being looked into: which it is, which picture, what it answers."""
