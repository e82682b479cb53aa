"""What the keys of a row do: give a grade, an answer or a state, and take it away again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit
from screens.casework.case_rows import ANSWER, CRITERION, MOMENT, Row
from screens.casework.case_state import numbered
from screens.kit.ask import ask, commit
from storage.records.case import CaseAudit
from storage.records.judgment import OVERALL, judgment_id

if TYPE_CHECKING:
    from screens.casework.case import CasePage

REASON = "reason"


async def digit(page: CasePage, number: int) -> None:
    """Give the grade, or the answer, of that place and go on to the next row."""
    desk, row = page.desk, page.row
    if row.kind == CRITERION and number <= len(desk.grades):
        await _grade(page, row, desk.grades[number - 1])
    elif row.kind == CRITERION:
        said = f"This scale has {len(desk.grades)} grades: {numbered(desk.grades)}."
        page.fieldkit.say(said)
    elif row.kind != ANSWER:
        page.fieldkit.say("This line holds words. Press enter to write them.")
    elif number > len(desk.answers):
        page.fieldkit.say(f"The answers to this line are: {numbered(desk.answers)}.")
    else:
        kept = await _set(page, row, desk.methodology.answers[number - 1].key)
        if kept is not None:
            page.desk.file = replace(page.desk.file, audit=kept)
            page.go_on(row)


async def _grade(page: CasePage, row: Row, grade: str) -> None:
    if row.key == OVERALL and page.desk.revealed:
        # Asking takes a worker; the key itself is done.
        page.run_worker(_moderate(page, row, grade))
        return
    judged = await page.tried(page.vault.write(judging.grade, page.case_id, row.key, grade))
    if judged is not None:
        page.desk.file.judgments[row.key] = judged
        page.go_on(row)
        if row.key == OVERALL:
            await page.fieldkit.refresh_frame()


async def _moderate(page: CasePage, row: Row, grade: str) -> None:
    """After the reveal the overall grade changes only with a reason."""
    case_id, place = page.case_id, f"moderation/{page.case_id}"
    reference = page.desk.file.case.reference
    title = f"{reference}: why {grade}, now that the force's grade is known?"
    reason = await ask(page.fieldkit, title, place, REASON)
    if reason is None:
        return
    judged = await commit(
        page.fieldkit,
        place,
        [REASON],
        # An imported overall may stand with criteria open; moderation does not wait for them.
        lambda s: judging.grade(s, case_id, row.key, grade, reason=reason, allow_open=True),
    )
    if judged is not None:
        await page.again(row)


async def state(page: CasePage, word: str) -> None:
    """Mark the row as not applicable, or as one we are unable to judge; runs in a worker."""
    desk, row, case_id = page.desk, page.row, page.case_id
    if row.kind != CRITERION:
        page.fieldkit.say(f"Only a criterion is marked as {word}; go up to its line.")
        return
    term = next(one for one in desk.methodology.states if one.key == word)
    place = f"state/{judgment_id(case_id, row.key)}"
    reason: str | None = ""
    if term.needs_reason:
        title = f"{desk.called(row)}: why {term.label}?"
        reason = await ask(page.fieldkit, title, place, REASON)
    if reason is None:
        return
    why = reason
    judged = await commit(
        page.fieldkit,
        place,
        [REASON],
        lambda s: judging.set_state(s, case_id, row.key, word, why),
    )
    if judged is not None:
        page.desk.file.judgments[row.key] = judged
        page.go_on(row)


async def clear(page: CasePage) -> None:
    """Take the grade, the answer or the moment away again."""
    row = page.row
    if row.kind == CRITERION:
        await page.tried(page.vault.write(judging.clear, page.case_id, row.key))
    elif row.kind in (ANSWER, MOMENT):
        await _set(page, row, "")
    await page.again(row)


async def _set(page: CasePage, row: Row, text: str) -> CaseAudit | None:
    case_id = page.case_id
    job = page.vault.write(lambda s: set_audit(s, case_id, **{row.key: text}))
    return await page.tried(job)
