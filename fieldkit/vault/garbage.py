"""Puts the search for garbage off until nobody types, so that no key waits for it.

Now and then Python looks through all that a program holds for what nobody needs any more. With a
vault open that takes a tenth of a second and stops every key for as long. What is new is looked
through as before, in a few milliseconds; all of it only in a moment in which nobody types.
"""

from __future__ import annotations

import gc

STILL = 2.0
"""Seconds without a key after which nobody is taken to be typing."""
WORTH_IT = 5
"""Looks through what is rather new, after which all of it is worth a look."""
MANY_LEFT = 8
"""Pages left since the last search after which one is made all the same: each page leaves some
thousand things that only a search finds, and going from page to page is not typing."""
LONGEST = 1000
"""Such looks after which Python looks through all of it all the same: memory must not grow for
ever under somebody who never rests. That is a quarter of an hour of typing."""
AT_START = 200_000
"""New things after which Python looks through them while it starts: what is imported stays, and
looking through it takes a tenth of the time until the first page stands. Python's own is 700."""
_usual = gc.get_threshold()


def seldom() -> None:
    """Have Python look for garbage seldom, as long as the program starts."""
    gc.set_threshold(AT_START, *_usual[1:])


def often() -> None:
    """Have Python look for garbage as often as it did before :func:`seldom`."""
    if gc.get_threshold()[0] == AT_START:
        gc.set_threshold(*_usual)


class Garbage:
    """Looks for garbage when it is asked to and somebody rests; the interpreter's own, one each."""

    def __init__(self) -> None:
        self._usual: tuple[int, int, int] | None = None
        self._kept = False
        self.left = 0
        """Pages and dialogs that were left since the last search."""

    def put_off(self) -> None:
        """Leave garbage where it is for a long while from now on."""
        if self._usual is None:
            self._usual = gc.get_threshold()
            gc.set_threshold(*self._usual[:2], LONGEST)

    def as_usual(self) -> None:
        """Let Python look for garbage when it likes."""
        if self._usual is not None:
            gc.set_threshold(*self._usual)
            self._usual = None
            if self._kept:
                gc.unfreeze()
                self._kept = False

    def look(self, still: float, *, at_home: bool = False) -> bool:
        """Look through everything if nobody has typed for a moment; say whether that was done.

        What is left the first time, and later while nothing is open but home, is kept until the
        lock: it is home and what was imported, and need not be looked through again.

        Args:
            still: seconds since the last key.
            at_home: nothing but home is open.
        """
        resting = still >= STILL and gc.get_count()[2] >= WORTH_IT
        if self._usual is None or not (resting or self.left >= MANY_LEFT):
            return False
        gc.collect()
        self.left = 0
        if at_home or not self._kept:
            self._kept = True
            gc.freeze()
        return True
