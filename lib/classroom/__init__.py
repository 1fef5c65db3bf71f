"""A class around one machine: who is in the room, what a teacher may, what the wall shows. Knows no Streamlit."""

from lib.classroom.record import Door, Refused, Student
from lib.classroom.room import Room, close_room, open_room, the_room

__all__ = ["Door", "Refused", "Room", "Student", "close_room", "open_room", "the_room"]
