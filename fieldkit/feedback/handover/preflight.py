"""Before it leaves: what keeps the written feedback back, and what is only worth a look.

A stop is settled, one by one, before anything is written; the rest hinders nobody. None of it is
ever in what the force gets.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.gaps.lints import lints
from fieldkit.feedback.debriefs.telling import DISPUTED
from fieldkit.feedback.guard.printed import with_printed
from fieldkit.feedback.guard.stops import stops
from fieldkit.feedback.handover.gather import prepare
from fieldkit.feedback.handover.handover import Prepared, Waiting
from fieldkit.history import conflicts
from fieldkit.service import RefusedError
from fieldkit.wording.format import line
from storage.ops.text import many
from storage.records import Case, Referral
from storage.records.lookup import records_by_id, records_in

IDENTIFIERS = "identifiers"
"""The row of what somebody could be known by."""
LONGEST = 60
"""Characters of a name in a row."""
MOST_NAMED = 3
"""Names in the sentence of a refusal; the others are counted."""


@dataclass(frozen=True, slots=True)
class Check:
    """Holds one row of what is looked at before it leaves.

    Attributes:
        what: which row, by its name in ``preflight.toml``.
        stops: it keeps the document back until it is settled.
        count: how many there are; 0 where the row is in order.
        words: what there is, in words without a full stop.
        names: what a person calls each.
        page: the page where it is settled.
        key: the key that leads there from home.
        command: the command that does the same.
    """

    what: str
    stops: bool
    count: int
    words: str
    names: tuple[str, ...]
    page: str
    key: str
    command: str

    @property
    def sign(self) -> str:
        """Return ✓ for in order, ▲ for worth a look, ! for what keeps it back."""
        if not self.count:
            return "✓"
        return "!" if self.stops else "▲"


class NotReadyError(RefusedError):
    """Something keeps the document back; nothing was written."""

    def __init__(self, rows: Sequence[Check], document: str = "written feedback") -> None:
        kept_back = "; ".join(_with_names(one) for one in rows)
        super().__init__(
            f"The {document} is kept back by {kept_back}. Nothing was written. “fieldkit "
            "handover --check” names what settles each."
        )


def _with_names(row: Check) -> str:
    """Return a row with the first of its names, which a person knows it by."""
    first = [f"“{one}”" for one in row.names[:MOST_NAMED]]
    more = len(row.names) - len(first)
    named = ", ".join([*first, f"{more} more"] if more else first)
    return f"{row.words} ({named})" if named else row.words


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files(__package__) / "preflight.toml").read_text("utf-8"))


def check(s: Session, inspection_id: str, *, with_rationale: bool = False) -> list[Check]:
    """Return every row of ``preflight.toml``, those in order among them.

    Args:
        s: a session.
        inspection_id: of which inspection.
        with_rationale: our own reasons are to leave too, and are looked through for identifiers.

    Raises `NotThereError`.
    """
    prepared = prepare(s, inspection_id, with_rationale=with_rationale)
    rows = (*_of_findings(prepared.waiting), *_beside(s, inspection_id, prepared))
    found = {what: list(names) for what, names in rows}
    return [_check(what, found.get(what, [])) for what in _rows()]


def keeping_back(prepared: Prepared) -> list[Check]:
    """Return the rows that keep back what was gathered, identifiers apart.

    For those the door itself looks through the very texts that leave, and names each with its key.
    """
    rows = [_check(what, list(names)) for what, names in _of_findings(prepared.waiting)]
    return [one for one in rows if one.stops and one.count]


def refuse_unready(prepared: Prepared, document: str = "written feedback") -> None:
    """Raise :class:`NotReadyError` where something keeps back the document about to leave."""
    if kept_back := keeping_back(prepared):
        raise NotReadyError(kept_back, document)


_NOUNS = {
    "unsettled": "finding",
    IDENTIFIERS: "place",
    "disputed": "finding",
    "untold": "point",
    "not_agreed": "finding",
    "conflicts": "conflict",
    "referrals": "referral",
    "hidden": "case",
    "unjudged": "case",
    "look_again": "thing",
}


def _check(what: str, names: Sequence[str]) -> Check:
    said, noun = _rows()[what], _NOUNS[what]
    count = many(len(names), noun)
    return Check(
        what=what,
        stops=said.get("stops", False),
        count=len(names),
        words=said["words"].format(count=count) if names else said["clear"].rstrip("."),
        names=tuple(line(one, LONGEST) for one in names if one),
        page=said["page"],
        key=said["key"],
        command=said["command"],
    )


def _of_findings(waiting: Waiting) -> Iterator[tuple[str, Iterable[str]]]:
    known = [one for one in waiting.chains if not one.withdrawn]
    told = [one for one in known if one.told]
    yield "unsettled", (one.wording for one in told if one.unsettled)
    disputed = [one for one in told if one.status == DISPUTED and not one.unsettled]
    yield "disputed", (one.wording for one in disputed)
    yield "untold", (one.point.wording for one in known if not one.told)
    yield "not_agreed", (one.wording for one in told if not one.agreed and one not in disputed)


def _beside(
    s: Session, inspection_id: str, prepared: Prepared
) -> Iterator[tuple[str, Iterable[str]]]:
    given = prepared.handover
    found = stops(s, inspection_id, with_printed(s, inspection_id, given.texts, given.printed))
    yield IDENTIFIERS, (f"{one.key}: {one.words}" for one in found)
    yield "conflicts", [""] * conflicts.waiting(s, inspection_id).here
    running = [one for one in records_in(s, Referral, inspection_id) if one.state != "closed"]
    cases = {one.id: one for one in records_by_id(s, Case, (one.case_id for one in running))}
    yield (
        "referrals",
        (
            f"{cases[one.case_id].reference} ({one.state})" if one.case_id in cases else one.state
            for one in running
        ),
    )
    yield "hidden", prepared.waiting.hidden
    yield "unjudged", [""] * prepared.waiting.unjudged
    yield "look_again", [""] * len(lints(s, inspection_id))
