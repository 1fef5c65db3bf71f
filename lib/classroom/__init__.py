"""A class around one machine: who is in the room, what a teacher may, what the wall shows. Knows no Streamlit."""

from lib.classroom import rights
from lib.classroom.admission import guard
from lib.classroom.record import Door, Refused, Student
from lib.classroom.room import Room, close_room, open_room, the_room
from lib.classroom.teaching import Teacher, teacher_with
from lib.classroom.wall import Wall

__all__ = [
    "Door", "Refused", "Room", "Student", "Teacher", "Wall", "close_room", "guard", "open_room", "rights",
    "teacher_with", "the_room",
]  # fmt: skip
