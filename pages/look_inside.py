from lib.ui.frame import open_page

open_page("look_inside", "x")
