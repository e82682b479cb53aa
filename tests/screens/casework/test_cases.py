"""The page of cases: a case is corrected, its reference among the rest."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case
from fieldkit.casework.overview.case_order import Order
from fieldkit.service import RefusedError
from screens.casework.cases import CasesPage
from screens.casework.table import case_changes
from screens.kit.dialogs import Confirm
from screens.kit.form import Form
from storage.records import Case
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled, waiting_texts
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


async def test_what_was_typed_stays_where_another_case_is_refused(
    vault: Vault, inspection: str, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(s: Session, place: str, **values: Any) -> Case:
        if values.pop("another", False):
            raise RefusedError("The disk is full.")
        return add_case(s, place, **values)

    monkeypatch.setattr(case_changes, "add_case", refusing)
    async with opened(vault, inspection) as (app, pilot):
        await app.go("cases")
        await settled(pilot)
        await pilot.press("a")
        await came(pilot, Form)
        await paste(pilot, "WST-2")
        await pilot.press("ctrl+s")
        await came(pilot, Confirm)
        await pilot.press("y")
        await came(pilot, Form)
        assert "WST-2" in page(app) and "The disk is full." in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "WST-2" in waiting_texts(vault)


def test_a_key_before_the_cases_are_read_is_kept_for_them() -> None:
    listing = CasesPage()
    listing.action_sort()
    assert listing._order == Order().next() and not listing.lines
