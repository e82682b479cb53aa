"""The page of a record's history: what was merged with what, said under the step."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging
from screens.history.history import HEAD
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, lines, opened, settled
from tests.storage.colleague import Colleague

NAME = "Bartholomew Featherstonehaugh-Cholmondeley the Younger of Northshire Constabulary"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_edits_of_other_fields_are_said_to_be_merged(
    vault: Vault, inspection: str, cases: dict[str, str], size: tuple[int, int]
) -> None:
    case = cases["WST-001"]
    record = judgment_id(case, "investigation")
    colleague = Colleague("aaaa000000000000", NAME)
    theirs = {"rationale": "nobody asked the child", "went_well": "a strategy meeting on day one"}
    made = {"inspection_id": inspection, "case_id": case, "criterion": "investigation"} | theirs
    vault.write_now(
        colleague.hand_over, [colleague.write(("judgment", record), made, verb="create")]
    )
    vault.write_now(judging.grade, case, "investigation", "good")
    other = Colleague("bbbb000000000000", "p2")
    concern = {"concern": "no plan"}
    vault.write_now(other.hand_over, [other.write(("judgment", record), concern, ms=2**42)])
    async with opened(vault, inspection, size=size) as (app, pilot):
        await app.go("history", kind="judgment", record=record, title="WST-001, Investigation")
        await settled(pilot)
        shown = lines(app)
    # Beside who and when, in a wide terminal, stands what was written; in a narrow one below it.
    start = 2 + (HEAD if size == LARGE else 0)
    text = " ".join(" ".join(one[start:].strip("│╭╮╰╯─ ") for one in shown).split())
    # Whoever graded had the reasons before him; whoever wrote the concern had seen neither.
    assert text.count("merged with") == 1
    who = f"merged with {NAME}, 1 Jan 1970, 00:00: rationale, what went well; A. Inspector, "
    assert who in text
    assert text.index("concern") < text.index("merged with") < text.index("state: not judged")
