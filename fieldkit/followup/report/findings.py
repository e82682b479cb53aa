"""The chapters of findings: criterion by criterion, in the words that the force heard."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.comparison.numbers import series
from fieldkit.feedback.document.blocks import Block, Bullets, Heading, Paragraph
from fieldkit.feedback.handover.casework import audit_remarks
from fieldkit.feedback.handover.draft import words
from fieldkit.feedback.handover.findings import PRACTICE, Finding, finding_blocks
from fieldkit.feedback.handover.frame import number_word
from fieldkit.followup.report.background import AUDITS
from fieldkit.followup.report.basis import numbers_words, rests_on, with_basis
from fieldkit.followup.report.chapters import REST, Chapter, standing_words
from fieldkit.followup.report.draft import WITHIN, ReportDraft, Sources
from fieldkit.wording.format import without_stop
from storage.ops.text import many
from storage.records.judgment import GRADED

JUDGMENT = "our judgment of the force"


def findings_blocks(draft: ReportDraft, sources: Sources, chapter: Chapter) -> None:
    """Write the findings under the criteria of a chapter, strengths first, and our judgments."""
    methodology, none = sources.methodology, list[str]()
    order = [one.key for one in methodology.areas]
    if methodology.overall.key in sources.judged:
        order.append(methodology.overall.key)
    labels = {one.key: one.label for one in (*methodology.areas, methodology.overall)}
    for key in sources.contents.criteria_of(chapter, order):
        under = [one for one in sources.told.findings if one.criterion == key]
        if not under and key not in sources.judged:
            none.append(labels[key].lower())
            continue
        draft.add(Heading(labels[key], WITHIN))
        _judgment(draft, sources, key)
        _grades(draft, sources, labels[key])
        for one in under:
            draft.add(*_finding(draft, sources, one))
    apart = [one for one in sources.told.findings if one.criterion not in order]
    if apart and REST in chapter.criteria:
        draft.add(Heading(words()["findings"]["apart"], WITHIN))
        for one in apart:
            draft.add(*_finding(draft, sources, one))
    if none and draft.begun > len(chapter.part and "x") + 1:
        said = standing_words()["findings"]["none"].format(criteria=series(none))
        draft.tell(said, "record of the debriefs")


def practice_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write the notable practice that was told, and what of it was noted in case files."""
    say = standing_words()["practice"]
    told = [one for one in sources.told.findings if one.sort == PRACTICE]
    if told:
        draft.tell(say["found"], numbers_words("finding", [one.number for one in told]))
        for one in told:
            text = f"{without_stop(one.wording)}."
            draft.tell(text, sources.basis_of(one), lead=f"Finding {one.number}.")
    remarks = audit_remarks(
        draft, sources.s, sources.inspection.id, sources.methodology, "notable_practice"
    )
    if remarks:
        draft.tell(say["noted"], AUDITS)
        draft.add(Bullets(tuple(rests_on(one, AUDITS) for one in remarks)))


def _finding(draft: ReportDraft, sources: Sources, one: Finding) -> Iterator[Block]:
    """Yield a finding as the hand-over has it, each of its sentences with what it rests on."""
    name = numbers_words("finding", [one.number])
    for number, block in enumerate(finding_blocks(draft, one, sources.told.chains[one.point_id])):
        basis = sources.basis_of(one) if not number else f"{name}: what the force said"
        if isinstance(block, Paragraph) and block.lead == words()["findings"]["corrected"]:
            basis = f"{name}: what was put right"
        elif number and isinstance(block, Paragraph) and not block.lead:
            basis = f"{name}: record of the debriefs"
        yield with_basis(block, basis)


def _judgment(draft: ReportDraft, sources: Sources, key: str) -> None:
    one = sources.judged.get(key)
    if one is None:
        return
    reason = draft.say(one, "rationale" if one.state == GRADED else "state_reason")
    said = f"{one.said}." + (f" {without_stop(reason)}." if reason else "")
    draft.tell(said, JUDGMENT, lead=words()["findings"]["judged"])


def _grades(draft: ReportDraft, sources: Sources, label: str) -> None:
    """Write how the cases were graded on a criterion; nothing where none was."""
    table = sources.compared.criteria
    row = next((one for one in table.rows if one.label == label), None)
    judged = sum(row.counts) if row else 0
    if row is None or not judged:
        return
    parts = [
        f"{number_word(count)} {_was(grade, count)}"
        for grade, count in zip(table.scale, row.counts, strict=True)
        if count
    ]
    said = standing_words()["findings"]["grades"]
    draft.tell(said.format(cases=many(judged, "case"), parts=series(parts)), AUDITS)


def _was(grade: str, count: int) -> str:
    verb, _, rest = grade.partition(" ")
    if verb == "requires":
        return f"required {rest}"
    return f"{'was' if count == 1 else 'were'} {grade}"
