"""What we know of a debrief before it is held: what each point rests on, and what is still open.

It is for us alone: never shown in the room, printed for the force or handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.trace import statuses_by_point
from fieldkit.evidence.triangulation import basis_sentence, basis_words, meter
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.news import SinceLast, news_text, since_last
from fieldkit.feedback.debriefs.printed_sheet import WIDTH
from fieldkit.feedback.debriefs.sheet import DebriefSheet, SheetPoint, sheet_of
from fieldkit.feedback.debriefs.telling import STATUS_OF
from fieldkit.service import existing, methodology_of
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import set_in
from storage.records import Debrief


@dataclass(frozen=True, slots=True)
class Behind:
    """Holds what we know of a point: what it rests on, in counts, and how independent that is."""

    basis: str
    strength: str

    @property
    def words(self) -> str:
        """Return both as sentences, "nothing" said only once."""
        return basis_words(self.strength, self.basis, rests_first=True)


@dataclass(frozen=True, slots=True)
class Preparation:
    """Holds a debrief with what only we know of it.

    Attributes:
        sheet: the debrief itself.
        behind: what each of its points rests on, by the point's id.
        chains: the chains of its points, by the point's id.
        since: what is new since the last debrief.
        left_out: what does not go out, and why.
    """

    sheet: DebriefSheet
    behind: Mapping[str, Behind]
    chains: Mapping[str, Chain]
    since: SinceLast
    left_out: tuple[str, ...]


def preparation_of(s: Session, debrief_id: str) -> Preparation:
    """Return a debrief with what only we know of it; raises `NotThereError`."""
    debrief = existing(s, Debrief, debrief_id)
    known = chains(s, debrief.inspection_id)
    sheet = sheet_of(s, debrief_id, known=known)
    ids = [one.point_id for one in sheet.points]
    return Preparation(
        sheet=sheet,
        behind=behind(s, debrief.inspection_id, ids),
        chains={each: known[each] for each in ids if each in known},
        since=since_last(s, debrief.inspection_id),
        left_out=sheet.left_out,
    )


def behind(s: Session, inspection_id: str, points: list[str]) -> dict[str, Behind]:
    """Return what some points of an inspection rest on, by the point's id."""
    methodology = methodology_of(s, inspection_id)
    return {
        point: Behind(basis_sentence(methodology, statuses), meter(statuses).words)
        for point, statuses in statuses_by_point(s, inspection_id, points).items()
    }


def preparation_text(prepared: Preparation) -> str:
    """Return what we know of a debrief as plain text, under a line that says for whom it is."""
    sheet = prepared.sheet
    lines = [
        sheet.marking.center(WIDTH).rstrip(),
        "",
        "For us alone: not for the force, not to be shown or handed over.",
        f"Preparing the {sheet.sort} debrief of {day_words(sheet.held_on)}: {sheet.force}",
        "",
        *news_text(prepared.since),
    ]
    for point in sheet.points:
        lines += ["", *_point_lines(point, prepared)]
    lines += ["", *prepared.left_out] if prepared.left_out else []
    lines += ["", sheet.marking.center(WIDTH).rstrip()]
    return "\n".join(map(set_in, lines)) + "\n"


def chain_text(chain: Chain) -> list[str]:
    """Return a chain as lines of text, for us: what became of the point, and every telling."""
    steps = " → ".join(f"{one.status} {day_words(one.day)}".strip() for one in chain.steps)
    words = (
        "agreed last" if chain.agreed else "said last, not agreed" if chain.told else "our draft"
    )
    lines = [f"{steps or chain.status}", f"Words ({words}): {chain.wording.strip()}"]
    for one in chain.tellings:
        how = "agreed" if one.agreed else "said, not agreed" if one.frozen else "to be told"
        lines.append(f"{day_words(one.held_on)}, {one.sort} ({how}): {one.wording.strip()}")
        facts = {
            "The force's response": one.response,
            "Outcome": STATUS_OF.get(one.outcome, one.outcome),
            "Put right": one.correction.text if one.correction else "",
            "By": one.correction.evidence.label
            if one.correction and one.correction.evidence
            else "",
        }
        lines += [f"  {name}: {text}" for name, text in facts.items() if text]
    return lines + [f"Promised {day_words(one.held_on)}: {one.words}" for one in chain.actions]


def _point_lines(point: SheetPoint, prepared: Preparation) -> list[str]:
    about = f", {point.criterion}" if point.criterion else ""
    lines = [
        f"{point.number}. {point.sort.capitalize()}{about} ({point.status})",
        f"   {point.wording.strip()}",
        f"   {prepared.behind[point.point_id].words}",
    ]
    chain = prepared.chains.get(point.point_id)
    if chain is None:
        return lines
    if chain.tellings[0].debrief_id != prepared.sheet.id or chain.steps:
        lines += [f"   {line}" for line in chain_text(chain)]
    if chain.point.wording != point.wording:
        lines.append(f"   Our draft reads: {chain.point.wording.strip()}")
    return lines
