"""The classroom on screen: joining, the wall, the projector, and the bar on every page of who is in."""
