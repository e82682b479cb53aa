"""Text typed where digits grade gives no grades, and one esc too many leaves no page."""

from __future__ import annotations

import pytest

from fieldkit.casework.cases import allocate_case
from screens.casework.case import CasePage
from screens.casework.typing_guard import TypingGuard
from screens.kit.dialogs import Confirm
from screens.kit.draft_fields import DraftInput
from storage.records import CaseAudit
from storage.records.case import case_audit_id
from storage.records.judgment import judgments_of
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled, until


@pytest.mark.parametrize(
    ("text", "graded"),
    [("28/2/2026 14:30", 1), ("1430", 2), ("3.3.26", 1), ("45123", 0), ("(12 of 13)", 0)],
)
def test_what_of_a_typed_text_would_grade(text: str, graded: int) -> None:
    guard, count = TypingGuard(), 0
    for sign in text:
        digit = sign in "123456789"
        guard.key(sign, typed=not digit)
        if digit and not guard.holds:
            if sign in "123":
                count += 1
            else:
                guard.nothing()
    assert count == graded
    guard.key("escape", typed=False)
    assert not guard.holds


async def test_a_date_typed_into_the_list_is_a_date_or_nothing(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=case)
        await settled(pilot)
        await pilot.press(*"28/2/2026")
        assert list(await app.vault.read(judgments_of, case)) == ["initial_contact"]
        assert "looks like text being typed" in page(app).replace("\n", " ")
        # On the line of a moment the first digit begins the date.
        screen = app.screen
        assert isinstance(screen, CasePage)
        keys = [row.key for row in screen._rows]
        await pilot.press("end")
        screen.listed.highlighted = keys.index("reported_at")
        await pilot.press(*"28/2/2026")
        field = screen.query_one(DraftInput)
        assert field.has_focus and field.value == "28/2/2026"
        await pilot.press("enter", "escape")
        await settled(pilot)
        audit = await app.vault.read(lambda s: s.get(CaseAudit, case_audit_id(case)))
        assert audit is not None and audit.reported_at == "2026-02-28"
        # Enter left the field; the esc after it is one too many, the next one is meant.
        assert app.screen is screen and screen.listed.has_focus
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is not screen


async def test_the_voice_of_the_child_goes_on_and_takes_n(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=case, key="voice_seen")
        await settled(pilot)
        await pilot.press(*"12", "n", *"111")
        await settled(pilot)
        audit = await app.vault.read(lambda s: s.get(CaseAudit, case_audit_id(case)))
        assert audit is not None
        assert (audit.voice_seen_alone, audit.voice_spoken_to) == ("no", "not applicable")
        screen = app.screen
        assert isinstance(screen, CasePage) and screen.row.key == "voice_note"


async def test_a_colleagues_case_is_judged_only_when_asked_once(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(allocate_case, case, "Inspector B")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=case)
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "Inspector B audits WST-001" in page(app)
        await pilot.press("3", "enter")
        assert await app.vault.read(judgments_of, case) == {}
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, CasePage))
        await pilot.press("3")
        await settled(pilot)
        grades = [one.grade for one in (await app.vault.read(judgments_of, case)).values()]
        assert sorted(grades) == ["inadequate", "requires improvement"]
