"""The chapter on the cases: their grades in tables, and those that were handed back."""

from __future__ import annotations

import re
from collections import Counter

from fieldkit.comparison.figures.criteria import CriteriaTable
from fieldkit.comparison.numbers import series
from fieldkit.feedback.document.blocks import Grid, Heading, figures_grid
from fieldkit.feedback.handover.comparison import comparison_blocks
from fieldkit.feedback.handover.draft import Draft
from fieldkit.feedback.handover.frame import number_word
from fieldkit.followup.report.background import AUDITS
from fieldkit.followup.report.basis import with_basis
from fieldkit.followup.report.chapters import standing_words
from fieldkit.followup.report.draft import WITHIN, ReportDraft, Sources

REFERRALS = "record of referrals back"
_NUMBERED = re.compile(r"^(\d+)\. ")


def cases_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write the tables of the cases, each with its sentences, and the cases handed back."""
    say, compared = standing_words()["cases"], sources.compared
    everything = compared.all_cases
    if not everything.cases:
        return
    if everything.cases > everything.not_judged:
        draft.tell(f"We {compared.sentence}.", AUDITS)
    if everything.not_judged:
        cases = number_word(everything.not_judged)
        noun = "case" if everything.not_judged == 1 else "cases"
        draft.tell(say["not_judged"].format(cases=f"{cases} {noun}".capitalize()), AUDITS)
    last = _tables(draft, sources)
    if any(any(row.counts) for row in compared.criteria.rows):
        draft.add(Heading(f"Table {last + 1}: the inspectors' grades by criterion", WITHIN))
        draft.tell(say["criteria"], f"table {last + 1}")
        draft.add(_criteria_grid(compared.criteria))
    _handed_back(draft, sources)


def _tables(draft: ReportDraft, sources: Sources) -> int:
    """Write the tables of the comparison as the hand-over has them; returns how many."""
    scratch, number = Draft(texts=draft.texts), 0
    comparison_blocks(scratch, sources.compared)
    for block in scratch.blocks:
        if isinstance(block, Heading):
            match = _NUMBERED.match(block.text)
            if match is None:
                continue
            number = int(match[1])
            title = block.text[match.end() :]
            draft.add(Heading(f"Table {number}: {title[:1].lower()}{title[1:]}", WITHIN))
        else:
            draft.add(with_basis(block, f"table {number}"))
    return number


def _criteria_grid(table: CriteriaTable) -> Grid:
    headings = [*table.scale, "Not applicable", "Unable to judge", "Not judged yet"]
    rows = [
        (one.label, *one.counts, one.not_applicable, one.unable, one.not_judged)
        for one in table.rows
        if one.total > one.not_judged
    ]
    return figures_grid("Criterion", headings, rows)


def _handed_back(draft: ReportDraft, sources: Sources) -> None:
    """Write how many cases were handed back, and how far each has come; none by its reference."""
    say, states = standing_words()["cases"], Counter(one.state for one in sources.raised)
    if not states:
        draft.tell(say["not_referred"], REFERRALS)
        return
    words = standing_words()["handed_back"]
    parts = [
        f"{number_word(count)} {'is' if count == 1 else 'are'} {words[state]}"
        for state, count in states.items()
    ]
    if states.total() == 1:
        parts = [f"it is {words[next(iter(states))]}"]
    count = f"{number_word(states.total())} case{'s' * (states.total() > 1)}"
    said = say["referred"].format(cases=count, state=series(parts))
    draft.tell(said, REFERRALS)
