"""How high the text fields of a criterion are: as high as their texts, first the rationale."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 3
"""Lines of a field with its border, below which nothing could be read in it."""
EMPTY = 4
"""Lines of a field without a text, where there is room."""


def heights(needs: Sequence[int], room: int, at: int | None = None) -> list[int]:
    """Return the lines of each field, its border among them; together as many as there are.

    A text stands whole where all have room. Where they have none, the field that is written in
    (``at``) comes first, then the others in their order; none is lower than :data:`LEAST`.

    Args:
        needs: the lines that each text takes, its border among them.
        room: the lines there are.
        at: the field that has the keys; None for none.
    """
    given = [LEAST] * len(needs)
    free = max(room - sum(given), 0)
    first = sorted(range(len(needs)), key=lambda number: (number != at, number))
    for least in (None, EMPTY):
        for number in first:
            wanted = needs[number] if least is None else least
            more = min(max(wanted - given[number], 0), free)
            given[number] += more
            free -= more
    # What is left is shared, most of it for the rationale, so that there is room to write on.
    shares = [free * weight // 4 for weight in (2, 1, 1)[: len(needs)]]
    shares[0] += free - sum(shares)
    return [one + share for one, share in zip(given, shares, strict=True)]
