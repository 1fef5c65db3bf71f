"""Lessons on screen: where one stands, its panel beside every page, their list, and what links may hide."""
