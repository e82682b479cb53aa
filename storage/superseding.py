"""Which earlier redactions go, because later ones tell all that they told.

Whoever redacts a second time tells anew what the first redaction told, as its op still tells the
words that are to go. What nobody tells anew stays, so that nothing is lost by a redaction that only
names others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from storage.op import Op, OpId
from storage.redaction import agrees, also_ids, as_op, entries


def superseded(tells: Iterable[Op], waiting: Iterable[Op] = ()) -> set[OpId]:
    """Of the redactions of one record those that may go, because others tell all that they told.

    A redaction that names another in ``also`` tells its entries anew. Until that is so, by however
    many redact ops that stay, the earlier one stays: what it took the place of would be told by
    nobody. They are judged by the clock, the earliest first, each against those that are left.

    Args:
        tells: those that count.
        waiting: those that do not count yet, which may go but tell nothing.
    """
    counting = {one.id: one for one in tells}
    several = {one.id: one for one in waiting} | counting
    names = Counter(place for one in counting.values() for place in also_ids(one))
    told: dict[str, list[tuple[OpId, dict[str, Any]]]] = {}
    for one in counting.values() if names else ():
        for entry in entries(one):
            told.setdefault(entry["id"], []).append((one.id, entry))
    going: set[OpId] = set()
    for one in sorted(several.values(), key=lambda each: each.order):
        own = also_ids(one) if one.id in counting else set[OpId]()
        by_others = all(names[place] > (place in own) for place in {one.id, *also_ids(one)})
        if by_others and all(_retold(one, entry, told, going) for entry in entries(one)):
            going.add(one.id)
            names.subtract(own)
    return going


def _retold(
    earlier: Op,
    entry: dict[str, Any],
    told: dict[str, list[tuple[OpId, dict[str, Any]]]],
    going: set[OpId],
) -> bool:
    """Whether one that stays says the same as an entry, with nothing less gone."""
    return any(
        place != earlier.id
        and place not in going
        and set(entry["gone"]) <= set(one["gone"])
        and agrees(as_op(entry, earlier.record), one, entry["gone"])
        for place, one in told.get(entry["id"], ())
    )
