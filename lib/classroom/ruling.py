"""What the class may do, see and train with, as its teacher turns it: the part of a room that says so."""

import threading
from collections.abc import Iterable

from lib.classroom.allowing import MAY_BE_OFF, Size, differing, put_back, standard, value_of
from lib.classroom.record import Record, Refused
from lib.config import RunConfig
from lib.lessons.controls import CONTROLS

_MOST_VALUES = 40  # of one control
_UPLOADS, _CAMERA = "uploads", "camera"


def _with(what: str, on: bool) -> tuple[str, ...]:
    """What turns with it: photos come as uploads, so that there are none without, and with photos there are some."""
    return (_UPLOADS, _CAMERA) if what == (_CAMERA if on else _UPLOADS) else (what,)


class Ruled:
    """A room has these rules; it keeps the record, and knows whose browser is a teacher's."""

    _record: Record
    _lock: threading.RLock

    def is_teachers(self, owner: str) -> bool:
        """Whether all of this does not hold for her."""
        raise NotImplementedError

    def rehearses(self, owner: str) -> bool:
        """Whether she is simulated: what is off is off for the class."""
        raise NotImplementedError

    def _keep(self, **changed: object) -> None:
        raise NotImplementedError

    @property
    def off(self) -> tuple[str, ...]:
        """What the class may not do just now, and the controls that it does not see."""
        return self._record.off

    @property
    def size(self) -> Size:
        """How large the class's runs may be."""
        return self._record.size

    def may(self, owner: str, what: str) -> bool:
        """True unless the class may not, and this browser is no teacher's. A photo is an upload."""
        needs = {what, _UPLOADS} if what == _CAMERA else {what}
        return not needs & set(self._record.off) or self.is_teachers(owner) or self.rehearses(owner)

    def not_now(self, owner: str, config: RunConfig) -> tuple[str, ...]:
        """The controls that are off and that this set-up goes around; a teacher's may."""
        return () if self.is_teachers(owner) else differing(config, self._record.off, self._record.values)

    def as_allowed(self, owner: str, config: RunConfig) -> RunConfig:
        """The set-up with the class's values where its own are not allowed."""
        return config if self.is_teachers(owner) else put_back(config, self._record.off, self._record.values)

    def turn(self, what: str, on: bool, config: RunConfig | None = None) -> None:
        """Allow the class something, or do not; Refused for what is none of it.

        config: has the value that the class keeps of a control that is off; None: a newcomer's
        """
        if what not in MAY_BE_OFF:
            raise Refused("unknown_act")
        with self._lock:
            values = {name: each for name, each in self._record.values.items() if name != what}
            if not on and config is not None and what in CONTROLS:
                values[what] = (value_of(config, what),)
            off = {*self._record.off, *_with(what, on)} - ({*_with(what, on)} if on else set())
            self._keep(off=tuple(sorted(off)), values=values)

    def agree(self, configs: Iterable[RunConfig]) -> None:
        """Let the class train with what these set-ups have, also where the controls are off."""
        with self._lock:
            values = dict(self._record.values)
            for config in configs:
                for name in CONTROLS:
                    known = values.get(name) or (standard(name),)
                    if name in self._record.off and value_of(config, name) not in known:
                        values[name] = (*known, value_of(config, name))[-_MOST_VALUES:]
            self._keep(values=values)

    def set_size(self, size: Size) -> None:
        """Choose how large the class's runs may be."""
        with self._lock:
            self._keep(size=size)
