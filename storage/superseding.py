"""Which earlier redactions go, because later ones tell all that they told.

Whoever redacts a second time tells anew what the first redaction told, as its op still tells the
words that are to go. What nobody tells anew stays, so that nothing is lost by a redaction that only
names others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from storage.op import Op, OpId
from storage.redaction import agrees, also_ids, as_op, entries


def superseded(tells: Iterable[Op], waiting: Iterable[Op] = ()) -> set[OpId]:
    """Of the redactions of one record those that may go, because others tell all that they told.

    A redaction that names another in ``also`` tells its entries anew. Until that is so, by however
    many redact ops that stay, the earlier one stays: what it took the place of would be told by
    nobody. They are judged one by one, those that name another before the one they name.

    Args:
        tells: those that count.
        waiting: those that do not count yet, which may go but tell nothing.
    """
    counting = {one.id: one for one in tells}
    several = {one.id: one for one in waiting} | counting
    naming = {place: 0 for one in counting.values() for place in also_ids(one)}
    if not naming:
        return set()
    for one in several.values():
        for place in also_ids(one) & naming.keys():
            naming[place] += 1
    staying = _Staying()
    going: set[OpId] = set()
    for place in _from_the_last(several, naming):
        one = several[place]
        if place in naming and staying.tells(one):
            going.add(place)
        elif place in counting:
            staying.add(one)
    return going


def _from_the_last(several: dict[OpId, Op], naming: dict[OpId, int]) -> Iterator[OpId]:
    """Each redaction after those that name it; where they go round in a circle, by the clock."""
    waiting = sorted(several, key=lambda place: several[place].order, reverse=True)
    ready = [place for place in waiting if not naming.get(place)]
    left = dict.fromkeys(place for place in waiting if naming.get(place))
    while ready or left:
        place = ready.pop(0) if ready else next(iter(left))
        left.pop(place, None)
        yield place
        for each in also_ids(several[place]) & left.keys():
            naming[each] -= 1
            if not naming[each]:
                del left[each]
                ready.append(each)


class _Staying:
    """What the redactions tell that stay."""

    def __init__(self) -> None:
        self._entries: dict[str, list[dict[str, Any]]] = {}
        self._also: set[OpId] = set()

    def add(self, tell: Op) -> None:
        for one in entries(tell):
            self._entries.setdefault(one["id"], []).append(one)
        self._also |= also_ids(tell)

    def tells(self, earlier: Op) -> bool:
        """Whether all that an earlier one told is told by them, with nothing less gone."""
        return also_ids(earlier) <= self._also and all(
            any(
                set(entry["gone"]) <= set(one["gone"])
                and agrees(as_op(entry, earlier.record), one, entry["gone"])
                for one in self._entries.get(entry["id"], ())
            )
            for entry in entries(earlier)
        )
