"""Who has what: how far each colleague and central have come, and what leaves for central next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlmodel import Session

from fieldkit.exchange.names import names_of
from fieldkit.inspections.clock_skew import clock_lines
from fieldkit.service import author
from fieldkit.wording.dates import day_words, local_day, short_moment
from storage.exchange.plan import CENTRAL
from storage.exchange.reach import Known, Reach, reach
from storage.history.delivery import covered, own_records, unsent
from storage.records.log import Disclosure
from storage.trust.current import roster_in


@dataclass(frozen=True)
class Share:
    """Says in words how far somebody has come; ``behind`` where they lack something."""

    words: str
    behind: bool


@dataclass(frozen=True)
class TeamLine:
    """Holds one laptop of the team, or central, as a person calls it.

    Attributes:
        device: the laptop's id, or “central”.
        name: whose it is.
        of_them: what we have of theirs; of central, its last receipt.
        of_us: what they have of ours.
        came: how many entries of theirs came with the last exchange.
    """

    device: str
    name: str
    of_them: Share
    of_us: Share
    came: int = 0


@dataclass(frozen=True)
class Leaving:
    """Holds what would leave for central now.

    Attributes:
        org: whose central it goes to.
        unsent: how many records of each kind have not left yet, keys apart.
        keys: the same of force references and what else stays here without the key.
        again: something left that central has not confirmed; it goes again.
        last: when a bundle last left for central, and its name.
    """

    org: str
    unsent: Mapping[str, int]
    keys: Mapping[str, int]
    again: bool
    last: str


@dataclass(frozen=True)
class TeamSeen:
    """Holds what the page of the exchange shows of the team; nothing of it before enrolment.

    Attributes:
        org: whose central it is.
        laptops: how many are on the roster.
        lines: who has what, central last.
        leaving: what would leave for central now.
        clocks: what is to be said of clocks, in sentences.
        roster: which version it is, and how long it holds.
    """

    org: str
    laptops: int
    lines: tuple[TeamLine, ...]
    leaving: Leaving
    clocks: tuple[str, ...]
    roster: str

    def after(self, came: Mapping[str, int]) -> TeamSeen:
        """Return the same with how many entries of each laptop have just come."""
        return replace(
            self, lines=tuple(replace(one, came=came.get(one.device, 0)) for one in self.lines)
        )

    @property
    def next_steps(self) -> tuple[str, ...]:
        """Return how the exchange goes on, in sentences: who waits for what, and the evening."""
        behind = [one.name for one in self.lines if one.of_us.behind and one.device != CENTRAL]
        lacking = [one.name for one in self.lines if one.of_them.behind]
        steps = []
        if behind or lacking:
            names = list(dict.fromkeys([*behind, *lacking]))
            steps = [
                f"Hand the stick to {_listed(names)}, who exchange in turn.",
                "Exchange here once more after that: then all laptops agree.",
            ]
        if any(one.of_us.behind for one in self.lines if one.device == CENTRAL):
            steps.append("Tonight: e exports for central; its receipt comes back by exchange.")
        return tuple(steps) or ("Nothing waits: everyone has everything.",)


def team_seen(s: Session) -> TeamSeen | None:
    """Return who has what and what leaves next; None before enrolment."""
    roster = roster_in(s.connection())
    if roster is None:
        return None
    names = names_of(s, roster)
    lines = tuple(
        _line(one, names.get(one.device, one.device))
        for one in reach(s.connection(), roster, author(s).device)
    )
    holds = f", holds until {day_words(local_day(roster.expires))}" if roster.expires else ""
    return TeamSeen(
        org=roster.org,
        laptops=len(roster.devices),
        lines=lines,
        leaving=_leaving(s, roster.org),
        clocks=tuple(clock_lines(s)),
        roster=f"roster {roster.version}{holds}",
    )


def leaving(s: Session) -> Leaving | None:
    """Return what would leave for central now; None before enrolment."""
    roster = roster_in(s.connection())
    return None if roster is None else _leaving(s, roster.org)


def _leaving(s: Session, org: str) -> Leaving:
    connection = s.connection()
    device = author(s).device
    without = unsent(connection, device=device)
    whole = unsent(connection, device=device, with_key=True)
    sent, arrived = covered(connection)
    to_central = [
        one for one in own_records(connection, Disclosure).values()
        if one.get("bundle") and not one.get("to")
    ]  # fmt: skip
    last = max(to_central, key=lambda one: str(one.get("at", "")), default=None)
    return Leaving(
        org=org,
        unsent=without,
        keys={kind: n for kind, n in whole.items() if kind not in without},
        again=any(seq > arrived.get(feed, 0) for feed, seq in sent.items()),
        last="" if last is None else f"{short_moment(str(last['at']))}, {last['what']}",
    )


def _line(known: Known, name: str) -> TeamLine:
    if known.device == CENTRAL:
        receipt = known.of_them.at
        said = Share(f"receipt {short_moment(receipt)}" if receipt else "no receipt yet", False)
        return TeamLine(known.device, "Central", said, _share(known.of_us))
    if not known.met:
        return TeamLine(known.device, name, Share("nothing yet", True), _share(known.of_us))
    return TeamLine(known.device, name, _share(known.of_them), _share(known.of_us))


def _share(one: Reach) -> Share:
    if not one.at:
        return Share("no entries yet" if one.whole else "nothing yet", not one.whole)
    when = short_moment(one.at)
    return Share(f"all to {when}" if one.whole else f"to {when}", not one.whole)


def _listed(names: list[str]) -> str:
    """Return names as a sentence lists them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
