"""What stands round the findings: for whom, the summary, what was done, what follows, queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.numbers import series
from fieldkit.feedback.debriefs.sheet import SORTS
from fieldkit.feedback.document.blocks import Bullets, Facts, Grid, Heading, Paragraph, grid
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.feedback.handover.findings import (
    CLARIFY,
    CONCERN,
    PRACTICE,
    STRENGTH,
    Finding,
    Told,
    judgments_blocks,
)
from fieldkit.methodology import Methodology, Timing
from fieldkit.methodology.follow_up import VISITS
from fieldkit.wording.dates import day_words, span_words
from fieldkit.wording.format import without_stop
from storage.ops.dates import read_day
from storage.records import Assessment, Document, Inspection, Interview, Observation, Referral
from storage.records.lookup import records_in

_SUMMED_UP = 12
"""Findings up to which the summary has each in its own words."""
_PLURALS = {
    STRENGTH: "strengths",
    PRACTICE: "examples of notable practice",
    CONCERN: "concerns",
    CLARIFY: "points to clarify",
}
_SINGULARS = {
    STRENGTH: "strength",
    PRACTICE: "example of notable practice",
    CONCERN: "concern",
    CLARIFY: "point to clarify",
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """Holds from whom and for whom a document is, and by what it is known.

    Attributes:
        sender: who sends it.
        recipients: for whom it is, by role.
        reference: of the inspection.
        version: which version of the document, from 1; 0 where it has none.
        day: of the document, ``YYYY-MM-DD``.
    """

    sender: str
    recipients: tuple[str, ...]
    reference: str
    version: int
    day: str

    @property
    def known_by(self) -> str:
        """Return reference and version in a line."""
        return self.reference + (f", version {self.version}" if self.version else "")


def title_words(inspection: Inspection, methodology: Methodology) -> str:
    """Return the title; a visit and a review have a feedback besides, area by area."""
    say = words()["document"]
    title: str = say["told" if inspection.phase in VISITS else "title"]
    return title.format(phase=_phase(inspection, methodology))


def inspection_words(inspection: Inspection, methodology: Methodology) -> str:
    """Return what was inspected, of whom: the line below a title."""
    subtitle: str = words()["document"]["subtitle"]
    return subtitle.format(phase=_phase(inspection, methodology), force=inspection.force)


def _phase(inspection: Inspection, methodology: Methodology) -> str:
    labels = {one.key: one.label for one in methodology.phases}
    return labels.get(inspection.phase, inspection.phase)


def title_block(draft: Draft, addressed: Addressed, inspection: Inspection) -> None:
    """Write from whom, for whom, which inspection and which version."""
    days = span_words(inspection.starts, inspection.ends)
    to = "; ".join(one[:1].upper() + one[1:] for one in addressed.recipients)
    day = day_words(addressed.day)
    draft.add(
        Facts(
            (
                ("To", to),
                ("From", addressed.sender),
                *([("On site", days)] if days else []),
                ("Reference", addressed.reference),
                ("Version", f"{addressed.version}, {day}") if addressed.version else ("Date", day),
            )
        )
    )


def summary_blocks(
    draft: Draft,
    inspection: Inspection,
    told: Told,
    compared: Comparison,
    raised: Sequence[Referral],
    judged: Mapping[str, Assessment],
    methodology: Methodology,
) -> None:
    """Write the first page: what was found, agreed, promised and referred."""
    say = words()["summary"]
    days = span_words(inspection.starts, inspection.ends)
    judged_cases = compared.all_cases.cases - compared.all_cases.not_judged
    sentences = [
        say["again" if inspection.phase in VISITS else "when"].format(
            force=inspection.force, days=f" ({days})" if days else ""
        ),
        # A visit has no case audits, and what is not judged yet is none.
        f"We {compared.sentence}." if judged_cases else "",
        _counts_sentence(told) or say["nothing"],
        _promises(told),
        _referred(raised),
    ]
    draft.add(
        Heading(say["heading"]),
        Paragraph(" ".join(filter(None, sentences))),
        *judgments_blocks(judged, methodology),
    )
    if told.findings and len(told.findings) <= _SUMMED_UP:
        for sort in SORTS:
            of_sort = [one for one in told.findings if one.sort == sort]
            if of_sort:
                lead = (_SINGULARS if len(of_sort) == 1 else _PLURALS)[sort].capitalize() + ":"
                draft.add(
                    Paragraph("", lead),
                    Bullets(tuple(_summed_up(one) for one in of_sort)),
                )
    published = inspection.published
    draft.add(
        Paragraph(
            say["published"].format(day=day_words(published)) if published else say["emerging"]
        )
    )


def _summed_up(one: Finding) -> str:
    return f"{without_stop(one.wording)} (finding {one.number})."


def counts_words(findings: Iterable[Finding]) -> str:
    """Return how many of each sort there are, “two strengths and one concern”; empty for none."""
    counts = Counter(one.sort for one in findings)
    parts = [
        f"{number_word(count)} {_SINGULARS[sort] if count == 1 else _PLURALS[sort]}"
        for sort in SORTS
        if (count := counts[sort])
    ]
    return series(parts) if parts else ""


def _counts_sentence(told: Told) -> str:
    parts = counts_words(told.findings)
    if not parts:
        return ""
    agreed = sum(one.agreed for one in told.findings)
    whole = len(told.findings)
    if whole == 1:
        said = "agreed its wording" if agreed else "has not agreed its wording"
    else:
        some = f"{number_word(agreed)} of {number_word(whole)}" if agreed else "none yet"
        said = f"agreed the wording of {'all of them' if agreed == whole else some}"
    return f"We told the force of {parts}. The force {said}."


def _promises(told: Told) -> str:
    actions = [line for one in told.findings for line in one.actions]
    if not actions:
        return ""
    done = sum(bool(line.done) for line in actions)
    due = sorted(line.due for line in actions if line.due and not line.done)
    sentence = f"It promised {number_word(len(actions))} action{'s' * (len(actions) > 1)} at once"
    if done:
        all_done = "all are" if done > 1 else "it is"
        some = f"{number_word(done)} {'is' if done == 1 else 'are'}"
        sentence += f"; {all_done if done == len(actions) else some} done"
    return sentence + (f"; the next is due on {day_words(due[0])}." if due else ".")


def _referred(raised: Sequence[Referral]) -> str:
    if not raised:
        return ""
    waiting = sum(one.state != "closed" for one in raised)
    count = len(raised)
    some = f"{number_word(waiting)} {'is' if waiting == 1 else 'are'}"
    it = "it is" if count == 1 else "all are" if waiting == count else some
    closed = "it is closed" if count == 1 else "all are closed"
    state = f"{it} not closed yet" if waiting else closed
    cases = f"{number_word(count)} case{'s' * (count > 1)}"
    return f"We referred {cases} back to the force because of risk; {state}."


def methods_blocks(
    draft: Draft,
    s: Session,
    inspection_id: str,
    compared: Comparison,
    told: Told,
    *,
    listed: bool,
) -> None:
    """Write how many of each were done, and why it is done, which forces asked for.

    ``listed``: an annex lists the evidence. Nothing is written where nothing was done.
    """
    say = words()["methods"]
    table = methods_grid(s, inspection_id, compared)
    if table is not None or told.findings:
        draft.add(Heading(say["heading"]))
    if table is not None:
        draft.add(table)
    if told.findings:
        draft.add(Paragraph(f"{say['reached']} {say['listed']}" if listed else say["reached"]))


def methods_grid(s: Session, inspection_id: str, compared: Comparison) -> Grid | None:
    """Return the table of how many of each were done and why; None where nothing was."""
    say = words()["methods"]
    everything = compared.all_cases
    # Of whom “not available” speaks somebody else was met; a meeting not held is not entered.
    meetings = Counter(one.meeting for one in records_in(s, Interview, inspection_id))
    read = sum(bool(one.received_on) for one in records_in(s, Document, inspection_id))
    counted = (
        ("Case files audited", everything.cases - everything.not_judged, "audits"),
        ("of which the force graded too", compared.self_assessed.cases, "self_assessed"),
        ("Interviews", meetings["interview"], "interview"),
        ("Focus groups", meetings["focus group"], "focus group"),
        ("Observations", len(records_in(s, Observation, inspection_id)), "observation"),
        ("Documents read", read, "document"),
    )
    rows = [(name, count, say[key]) for name, count, key in counted if count]
    return grid(("What", "How many", "Why"), rows, (24, 12, 64), (1,)) if rows else None


def next_blocks(draft: Draft, inspection: Inspection, methodology: Methodology) -> None:
    """Write the dates that follow, in days where the day they hang on is known."""
    lines = next_lines(inspection, methodology)
    draft.add(Heading(words()["next"]["heading"]), Bullets(tuple(lines)))


def next_lines(inspection: Inspection, methodology: Methodology) -> list[str]:
    """Return the steps that follow as sentences, with their days where those are known."""
    keys = ("written feedback",) if inspection.phase in VISITS else ("action plan", "revisit")
    say = words()["next"]
    notice = span_of(methodology.timing("visit notice"))
    lines = []
    for key in keys:
        span, by = limit_words(inspection, methodology.timing(key))
        lines.append(say["steps"][key].format(span=span, by=by, notice=notice))
    return lines


def limit_words(inspection: Inspection, timing: Timing) -> tuple[str, str]:
    """Return how long a limit is, and “, by” its day; empty where no day is known for it yet."""
    start = inspection.ends if timing.day == "visit end" else inspection.published
    day = read_day(start)[0] if start else None
    due = timing.due_day(day or "")
    return span_of(timing), f", by {day_words(due)}" if due else ""


def query_blocks(draft: Draft) -> None:
    """Write how what is here can be queried."""
    say = words()["query"]
    draft.add(Heading(say["heading"]), Paragraph(say["text"]))


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def span_of(timing: Timing) -> str:
    """Return how long a limit is, in words: “six weeks”."""
    count, noun = (timing.weeks, "week") if timing.weeks else (timing.months, "month")
    return f"{number_word(count)} {noun if count == 1 else noun + 's'}"


def number_word(count: int) -> str:
    """Return a number in words up to ten, in figures above."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
