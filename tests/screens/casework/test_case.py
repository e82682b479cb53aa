"""The case audit by keys alone."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging
from fieldkit.visibility import is_revealed
from screens.app import FieldkitApp
from screens.casework.audit.audit_list import AuditList
from screens.casework.case import CasePage
from screens.kit.dialogs import AskText, Confirm
from screens.kit.draft_fields import DraftArea, DraftInput
from storage.records.judgment import judgments_of
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.screens.driving import (
    LARGE,
    SMALL,
    lines,
    locked,
    opened,
    ops,
    page,
    settled,
    until,
    waiting_texts,
)


def case_page(app: FieldkitApp) -> CasePage:
    assert isinstance(app.screen, CasePage)
    return app.screen


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_one_key_grades_and_goes_on(
    vault: Vault, inspection: str, cases: dict[str, str], size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("c", "enter", "1", "2", "3", "n", "1", "1", "1")
        await settled(pilot)
        assert isinstance(app.screen, CasePage)
        judged = await app.vault.read(judgments_of, cases["WST-001"])
        assert [
            judged[key].grade for key in ("initial_contact", "assessment", "investigation")
        ] == [
            "good",
            "requires improvement",
            "inadequate",
        ]
        assert judged["decision_making"].state == "not applicable"
        assert app.screen.row.key == "overall"
        assert "requires improvement" in page(app)
        await pilot.press("2")
        await settled(pilot)
        assert (await app.vault.read(judgments_of, cases["WST-001"]))["overall"].grade == (
            "requires improvement"
        )


async def test_thirty_digits_at_once_are_thirty_ops(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter")
        await pilot.press(*"123" * 10)
        await settled(pilot)
        assert [one for one in ops(app.vault) if one[0] == "judgment"] == [
            *[("judgment", "create")] * 8,
            *[("judgment", "set")] * 22,
        ]


async def test_overall_is_refused_while_criteria_are_open(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", *["down"] * 7, "1")
        await settled(pilot)
        assert "overall" not in await app.vault.read(judgments_of, cases["WST-001"])
        assert any("Nothing was changed" in str(one.message) for one in app._notifications)


async def test_words_are_kept_when_the_inspector_moves_on(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press(
            "c", "enter", "1", "up", "enter", *"Seen [/ alone, NHS 9434765919", "escape"
        )
        await settled(pilot)
        said = "Looks like an NHS number. x takes them out."
        await until(pilot, lambda: said in [one.message for one in app._notifications])
        assert isinstance(app.focused, AuditList)
        judged = await app.vault.read(judgments_of, cases["WST-001"])
        assert judged["initial_contact"].rationale == "Seen [/ alone, NHS 9434765919"
        assert waiting_texts(app.vault) == []
        row = next(one for one in lines(app) if one.startswith(("│▌2 ", "│ 2 ")))
        assert "≡" in row


async def test_unfinished_words_are_offered_back(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", "enter", *"half a sentence")
        await app.typing.save()
        assert waiting_texts(app.vault) == ["half a sentence"]
        await locked(pilot)
        folder = vault.folder
    with open_vault(folder, "gravel otter tundra window") as again:
        async with opened(again, inspection) as (app, pilot):
            assert "1 text" in page(app)
            await pilot.press("u", "enter")
            await settled(pilot)
            assert isinstance(app.screen, CasePage)
            assert app.screen.query_one("#rationale", DraftArea).text == "half a sentence"


async def test_unable_asks_for_a_reason(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", "u")
        await pilot.pause()
        assert isinstance(app.screen, AskText)
        await pilot.press("ctrl+s")
        assert isinstance(app.screen, AskText)
        await pilot.press(*"log missing", "ctrl+s")
        await settled(pilot)
        judged = (await app.vault.read(judgments_of, cases["WST-001"]))["initial_contact"]
        assert (judged.state, judged.state_reason) == ("unable to judge", "log missing")
        assert waiting_texts(app.vault) == []


async def test_after_the_reveal_the_overall_needs_a_reason(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(add_row, inspection, 1, case=cases["WST-001"])
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", *"1111111")
        await settled(pilot)
        assert "Force's grade" not in page(app), "it would be refused"
        await pilot.press("1")
        await settled(pilot)
        assert "f  Force's grade" in page(app)
        await pilot.press("f", "y")
        await settled(pilot)
        assert await app.vault.read(is_revealed, cases["WST-001"])
        assert case_page(app).row.key == "overall"
        await pilot.press("3")
        await pilot.pause()
        assert isinstance(app.screen, AskText)
        await pilot.press("escape")
        await settled(pilot)
        assert (await app.vault.read(judgments_of, cases["WST-001"]))["overall"].grade == "good"
        await pilot.press("3")
        await pilot.pause()
        await pilot.press(*"new evidence", "ctrl+s")
        await settled(pilot)
        judged = (await app.vault.read(judgments_of, cases["WST-001"]))["overall"]
        assert judged.grade == "inadequate"


async def test_a_case_without_a_row_of_the_force_is_not_revealed(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", *"11111111", "f")
        await settled(pilot)
        assert not isinstance(app.screen, Confirm)
        assert (
            "No row of the force is matched to WST-001"
            in [str(one.message) for one in app._notifications][-1]
        )
        assert not await app.vault.read(is_revealed, cases["WST-001"])


async def test_undo_names_what_it_took_back(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", "1", "up", "3", "ctrl+z")
        await settled(pilot)
        judged = (await app.vault.read(judgments_of, cases["WST-001"]))["initial_contact"]
        assert judged.grade == "good"
        said = [str(one.message) for one in app._notifications]
        assert any("Undone" in one and "WST-001" in one for one in said)
        assert not any("_" in one or "state" in one for one in said)


async def test_a_key_that_does_nothing_says_why(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"], key="overall")
        await settled(pilot)
        assert isinstance(app.screen, CasePage) and app.screen.row.key == "overall"
        await pilot.press("9", "down", "enter", "9", "u", "down", *["down"] * 6, "n")
        await settled(pilot)
        said = [str(one.message) for one in app._notifications]
        assert any(one.startswith("This scale has") and "1 " in one for one in said)
        assert any("A digit answers this line: 1 " in one for one in said)
        assert any("The answers to this line are: 1 " in one for one in said)
        assert any("Only a criterion" in one for one in said)


async def test_a_hit_in_a_rationale_opens_its_criterion(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.write, cases["WST-002"], "overall", rationale="The kingfisher was seen")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("search")
        await settled(pilot)
        await pilot.press(*"kingf")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, CasePage) and app.screen.row.key == "overall"
        assert "The kingfisher was seen" in page(app)


async def test_answers_and_moments(vault: Vault, inspection: str, cases: dict[str, str]) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", *["down"] * 8, "2", *["down"] * 6)
        assert isinstance(app.screen, CasePage)
        assert app.screen.row.key == "reported_at"
        await pilot.press("enter", *"some time", "enter")
        await settled(pilot)
        await app.typing.save()
        assert "some time" in waiting_texts(app.vault)
        await pilot.press(*["backspace"] * 9, *"2026-02-03 14:30", "enter")
        await settled(pilot)
        file = app.screen.state.file
        assert file.audit is not None
        assert file.audit.voice_seen == "no"
        assert file.audit.reported_at == "2026-02-03 14:30"
        assert waiting_texts(app.vault) == []
        # It stands there as people write it, and leaving it so changes nothing.
        await pilot.press("up", "down", "enter")
        field = app.screen.query_one(DraftInput)
        assert field.value == "3 February 2026, 14:30"
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.state.file.audit is not None
        assert app.screen.state.file.audit.reported_at == "2026-02-03 14:30"


async def test_next_case_and_last_case(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c", "enter", "]")
        await settled(pilot)
        assert lines(app)[1].startswith("╭─  WST-002")
        await pilot.press("]", "]", "]")
        await settled(pilot)
        assert lines(app)[1].startswith("╭─  WST-004")


async def test_a_window_of_any_height_shows_what_has_room(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection, SMALL) as (app, pilot):
        await pilot.press("c", "enter", "down", "down")
        for rows in range(8, 36):
            await pilot.resize_terminal(104, rows)
            await pilot.pause()
        assert case_page(app).row.label in page(app)
