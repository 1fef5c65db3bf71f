"""Labs: moves to try on one's own net and drawing; each asks first, then lets try, then says what was found."""

from lib.ui.frame.page import head_with_net, open_page
from lib.ui.labs import gallery
from lib.ui.words import say

open_page("labs")
net = head_with_net(say("pages.labs"), say("labs.sentence"))
gallery.show(net)
