"""The lines of a case audit fold and open, and the rationale of a queried, revealed line stays."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, queries
from fieldkit.casework.cases import set_audit
from fieldkit.casework.reveals import reveal
from screens.casework.case import CasePage
from storage.records import Judgment
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.screens.driving import SMALL, lines, opened, page, settled

WORDS = "Nobody asked where the child had been for fourteen hours, and nobody wrote down why. "


def prepare(s: Session, inspection: str, case: str) -> None:
    """A case judged, queried and revealed, with long texts and a deployment before the report."""
    add_row(s, inspection, 1, case=case)
    criteria = ("initial_contact", "assessment", "investigation", "decision_making")
    for criterion in (*criteria, "trusted_adult", "managing_risk", "police_detention", "overall"):
        judging.grade(s, case, criterion, "good")
    judging.write(s, case, "overall", rationale=WORDS * 2)
    s.flush()
    reveal(s, case)
    queries.ask(s, case, "overall", WORDS * 3)
    moments = {"reported_at": "2026-06-08 21:40", "deployed_at": "2026-06-08 21:10"}
    set_audit(s, case, voice_seen="yes", voice_seen_alone="no", **moments)


@pytest.fixture
async def shown(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> AsyncIterator[tuple[CasePage, object]]:
    """The page of such a case at 80 by 24, and its pilot."""
    vault.write_now(prepare, inspection, cases["WST-001"])
    async with opened(vault, inspection, SMALL) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"], key="overall")
        await settled(pilot)
        assert isinstance(app.screen, CasePage)
        yield app.screen, pilot


async def test_the_page_at_80_columns(shown: tuple[CasePage, object]) -> None:
    case, pilot = shown
    app = case.app
    area = case.query_one("#rationale")
    assert area.size.height >= 1 and area.display
    assert all(one.outer_size.height >= 3 for one in case.query("#words TextArea.panel")[:3])
    assert "░░░" not in page(app) and "… " not in lines(app)[2]
    assert case.listed.section == ""
    folded = [one for one in lines(app) if "Voice of the child" in one]
    assert "✓✗····" in folded[0]
    case.action_section()
    await settled(pilot)  # type: ignore[arg-type]
    assert case.row.key == "voice_seen"
    assert any("Seen alone" in one for one in lines(app))
    case.action_section()
    await settled(pilot)  # type: ignore[arg-type]
    assert case.row.key == "reported_at"
    assert not any("Seen alone" in one for one in lines(app))
    assert "before the report" in page(app)
    assert isinstance(case.state.judged(case._rows[7]), Judgment)
