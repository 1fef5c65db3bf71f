"""Classroom: students join, the teacher sees everybody; alone, one sentence on how a class is opened."""

from lib.ui.classroom import page
from lib.ui.frame.page import open_page

open_page("classroom")
page.show()
