"""What the internal copy has besides: what each point rests on, every telling, and what is ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from fieldkit.evidence.trace import Trace, TracedSupport, trace_point
from fieldkit.evidence.triangulation import basis_words
from fieldkit.feedback.debriefs.chain import Chain
from fieldkit.feedback.document.blocks import Block, Bullets, Heading, Paragraph, grid
from fieldkit.feedback.handover.draft import Draft
from fieldkit.feedback.handover.findings import Told
from fieldkit.wording.dates import day_words, moment_words
from fieldkit.wording.labels import person_name


def internal_blocks(draft: Draft, s: Session, told: Told, remarks: Sequence[str]) -> None:
    """Write the whole trace: never for the force.

    That each point's evidence was opened is put on record.
    """
    numbers = {one.point_id: one.number for one in told.findings}
    draft.add(
        Heading("For the inspection team: the whole trace", new_page=True),
    )
    if remarks:
        lead = "To be kept in mind with what the force gets:"
        draft.add(Paragraph(lead), Bullets(tuple(remarks)))
    last = len(numbers) + 1
    for chain in sorted(told.chains.values(), key=lambda one: numbers.get(one.point.id, last)):
        traced = trace_point(s, chain.point.id)
        number = numbers.get(chain.point.id)
        name = f"Finding {number}" if number else f"Point {traced.number}, not in the feedback"
        draft.add(
            Heading(f"{name}: {chain.status}", 2),
            Paragraph(draft.say(chain.point, "wording"), "Our draft:"),
            Paragraph(basis_words(traced.meter.words, traced.basis)),
        )
        draft.add(*_tellings(draft, chain), *_support(draft, traced))


def _tellings(draft: Draft, chain: Chain) -> Iterator[Block]:
    rows = [
        (
            f"{telling.sort}, {day_words(telling.held_on)}",
            draft.quote("debrief_point", telling.id, "agreed_wording", telling.wording),
            ("agreed" if telling.agreed else "said, not agreed") if telling.frozen else "draft",
            draft.quote("debrief_point", telling.id, "response", telling.response),
        )
        for telling in chain.tellings
    ]
    if rows:
        yield grid(("Debrief", "Words", "State", "The force"), rows, (18, 42, 14, 26))


def _support(draft: Draft, traced: Trace) -> Iterator[Block]:
    rows = [
        (
            str(number),
            link.support.relation,
            _source(link),
            draft.quote(link.support.evidence_kind, link.support.evidence_id, "", link.text),
            _note(draft, link, traced),
        )
        for number, link in enumerate(traced.links, 1)
    ]
    if rows:
        headings = ("No.", "Bearing", "Source", "What it said when it was linked", "Who, when, why")
        yield grid(headings, rows, (6, 12, 22, 38, 22), (0,))


def _source(link: TracedSupport) -> str:
    return link.evidence.label if link.evidence else f"{link.support.evidence_kind}, deleted since"


def _note(draft: Draft, link: TracedSupport, traced: Trace) -> str:
    when = moment_words(link.when) if link.when else "when not known"
    parts = [f"{person_name(traced.names, link.who)}, {when}"]
    if link.support.why:
        parts.append(draft.say(link.support, "why"))
    if link.changed:
        parts.append("changed since it was linked")
    return "; ".join(parts)
