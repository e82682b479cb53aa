"""What stands beside a record that was found: its sign, and who wrote it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.history.search import SearchHit
from fieldkit.methodology import Scale, load
from fieldkit.service import existing
from fieldkit.wording.dates import short_moment
from fieldkit.wording.labels import LookedUp, Names
from storage.records import Inspection, Judgment
from storage.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Beside:
    """Holds what is said of a record besides the words found.

    Attributes:
        answer: the grade or state of a judgment.
        sign: the polarity of a note or sort of a point; empty where it has none.
        whose: who wrote it and when, as far as it says so.
        text: all that a search looks through of it.
    """

    answer: str = ""
    sign: str = ""
    whose: str = ""
    text: str = ""


def beside(s: Session, hits: Sequence[SearchHit]) -> list[Beside]:
    """Return what stands beside each of the records found, which may all be shown."""
    places = ((one.kind, one.id) for one in hits)
    looked, names = LookedUp(s, places, whole=True), Names(s)
    found = []
    for hit in hits:
        known = KINDS.get(hit.kind)
        record = looked.get(known, hit.id) if known is not None else None
        if known is None or record is None:
            found.append(Beside())
            continue
        person = getattr(record, "by", "")
        at = getattr(record, "at", "") or getattr(record, "made_at", "")
        parts = (names.person(person) if person else "", short_moment(at) if at else "")
        found.append(
            Beside(
                answer=(record.grade or record.state) if hit.kind == Judgment.KIND else "",
                sign=getattr(record, "polarity", "") or getattr(record, "sort", ""),
                whose=", ".join(filter(None, parts)),
                text=known.worded(vars(record)),
            )
        )
    return found


def case_scale(s: Session, inspection: str) -> Scale:
    """Return the scale by which the cases of an inspection are graded."""
    return load(existing(s, Inspection, inspection).judged_by).scale_for("case")
