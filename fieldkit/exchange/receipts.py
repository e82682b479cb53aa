"""Which exports central has received, and when; what it has not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.service import author
from fieldkit.wording.dates import at_words, short_moment
from storage.history.delivery import own_records, unconfirmed_since
from storage.ops.text import many
from storage.records.log import Disclosure, Receipt

Covers = dict[str, int]
"""How far each feed is covered, by the feed's name."""


@dataclass(frozen=True, slots=True)
class Export:
    """Holds a bundle that left this laptop for central.

    Attributes:
        id: of its disclosure.
        what: the bundle, by the name of its file.
        left: when, ISO 8601 in UTC.
        with_key: the key to references and children left with it.
        received: when central had received all of it, by its receipt, ISO 8601 in UTC; empty while
            no receipt says so.
    """

    id: str
    what: str
    left: str
    with_key: bool
    received: str

    @property
    def words(self) -> str:
        """Say whether it was received, and when."""
        return f"received {at_words(self.received)}" if self.received else "not confirmed yet"

    @property
    def text(self) -> str:
        """Return it in a line."""
        key = ", with the key" if self.with_key else ""
        return f"{short_moment(self.left)}, {self.what}{key}: {self.words}"


@dataclass(frozen=True, slots=True)
class Receipts:
    """Holds every export for central, the latest first, and what is not confirmed.

    Attributes:
        exports: the bundles that left.
        entries: how many entries of this laptop central has not confirmed, sent or not.
        since: when the first of them was made, ISO 8601 in UTC; empty where there is none.
    """

    exports: tuple[Export, ...]
    entries: int
    since: str

    @property
    def outstanding(self) -> int:
        """Return how many of the exports no receipt confirms."""
        return sum(not one.received for one in self.exports)

    @property
    def text(self) -> str:
        """Say what central has not confirmed."""
        if not self.entries:
            return "Central has confirmed everything that was entered on this laptop."
        return (
            f"Central has not confirmed {many(self.entries, 'entry', 'entries')} of this laptop, "
            f"the first of them made {at_words(self.since)}. Receipts come back by exchange."
        )


def receipts(s: Session) -> Receipts:
    """Return which exports central has received, and what it has not confirmed.

    An export is received by the first receipt with which all of it is covered. Only what this
    laptop recorded itself counts, as a receipt is checked by the laptop that takes it.
    """
    connection = s.connection()
    taken = sorted(own_records(connection, Receipt).values(), key=lambda one: str(one.get("at")))
    arrived: Covers = {}
    reached: list[tuple[str, Covers]] = []
    for receipt in taken:
        for feed, seq in _covers(receipt.get("covers")).items():
            arrived[feed] = max(seq, arrived.get(feed, 0))
        reached.append((str(receipt.get("at", "")), dict(arrived)))
    exports = []
    for record, one in own_records(connection, Disclosure).items():
        if not one.get("bundle") or one.get("to"):
            continue
        wanted = _covers(one.get("covers"))
        received = next(
            (at for at, known in reached if all(known.get(f, 0) >= n for f, n in wanted.items())),
            "",
        )
        exports.append(
            Export(
                id=record,
                what=str(one.get("what", "")),
                left=str(one.get("at", "")),
                with_key=bool(one.get("with_key")),
                received=received if wanted else "",
            )
        )
    entries, since = unconfirmed_since(connection, author(s).device)
    exports.sort(key=lambda one: (one.left, one.id), reverse=True)
    return Receipts(tuple(exports), entries, since)


def _covers(said: object) -> Covers:
    """Return the figures of a disclosure or a receipt that are whole numbers above 0."""
    covers = said if isinstance(said, dict) else {}
    return {str(feed): seq for feed, seq in covers.items() if type(seq) is int and seq > 0}
