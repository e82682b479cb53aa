"""What was found, criterion by criterion: strengths first, in the words last agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.evidence import CASE_AUDIT, DOCUMENT_REVIEW, OBSERVATION
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.sheet import SORTS
from fieldkit.feedback.document.blocks import Block, Bullets, Grid, Heading, Paragraph, grid
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.service import criterion_label
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import without_stop
from storage.records import Assessment, DebriefPoint
from storage.records.judgment import GRADED, assessments

STRENGTH, PRACTICE, CONCERN, CLARIFY = "strength", "notable practice", "concern", "to clarify"
NOT_JUDGED = "not judged"
_SHOWN_BY = {
    CASE_AUDIT: "a case file",
    "interview": "an interview",
    "focus group": "a focus group",
    OBSERVATION: "what we observed",
    DOCUMENT_REVIEW: "a document",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Holds a finding as the force is given it.

    Attributes:
        number: its number in the document, from 1.
        point_id: which point.
        sort: "strength", "notable practice", "concern" or "to clarify".
        criterion: the key of its criterion, or empty.
        criterion_label: what that is called.
        wording: the words last agreed, else those last told.
        agreed: the force agreed them.
        status: how far it has come, in words people use.
        response: the force's answer.
        correction: the misunderstanding that was put right, or empty.
        actions: what the force does at once.
    """

    number: int
    point_id: str
    sort: str
    criterion: str
    criterion_label: str
    wording: str
    agreed: bool
    status: str
    response: str
    correction: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Holds what the force does at once; the days are ``YYYY-MM-DD`` or empty."""

    action: str
    owner: str
    due: str
    done: str


@dataclass(frozen=True, slots=True)
class Told:
    """Holds the findings of an inspection, and how many points are none.

    Attributes:
        findings: by criterion, strengths first.
        chains: the chain of every point of the inspection, by the point's id.
        untold: points that no debrief told yet.
        withdrawn: points withdrawn after they were told.
    """

    findings: tuple[Finding, ...]
    chains: Mapping[str, Chain]
    untold: int
    withdrawn: int


def told(s: Session, inspection_id: str, methodology: Methodology) -> Told:
    """Return what was told and still stands, each point once, in its last agreed words."""
    known = chains(s, inspection_id)
    standing = [one for one in known.values() if one.told and not one.withdrawn]
    order = [one.key for one in (*methodology.areas, methodology.overall)]
    place = {id(one): at for at, one in enumerate(known.values())}

    def rank(chain: Chain) -> tuple[int, int, int]:
        key = chain.point.criterion
        return (
            order.index(key) if key in order else len(order),
            SORTS.index(chain.point.sort) if chain.point.sort in SORTS else len(SORTS),
            place[id(chain)],
        )

    return Told(
        findings=tuple(
            finding(methodology, number, chain)
            for number, chain in enumerate(sorted(standing, key=rank), 1)
        ),
        chains=known,
        untold=sum(not one.told and not one.withdrawn for one in known.values()),
        withdrawn=sum(one.told and one.withdrawn for one in known.values()),
    )


def finding(methodology: Methodology, number: int, chain: Chain) -> Finding:
    """Return one point as the force is given it."""
    key = chain.point.criterion
    return Finding(
        number=number,
        point_id=chain.point.id,
        sort=chain.point.sort,
        criterion=key,
        criterion_label=criterion_label(methodology, key),
        wording=chain.wording,
        agreed=chain.agreed,
        status=chain.status,
        response=chain.response,
        correction=chain.correction.text if chain.correction else "",
        actions=tuple(
            Action(line.action, line.owner, line.due, line.done) for line in chain.actions
        ),
    )


def findings_blocks(
    draft: Draft, told: Told, methodology: Methodology, judged: Mapping[str, Assessment]
) -> None:
    """Write what was found under each criterion that has a finding or a judgment; or nothing."""
    say = words()["findings"]
    blocks: list[Block] = []
    labels = [(one.key, one.label) for one in methodology.areas]
    if OVERALL in judged:
        labels.append((OVERALL, methodology.overall.label))
    known = {key for key, _ in labels}
    for key, label in labels:
        under = [one for one in told.findings if one.criterion == key]
        judgment = judged.get(key)
        if not under and judgment is None:
            continue
        blocks.append(Heading(label, 2))
        if judgment is not None:
            blocks.append(_judgment(draft, judgment))
        for one in under:
            blocks += finding_blocks(draft, one, told.chains[one.point_id])
    apart = [one for one in told.findings if one.criterion not in known]
    if apart:
        blocks.append(Heading(say["apart"], 2))
        for one in apart:
            blocks += finding_blocks(draft, one, told.chains[one.point_id])
    if blocks:
        draft.add(Heading(say["heading"]), *blocks)


def finding_blocks(
    draft: Draft, one: Finding, chain: Chain, *, numbered: bool = True
) -> Iterator[Block]:
    """Yield a finding with what the force said of it and what was put right."""
    say = words()["findings"]
    telling = next(
        (t for t in reversed(chain.tellings) if t.frozen and t.wording == chain.wording), None
    )
    kind = DebriefPoint.KIND
    wording = (
        draft.quote(kind, telling.id, "agreed_wording", one.wording)
        if telling
        else draft.say(chain.point, "wording")
    )
    yield Paragraph(wording, f"{one.number}. " * numbered + f"{one.sort.capitalize()}.")
    if not one.agreed:
        known = say["not_agreed"]
        yield Paragraph(known.get(one.status, known["otherwise"]), inset=True)
    if one.response:
        answered = next((t for t in reversed(chain.tellings) if t.response), None)
        text = draft.quote(kind, answered.id if answered else "", "response", one.response)
        yield Paragraph(text, say["response"], inset=True)
    if one.correction:
        put_right = next((t for t in reversed(chain.tellings) if t.correction), None)
        text = draft.quote(kind, put_right.id if put_right else "", "correction", one.correction)
        shown = chain.correction.evidence if chain.correction else None
        by = _SHOWN_BY.get(shown.method, "") if shown else ""
        yield Paragraph(
            f"{without_stop(text)} (shown by {by})." if by else text, say["corrected"], inset=True
        )


def actions_blocks(draft: Draft, told: Told) -> None:
    """Write what the force does at once, with the days, also what is done; nothing where none."""
    rows = [
        row for one in told.findings for row in action_rows(draft, one, told.chains[one.point_id])
    ]
    if rows:
        say = words()["actions"]
        draft.add(Heading(say["heading"]), Paragraph(say["lead"]), actions_grid(rows))


def action_rows(draft: Draft, one: Finding, chain: Chain) -> list[tuple[str, ...]]:
    """Return a row for each action promised to a finding."""
    kind = DebriefPoint.KIND
    rows: list[tuple[str, ...]] = []
    for action, line in zip(one.actions, chain.actions, strict=True):
        rows.append(
            (
                str(one.number),
                draft.quote(kind, line.debrief_point_id, "action", action.action),
                without_stop(draft.quote(kind, line.owner_told, "action_owner", action.owner))
                or "nobody named",
                day_words(action.due) or "no day named",
                f"done {day_words(action.done)}" if action.done else "open",
            )
        )
    return rows


def actions_grid(rows: Sequence[tuple[str, ...]], *, numbered: bool = True) -> Grid:
    """Return the table of actions, with or without the number of each one's finding."""
    first = 0 if numbered else 1
    headings = ("Finding", "What is done", "By whom", "Due", "State")[first:]
    return grid(headings, [row[first:] for row in rows], (9, 36, 22, 16, 17)[first:])


def judged_of_force(s: Session, inspection_id: str) -> dict[str, Assessment]:
    """Return what is judged of the force itself, by criterion; what is not judged yet left out."""
    return {
        key: one for key, one in assessments(s, inspection_id).items() if one.state != NOT_JUDGED
    }


def _judgment(draft: Draft, one: Assessment) -> Paragraph:
    field = "rationale" if one.state == GRADED else "state_reason"
    reason = draft.say(one, field)
    said = f"{one.said}." + (f" {without_stop(reason)}." if reason else "")
    return Paragraph(said, words()["findings"]["judged"])


def judgments_blocks(judged: Mapping[str, Assessment], methodology: Methodology) -> list[Block]:
    """Return the judgments of the force in a list, for the first page; nothing where none."""
    order = (*methodology.areas, methodology.overall)
    lines = tuple(f"{one.label}: {judged[one.key].said}" for one in order if one.key in judged)
    return (
        [Paragraph("", "We judged the force on these criteria."), Bullets(lines)] if lines else []
    )
