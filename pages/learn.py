"""Learn: every idea of a neural network to be touched, with the worked numbers filled in."""

from lib.ui.frame.page import head_with_net, open_page
from lib.ui.learn.sections import SECTIONS, choose_section
from lib.ui.words import say

open_page("learn")
net = head_with_net(say("pages.learn"), say("learn.sentence"))
SECTIONS[choose_section()](net)
