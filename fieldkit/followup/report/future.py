"""The last part of the report: what we recommend, what we took into account, and what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fieldkit.comparison.numbers import series
from fieldkit.feedback.document.blocks import Bullets, Heading, Paragraph
from fieldkit.feedback.handover.draft import words
from fieldkit.feedback.handover.findings import action_rows, actions_grid
from fieldkit.feedback.handover.frame import next_lines, number_word
from fieldkit.followup.context import weighed
from fieldkit.followup.days import due_day
from fieldkit.followup.links import AS_PRACTICE, linked
from fieldkit.followup.practice.collection import PracticeLine, collection
from fieldkit.followup.practice.export import names_unnamed
from fieldkit.followup.report.basis import numbers_words, rests_on
from fieldkit.followup.report.chapters import standing_words
from fieldkit.followup.report.draft import WITHIN, ReportDraft, Sources
from fieldkit.methodology import find
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import without_stop
from storage.records import Basis, Recommendation, Weighing
from storage.records.lookup import records_under
from storage.records.recommendation import weighing_id

PROMISES = "record of the debriefs"


def recommendations_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write each recommendation with its deadline, its findings and what was taken into account."""
    say = standing_words()["recommendations"]
    if sources.recommended:
        draft.tell(counted(sources), numbered(sources))
        if not all(one.numbered_on for one in sources.recommended):
            draft.tell(say["numbers"], numbered(sources))
    for one in sources.recommended:
        _recommendation(draft, sources, one)
    rows = [
        row
        for one in sources.told.findings
        for row in action_rows(draft, one, sources.told.chains[one.point_id])
    ]
    if rows:
        draft.add(Heading(words()["actions"]["heading"], WITHIN))
        draft.tell(say["promised"], PROMISES)
        draft.add(actions_grid(rows))


def next_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write the steps that follow with their days, and how a sentence here can be queried."""
    lines = next_lines(sources.inspection, sources.methodology)
    draft.add(Bullets(tuple(rests_on(line, "dates of the methodology") for line in lines)))
    query = words()["query"]
    draft.add(Heading(query["heading"], WITHIN))
    draft.tell(query["text"], "how we work")


def counted(sources: Sources) -> str:
    """Say how many recommendations there are, and how many for each deadline."""
    recommended = sources.recommended
    say = standing_words()["recommendations"]
    by = Counter(one.deadline for one in recommended)
    known = [(one.key, by[one.key]) for one in sources.methodology.deadlines if by[one.key]]
    if len(recommended) == 1:
        parts = f", to be acted on {known[0][0]}" if known else ""
    else:
        acted = [f"{number_word(count)} {key}" for key, count in known]
        parts = f", to be acted on as follows: {series(acted)}" if acted else ""
    count = f"{number_word(len(recommended))} recommendation{'s' * (len(recommended) > 1)}"
    return str(say["lead"].format(recommendations=count, parts=parts))


def numbered(sources: Sources) -> str:
    """Return the numbers of the recommendations, as what a sentence on all of them rests on."""
    return numbers_words("recommendation", [one.number for one in sources.recommended])


def _recommendation(draft: ReportDraft, sources: Sources, one: Recommendation) -> None:
    say = standing_words()["recommendations"]
    findings, untold = list[int](), list[int]()
    places = {point: place for place, point in enumerate(sources.told.chains, 1)}
    for basis in records_under(sources.s, Basis, one.id):
        finding = sources.finding(basis.point_id)
        if finding is not None:
            findings.append(finding.number)
        elif basis.point_id in places:
            # Its words were not told, so only its number leads to it.
            untold.append(places[basis.point_id])
    name = f"recommendation {one.number}"
    behind = (numbers_words("finding", sorted(findings)), numbers_words("point", sorted(untold)))
    basis_words = "; ".join(filter(None, (name, *behind)))
    draft.add(Heading(f"Recommendation {one.number}", WITHIN))
    draft.tell(f"{without_stop(draft.say(one, 'wording'))}.", basis_words)
    draft.tell(_by_when(sources, one), name)
    if one.owner.strip():
        draft.tell(f"{without_stop(draft.say(one, 'owner'))}.", name, lead=say["owner"], inset=True)
    if one.finding.strip():
        text = f"{without_stop(draft.say(one, 'finding'))}."
        draft.tell(text, basis_words, lead=say["finding"], inset=True)
    _context(draft, sources, one, name)
    _practice(draft, sources, one, name)


def _by_when(sources: Sources, one: Recommendation) -> str:
    limit = find(sources.methodology.deadlines, one.deadline)
    published = sources.inspection.published
    due = due_day(limit, published) if limit is not None and published else ""
    day = (
        f", which is by {day_words(due)}" if due else " of publication" * ("within" in one.deadline)
    )
    return f"We ask the force to act on it {one.deadline}{day}."


def _context(draft: ReportDraft, sources: Sources, one: Recommendation, name: str) -> None:
    """Write how the force's circumstances were weighed, question by question."""
    say = standing_words()["recommendations"]
    answers: list[str] = []
    for each in weighed(sources.s, one.id):
        if not each.answer.strip():
            continue
        record = weighing_id(one.id, each.key)
        text = draft.quote(Weighing.KIND, record, "answer", each.answer)
        answers.append(f"{each.label}: {without_stop(text)}.")
    if one.force_context.strip():
        answers.insert(0, f"{without_stop(draft.say(one, 'force_context'))}.")
    _listed(draft, say["context"], answers, f"{name}: the force's context")


def _practice(draft: ReportDraft, sources: Sources, one: Recommendation, name: str) -> None:
    """Write the practice that shows how it may be done: our findings, and others' with consent."""
    known: dict[str, PracticeLine] = {}
    texts: list[str] = []
    for link in linked(sources.s, one.id):
        if link.role != AS_PRACTICE:
            continue
        finding = sources.finding(link.record_id)
        if finding is not None:
            texts.append(f"{without_stop(finding.wording)} (finding {finding.number}).")
            continue
        known = known or {each.point_id: each for each in collection(sources.s)}
        other = known.get(link.record_id)
        if other is not None and not names_unnamed(sources.s, other):
            wording = draft.quote(*other.wording_of, other.wording)
            texts.append(f"{other.force_words}: {without_stop(wording)}.")
    _listed(
        draft, standing_words()["recommendations"]["practice"], texts, f"{name}: notable practice"
    )


def _listed(draft: ReportDraft, lead: str, texts: Iterable[str], basis: str) -> None:
    based = tuple(rests_on(text, basis) for text in texts)
    if based:
        draft.add(Paragraph("", lead, inset=True), Bullets(based))
