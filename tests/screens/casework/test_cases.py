"""The page of cases: a case is corrected, its reference among the rest."""

from __future__ import annotations

from fieldkit.casework.case_lines import case_lines
from screens.kit.dialogs import Confirm
from screens.kit.form import Form
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled
from tests.screens.hostile import came, paste


async def test_a_reference_is_put_right_where_the_case_is_corrected(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("cases")
        await settled(pilot)
        await pilot.press("e")
        await came(pilot, Form)
        await pilot.press("end", "shift+home", "delete")
        await paste(pilot, "WST-2")
        await pilot.press("ctrl+s")
        await came(pilot, Confirm)
        assert "“WST-2” may be WST-002, which is on the list already" in page(app)
        await pilot.press("escape")
        await came(pilot, Form)
        await pilot.press("end", "shift+home", "delete")
        await paste(pilot, "WST-101")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "WST-101" in page(app) and "WST-001" not in page(app)
        lines = {line.id: line.reference for line in await app.vault.read(case_lines, inspection)}
        assert lines[cases["WST-001"]] == "WST-101"
