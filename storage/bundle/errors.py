"""Why a bundle was refused: one class per reason, each with a word for lists and receipts."""

from __future__ import annotations

from typing import ClassVar

from storage.errors import FieldkitError
from storage.feed.positions import MOST_FEEDS
from storage.ops.op import FeedId, OpId


class BundleError(FieldkitError):
    """A bundle was refused; nothing of it was used. ``word`` names the reason in lists."""

    word: ClassVar[str] = "refused"

    def __init_subclass__(cls, *, word: str = "") -> None:
        """Take the reason in a word; without one it is that of the class above."""
        cls.word = word or cls.word


class DamagedBundleError(BundleError, word="damaged"):
    """The file is not as it was made: cut short, changed, or not a bundle."""


class UnreadableBundleError(BundleError, word="not readable"):
    """There is no such file, or the system does not let it be read; whether it is whole is open."""


class NotForUsError(BundleError, word="not addressed here"):
    """No key held here opens it: it is made for someone else."""


class PassedOnError(BundleError, word="passed on"):
    """It opens here, but was passed on by someone it was meant for."""


class MalformedBundleError(BundleError, word="malformed"):
    """It opens, but its content does not keep to the format."""


class TooLargeError(BundleError, word="too large"):
    """It goes over a limit."""


class NewerBundleError(BundleError, word="needs a later fieldkit"):
    """It needs a later fieldkit."""


class UnknownDeviceError(BundleError, word="unknown laptop"):
    """A laptop in it is not on the roster."""


class OtherTeamError(BundleError, word="another team"):
    """It belongs to another team."""


class ForgedError(BundleError, word="signature or chain"):
    """A signature or a chain in it does not hold."""


class ForkError(BundleError, word="fork"):
    """One op id with two contents: a laptop's past was rewritten, or a vault was copied."""


class TooMuchHeldError(BundleError, word="too much waits"):
    """It follows on ops that have not come yet, and no more such can be kept."""


class AlarmError(BundleError, word="alarm"):
    """It was taken in but for what it passes on of somebody whose feed is not as it must be."""


class TooManyFeedsError(BundleError, word="too many feeds"):
    """A laptop has begun anew more often than any does."""


class OwnFeedAheadError(BundleError, word="this laptop was set back"):
    """It holds ops of this very laptop that this laptop does not know."""


class UnforeseenBundleError(BundleError, word="could not be read"):
    """Reading it met an error of fieldkit's own."""


class NotWrittenError(BundleError, word="not written"):
    """The bundle could not be written; nothing left and nothing was recorded as having left."""


def forked(place: OpId) -> ForkError:
    """Return the alarm that an op is known here with other content."""
    return ForkError(
        f"Fork alarm: the entry {place} is known here with other content. Laptop {place.device} "
        "was copied or set back, or its entries were changed afterwards. Nothing of it was used, "
        "and nothing was overwritten. Keep the file, leave that laptop as it is, and tell whoever "
        "administers central."
    )


def too_many_feeds(feed: FeedId) -> TooManyFeedsError:
    """Return the refusal of a further feed of a laptop that has begun anew too often."""
    return TooManyFeedsError(
        f"Laptop {feed.device} has begun anew more than {MOST_FEEDS // 2} times, which no laptop "
        f"does by itself. Its further entries ({feed}) were not used. Tell whoever "
        "administers central."
    )


def own_feed_ahead(known: int, last: int) -> OwnFeedAheadError:
    """Return the refusal of a bundle that knows more of this laptop than the laptop itself."""
    return OwnFeedAheadError(
        f"This bundle holds entries {known + 1} to {last} of this laptop, which this vault does "
        "not have: it was set back to an earlier state. Nothing was used. Make a copy of the vault "
        "folder before anything else. What is written from now on begins anew; after the next "
        "entry, take the bundle in again."
    )


def changed_meanwhile(name: str) -> DamagedBundleError:
    """Return the refusal of a file that is no longer the one that was verified."""
    return DamagedBundleError(
        f"{name} was changed while it was being read. Nothing was used. Copy it to this computer "
        "first and try again."
    )
