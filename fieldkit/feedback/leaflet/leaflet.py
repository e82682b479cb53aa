"""A page that tells beforehand why an inspection is made, by which methods, and who sees what.

It is made from the methodology and from ``leaflet.toml``; no record of the inspection is in it, but
its force, its days and what it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit.feedback.document.blocks import Block, Bullets, Heading, Paragraph, grid
from fieldkit.feedback.handover.draft import words as standing
from fieldkit.feedback.handover.frame import span_of
from fieldkit.feedback.handover.handover import Handover
from fieldkit.feedback.handover.sheets import Sheet
from fieldkit.methodology import Methodology, load
from fieldkit.methodology.follow_up import NO_AUDITS, VISITS, activity, talks_with
from fieldkit.service import RefusedError, existing
from storage.ops.meant import choices
from storage.records import Inspection

LEAFLET = "leaflet"
"""What a disclosure says was given; the name of the file follows."""
FORCE, STAFF, PARTNERS = AUDIENCES = ("force", "staff", "partners")


@cache
def words() -> Mapping[str, Any]:
    """Return the words of the page, from ``leaflet.toml``."""
    return tomllib.loads((files(__package__) / "leaflet.toml").read_text("utf-8"))


def leaflet(s: Session, inspection_id: str, audience: str, *, sender: str = "") -> Handover:
    """Return the page for the force, its staff or its partners; nothing is written.

    Args:
        s: a session.
        inspection_id: of which inspection.
        audience: one of :data:`AUDIENCES`.
        sender: from whom; the inspection team where it is not given.

    Raises:
        RefusedError: it is for nobody who is known.
        NotThereError: there is no such inspection.
    """
    if audience not in AUDIENCES:
        raise RefusedError(
            f"There is no leaflet for “{audience}”. Nothing was written; it is for "
            f"{choices(audience, AUDIENCES)}"
        )
    inspection = existing(s, Inspection, inspection_id)
    methodology = load(inspection.judged_by)
    said = words()[audience]
    sheet = Sheet(s, inspection_id, said["recipient"], sender)
    sheet.draft.add(*_blocks(inspection, methodology, audience))
    return sheet.made(LEAFLET, said["title"], {})


def _blocks(inspection: Inspection, methodology: Methodology, audience: str) -> Iterator[Block]:
    phases = {one.key: one.label for one in methodology.phases}
    filled_in = {
        "force": inspection.force,
        "phase": phases.get(inspection.phase, inspection.phase),
        "always_ask": methodology.always_ask,
        "deadlines": ", ".join(one.label for one in methodology.deadlines),
    }
    said = activity(inspection.phase)
    audited = said is None or said.audits != NO_AUDITS
    if said is not None:
        talks = (
            talks_with(one, methodology, inspection.force, inspection.starts)
            for one in said.interviews
        )
        filled_in |= {
            "talks": "; ".join(talks),
            "documents": "; ".join(one.label for one in said.documents),
        }
    yield from _section("why", audience, filled_in, inspection.phase)
    if said is not None:
        yield from _section("follow_up", audience, filled_in, inspection.phase)
    yield Heading(words()["criteria"]["heading"], 2)
    yield Bullets(tuple(f"{one.label}: {one.prompt}" for one in methodology.areas))
    limited = inspection.phase in VISITS
    yield from _methods(audited=audited, self_assessed=audited and not limited)
    if audited:
        yield from _section("audit", audience, filled_in, inspection.phase)
    yield from _section("evidence", audience, filled_in, inspection.phase)
    yield from _section("seen", audience, filled_in, inspection.phase)
    yield from _section("hears", audience, filled_in, inspection.phase)
    yield Bullets(tuple(_limits(inspection, methodology)))


def _section(name: str, audience: str, filled_in: Mapping[str, str], phase: str) -> Iterator[Block]:
    section = words()[name]
    yield Heading(section["heading"], 2)
    said = [
        one["text"].format(**filled_in)
        for one in section["sentences"]
        if audience in one.get("for", AUDIENCES) and phase in one.get("phases", (phase,))
    ]
    yield Paragraph(" ".join(said))


def _methods(*, audited: bool, self_assessed: bool) -> Iterator[Block]:
    section, why = words()["methods"], standing()["methods"]
    used = {"audits": audited, "self_assessed": self_assessed}
    rows = [(label, why[key]) for key, label in section["rows"].items() if used.get(key, True)]
    yield Heading(section["heading"], 2)
    yield grid(section["columns"], rows, (30, 70))


def _limits(inspection: Inspection, methodology: Methodology) -> Iterator[str]:
    """Yield when the force hears, of a follow-up only what hangs on the visit."""
    said, again = words()["hears"], inspection.phase in VISITS
    for key, text in (said["limits"] | (said["follow_up"] if again else {})).items():
        limit = methodology.timing(key)
        if again and limit.day == "publication":
            continue
        yield text.format(span=span_of(limit))
