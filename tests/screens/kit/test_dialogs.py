"""A key that a dialog takes reaches no dialog that opens next."""

from __future__ import annotations

from fieldkit.methodology import Term
from screens.casework.referral_reasons import Reasons
from screens.kit.dialogs import Choice, Pick
from storage.vault.vault import Vault
from tests.screens.driving import opened


async def test_the_digit_that_chooses_marks_nothing_in_the_next_dialog(
    vault: Vault, inspection: str
) -> None:
    after = Reasons("WST-001", tuple(Term(str(n), f"reason {n}") for n in range(1, 5)))
    async with opened(vault, inspection) as (app, pilot):
        first = Pick("Which case?", [Choice(str(n), f"WST-00{n}") for n in range(1, 5)])
        await app.push_screen(first, lambda _: app.push_screen(after))
        await pilot.press("4")
        assert app.screen is after and after.marked == []
        await pilot.press("4")
        assert after.marked == ["4"]
