"""What may be wrong with a feed, in sentences: a fork, too many epochs, a false redaction."""

from __future__ import annotations

from storage.bundle.errors import ForkError, TooManyFeedsError
from storage.bundle.limits import MOST_FEEDS
from storage.op import OpId


def forked(place: OpId) -> ForkError:
    """The alarm that an op is known here with other content."""
    return ForkError(
        f"Fork alarm: the entry {place} is known here with other content. Laptop {place.device} "
        "was copied, set back, or its past was rewritten. Nothing of it was used and nothing was "
        "overwritten. Keep the file, leave that laptop as it is, and tell whoever administers "
        "central."
    )


def too_many_feeds(place: OpId) -> TooManyFeedsError:
    """The refusal of a further feed of a laptop that has begun anew too often."""
    return TooManyFeedsError(
        f"Laptop {place.device} has begun anew more than {MOST_FEEDS // 2} times, which no laptop "
        f"does by itself. Its further entries ({place.feed}) were not used. Tell whoever "
        "administers central."
    )


def said_otherwise(tell: OpId, place: OpId) -> str:
    """The alarm that a redaction says otherwise of an op that is gone than another one."""
    return (
        f"The redaction {tell} and another one say different things of the entry {place}, whose "
        "words are gone. What they differ in is not shown, unless the entry's own laptop says it. "
        "Keep the file, and tell whoever administers central."
    )


def falsely(tell: OpId, place: OpId) -> str:
    """The alarm that a redaction says of an op what the op does not say."""
    return (
        f"The redaction {tell} says of the entry {place} what that entry does not say, so it was "
        "not followed: the entry stands as it is. Keep the file, and tell whoever administers "
        "central."
    )
