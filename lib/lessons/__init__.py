"""Lessons: files with steps that ask first, run for real, and read the run's own numbers."""

from lib.lessons.facts import Facts, facts_of
from lib.lessons.loader import NotALesson, lessons, read_lesson
from lib.lessons.schema import LANGUAGES, Choose, Estimate, Figure, Lesson, Level, Step, Text

__all__ = [
    "LANGUAGES",
    "Choose",
    "Estimate",
    "Facts",
    "Figure",
    "Lesson",
    "Level",
    "NotALesson",
    "Step",
    "Text",
    "facts_of",
    "lessons",
    "read_lesson",
]
