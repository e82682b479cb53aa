"""What applying a bundle changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.history.removals import Removal
from storage.ops.op import FeedId
from storage.trust.receipt import ReceiptSummary


@dataclass
class Applied:
    """What a bundle changed.

    Attributes:
        bundle: its id.
        sender: who made it.
        new: how many ops were not known before, by feed.
        waiting: for each feed with a gap, the first and the last op that are missing.
        revoked: ops kept apart, by feed, because their laptop had been revoked before.
        records: how many records were brought up to date.
        ahead: laptops whose clock runs ahead of ours by more than fifteen minutes.
        notes: what else a person has to know, in sentences.
        refused: how many documents that travelled along were refused, as the notes say.
        touched: the kind and id of each record that was brought up to date.
        kinds: how many of them there are of each kind.
        conflicts: those of them in conflict that were not, or not in all of their fields, before.
        resolved: how many records were in conflict before and are no more.
        alarms: of feeds that were passed on, what is wrong with them, in sentences; nothing of
            those was used, and the rest of the bundle was.
        removals: what of it took a record away: deleted, withdrawn, closed, cleared or redacted.
        receipt: what a receipt of this laptop that travelled along confirmed.
    """

    bundle: str
    sender: str
    new: dict[FeedId, int] = field(default_factory=dict)
    waiting: dict[FeedId, tuple[int, int]] = field(default_factory=dict)
    revoked: dict[FeedId, int] = field(default_factory=dict)
    records: int = 0
    ahead: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    refused: int = 0
    touched: set[tuple[str, str]] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    resolved: int = 0
    alarms: list[str] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    receipt: ReceiptSummary | None = None

    @property
    def changed(self) -> bool:
        """Say whether anything was not known before."""
        return bool(self.new)

    def add(self, feed: FeedId, *, new: int, missing: tuple[int, int] | None, revoked: int) -> None:
        """Note what became of one segment; a feed may come in several."""
        if new:
            self.new[feed] = self.new.get(feed, 0) + new
        if missing is not None:
            self.waiting[feed] = missing
        else:
            self.waiting.pop(feed, None)
        if revoked:
            self.revoked[feed] = self.revoked.get(feed, 0) + revoked
