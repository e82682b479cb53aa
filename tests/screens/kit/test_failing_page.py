"""A page that cannot be shown says so, without a word of what it was to show; the others go on."""

from __future__ import annotations

from typing import Any

import pytest

from screens.evidence.points import PointsPage
from screens.kit.page import FAILED, Page
from screens.kit.shell import Shell
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled

SAYS_SO = Page.failed


@pytest.fixture
def saying_so(no_page_fails: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails says so, as it does outside the tests."""
    monkeypatch.setattr(Page, "failed", SAYS_SO)


@pytest.mark.usefixtures("saying_so", "cases")
@pytest.mark.parametrize("failing", ["page", "frame"])
async def test_a_page_that_fails_says_so_and_the_others_go_on(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    async def load(self: Any) -> None:
        raise KeyError("the child's name")

    async with opened(vault, inspection) as (app, pilot):
        with monkeypatch.context() as patch:
            if failing == "page":
                patch.setattr(PointsPage, "load", load)
            else:
                patch.setattr(Shell, "refresh_frame", load)
            await pilot.press("p")
            await settled(pilot)
            said = [one.message for one in app._notifications]
            assert len(said) == 1 and said[0].removeprefix("! ").startswith(
                FAILED.partition("{")[0]
            )
            assert "KeyError at test_failing_page.py" in said[0] and "child" not in said[0]
            assert isinstance(app.screen, PointsPage) and app.unlocked
        await pilot.press("escape", "c")
        await settled(pilot)
        assert "WST-001" in page(app)
