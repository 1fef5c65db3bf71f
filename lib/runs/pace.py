"""How fast a run gets on, by the clock on the wall: what "time left" is made from."""

from collections import deque
from time import monotonic

_WINDOW = 8.0  # seconds looked back


class Pace:
    """Progress over the last seconds, pauses and other runs' turns included."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float, int]] = deque()  # (clock, progress 0..1, pictures)

    def note(self, progress: float, pictures: int, now: float | None = None) -> None:
        """Remember where the run is."""
        now = monotonic() if now is None else now
        self._seen.append((now, progress, pictures))
        while len(self._seen) > 2 and now - self._seen[1][0] > _WINDOW:
            self._seen.popleft()

    def restart(self) -> None:
        """Forget what was before a pause."""
        self._seen.clear()

    def seconds_left(self) -> float | None:
        """Seconds to the end at the present pace; None while that is unknown."""
        if len(self._seen) < 2:
            return None
        (then, before, _), (now, after, _) = self._seen[0], self._seen[-1]
        if after <= before:
            return None
        return (1.0 - after) * (now - then) / (after - before)

    def pictures_per_second(self) -> float | None:
        """Training pictures a second at the present pace; None while that is unknown."""
        if len(self._seen) < 2:
            return None
        (then, _, before), (now, _, after) = self._seen[0], self._seen[-1]
        return (after - before) / (now - then) if now > then else None
