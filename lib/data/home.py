"""The home's folder, under the name it had before it got a room of its own."""

from lib.home.place import data_folder, home

__all__ = ["data_folder", "home"]
