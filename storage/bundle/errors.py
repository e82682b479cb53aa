"""Why a bundle was refused: one class per reason, each with a word for lists and receipts."""

from __future__ import annotations

from typing import ClassVar

from storage.errors import FieldkitError
from storage.feed.positions import MOST_FEEDS
from storage.ops.op import FeedId, OpId


class BundleError(FieldkitError):
    """A bundle was refused; nothing of it was used. ``word`` names the reason in lists."""

    word: ClassVar[str] = "refused"


class DamagedBundleError(BundleError):
    """The file is not as it was made: cut short, changed, or not a bundle."""

    word = "damaged"


class UnreadableBundleError(BundleError):
    """There is no such file, or the system does not let it be read; whether it is whole is open."""

    word = "not readable"


class NotForUsError(BundleError):
    """No key held here opens it: it is made for someone else."""

    word = "not addressed here"


class PassedOnError(BundleError):
    """It opens here, but was passed on by someone it was meant for."""

    word = "passed on"


class MalformedBundleError(BundleError):
    """It opens, but its content does not keep to the format."""

    word = "malformed"


class TooLargeError(BundleError):
    """It goes over a limit."""

    word = "too large"


class NewerBundleError(BundleError):
    """It needs a later fieldkit."""

    word = "needs a later fieldkit"


class UnknownDeviceError(BundleError):
    """A laptop in it is not on the roster."""

    word = "unknown laptop"


class OtherTeamError(BundleError):
    """It belongs to another team."""

    word = "another team"


class ForgedError(BundleError):
    """A signature or a chain in it does not hold."""

    word = "signature or chain"


class ForkError(BundleError):
    """One op id with two contents: a laptop's past was rewritten, or a vault was copied."""

    word = "fork"


class TooMuchHeldError(BundleError):
    """It follows on ops that have not come yet, and no more such can be kept."""

    word = "too much waits"


class AlarmError(BundleError):
    """It was taken in but for what it passes on of somebody whose feed is not as it must be."""

    word = "alarm"


class TooManyFeedsError(BundleError):
    """A laptop has begun anew more often than any does."""

    word = "too many feeds"


class OwnFeedAheadError(BundleError):
    """It holds ops of this very laptop that this laptop does not know."""

    word = "this laptop was set back"


class UnforeseenBundleError(BundleError):
    """Reading it met an error of fieldkit's own."""

    word = "could not be read"


class NotWrittenError(BundleError):
    """The bundle could not be written; nothing left and nothing was recorded as having left."""

    word = "not written"


def forked(place: OpId) -> ForkError:
    """The alarm that an op is known here with other content."""
    return ForkError(
        f"Fork alarm: the entry {place} is known here with other content. Laptop {place.device} "
        "was copied, set back, or its past was rewritten. Nothing of it was used and nothing was "
        "overwritten. Keep the file, leave that laptop as it is, and tell whoever administers "
        "central."
    )


def too_many_feeds(feed: FeedId) -> TooManyFeedsError:
    """The refusal of a further feed of a laptop that has begun anew too often."""
    return TooManyFeedsError(
        f"Laptop {feed.device} has begun anew more than {MOST_FEEDS // 2} times, which no laptop "
        f"does by itself. Its further entries ({feed}) were not used. Tell whoever "
        "administers central."
    )
