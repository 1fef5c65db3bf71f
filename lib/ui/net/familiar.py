"""None of these, on every page where one net answers one picture."""

from torch import nn

from lib.nets import strange
from lib.ui.net import inside
from lib.ui.words import say


def is_strange(net: inside.Net, step: int, model: nn.Sequential, chosen: inside.Chosen) -> bool:
    """Whether nothing that the net has learned looks like the picture; False for pictures of its own data set."""
    return chosen.truth is None and strange.is_strange(net, step, model, chosen.x)


def answer_label(net: inside.Net, step: int, model: nn.Sequential, chosen: inside.Chosen) -> str:
    """What stands before the likeliest class, where room is for a few words."""
    strange_one = is_strange(net, step, model, chosen)
    return say("net.likeliest", none_of_these=strange.NONE_OF_THESE) if strange_one else say("net.net_s_answer")


def said_of(net: inside.Net, step: int, model: nn.Sequential, chosen: inside.Chosen) -> str:
    """What stands after a picture's name."""
    return f": {strange.NONE_OF_THESE}" if is_strange(net, step, model, chosen) else ""
