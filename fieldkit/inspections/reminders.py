"""What home says of passing on, and of cases that look the same; never a hindrance."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from sqlmodel import Session

from fieldkit.casework.find_case import same_references
from fieldkit.inspections.clock_skew import clock_lines
from fieldkit.inspections.inspections import lost
from fieldkit.service import author
from fieldkit.wording.dates import day_words, local_day
from storage.feed.refused import refused_here
from storage.history.delivery import unconfirmed_since
from storage.ops.op import MAIN, FeedId
from storage.ops.text import many
from storage.trust.current import ALARM, has_foreign_keys, laptops, roster_in

FOREIGN_KEYS = (
    "The roster in use gives this laptop keys that are not its own: somebody else could read what "
    "is sent to it. Exchange nothing, and tell central's administrator in person."
)
REFUSED = (
    "Version {version} of the roster gave this laptop keys that are not its own, and was refused. "
    "Exchange with nobody who uses it, and tell central's administrator in person, now."
)


def warnings(s: Session, now: datetime | None = None) -> list[str]:
    """Return what is to be said, in sentences; empty where all is well.

    Args:
        s: a session.
        now: the present moment, with its time zone; for tests.
    """
    connection = s.connection()
    roster = roster_in(connection)
    sentences = same_references(s)
    if roster is None:
        return sentences
    moment = now or datetime.now().astimezone()
    sentences += [one.lost for one in lost(s)] + clock_lines(s)
    if has_foreign_keys(connection):
        sentences.append(FOREIGN_KEYS)
    if refused := ALARM.within(connection):
        sentences.append(REFUSED.format(version=refused))
    sentences += _unconfirmed(unconfirmed_since(connection, author(s).device), moment)
    sentences += _refused(s)
    if over := ended(s):
        sentences.append(over)
    expires = _moment(roster.expires)
    if expires is not None and expires < moment:
        sentences.append("The roster's time is over. Work goes on; ask for a new one.")
    elif expires is not None and expires - moment < timedelta(days=_limits()["roster_days"]):
        day = day_words(local_day(roster.expires))
        sentences.append(f"The roster holds until {day}. Ask for a new one soon.")
    return sentences


def ended(s: Session) -> str:
    """Say from where this laptop's time on the roster has ended; empty where it has not."""
    own, roster = author(s), roster_in(s.connection())
    entry = None if roster is None else roster.device(own.device)
    if entry is None or entry.until is None:
        return ""
    first = entry.until.get(FeedId(own.device, own.epoch, MAIN), 0) + 1
    return (
        f"This laptop's time on the roster has ended, from its entry {first:,} on. What is written "
        "from there on is safe here and counts for nobody else; speak to central's administrator."
    )


def _unconfirmed(found: tuple[int, str], now: datetime) -> list[str]:
    number, since = found
    written = _moment(since)
    if not number or written is None:
        return []
    days = (now - written).days
    if days < _limits()["not_received_days"]:
        return []
    return [
        f"{many(number, 'entry', 'entries')} of this laptop not received by central for "
        f"{many(days, 'day')}. Export (e), and take its receipt in by exchange (x)."
    ]


def _refused(s: Session) -> list[str]:
    """Name the laptops whose entries count for nothing, once for all that they tried."""
    refusals, names = refused_here(s.connection()), laptops(s.connection())
    if not refusals:
        return []
    whose = sorted({names.get(one.op.device, one.op.device) for one in refusals})
    return [
        f"{many(len(refusals), 'entry', 'entries')} of {' and '.join(whose)} counted for nothing "
        "and changed nothing. “fieldkit vault check” names each. Tell whoever administers central."
    ]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


@cache
def _limits() -> dict[str, int]:
    return tomllib.loads((files(__package__) / "reminders.toml").read_text("utf-8"))
