"""How many case audits were finished on each day, and how many a day are left."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case, withdraw_case
from fieldkit.inspections import finished as module
from fieldkit.inspections.finished import Finished, finished
from fieldkit.service import existing
from storage.ops.clock import Clock, wall_ms
from storage.records import Inspection
from storage.vault.vault import Vault

NOON = 12 * 3600 * 1000


def on(vault: Vault, days_ago: int) -> None:
    """Write from now on as so many days ago, about noon where the laptop is."""
    now = datetime.fromtimestamp(wall_ms() / 1000).astimezone()
    noon = now.replace(hour=12, minute=0, second=0) - timedelta(days=days_ago)
    then = int(noon.timestamp() * 1000)
    vault.author.clock = Clock("", wall=lambda: then)


def counted(vault: Vault, inspection: str, left: int = 0) -> dict[str, int]:
    found = vault.read_now(finished, inspection, left)
    return {day: number for day, number in found.days if number}


def test_a_case_is_finished_when_its_overall_is_first_entered(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    day = [
        str((datetime.fromtimestamp(wall_ms() / 1000) - timedelta(days=ago)).date())
        for ago in range(4)
    ]
    assert counted(vault, inspection) == {}
    on(vault, 3)
    vault.write_now(judging.grade, cases["WST-001"], "overall", "good", allow_open=True)
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    # Words alone finish nothing.
    vault.write_now(judging.write, cases["WST-002"], "overall", rationale="begun")
    vault.write_now(judging.grade, cases["WST-004"], "overall", "good", allow_open=True)
    assert counted(vault, inspection) == {day[3]: 2}
    on(vault, 2)
    vault.write_now(judging.set_state, cases["WST-002"], "overall", "unable to judge", "no file")
    vault.write_now(withdraw_case, cases["WST-004"], "a duplicate")
    assert counted(vault, inspection) == {day[3]: 1, day[2]: 1}
    # A correction moves nothing; what was taken away counts no more.
    on(vault, 0)
    vault.write_now(judging.grade, cases["WST-001"], "overall", "inadequate", allow_open=True)
    assert counted(vault, inspection) == {day[3]: 1, day[2]: 1}
    vault.write_now(judging.clear, cases["WST-002"], "overall")
    assert counted(vault, inspection) == {day[3]: 1}


def test_days_without_work_are_left_out_at_weekends_and_before_the_fieldwork(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def days(now: str, starts: str, left: int = 0, ends: str = "") -> Finished:
        monkeypatch.setattr(module, "today", lambda: now)
        monkeypatch.setattr("fieldkit.evidence.gaps.coverage.today", lambda: now)
        vault.write_now(
            lambda s: existing(s, Inspection, inspection).change(starts=starts, ends=ends)
        )
        return vault.read_now(finished, inspection, left)

    vault.write_now(add_case, inspection, "WST-900")
    # Tuesday 8 September 2026; the fieldwork began on Thursday.
    shown = [day for day, _ in days("2026-09-08", "2026-09-03").days]
    assert shown == ["2026-09-03", "2026-09-04", "2026-09-07", "2026-09-08"]
    assert len(days("2026-09-08", "2026-08-03").days) == 7
    assert days("2026-09-08", "2026-09-03", 36, "2026-09-11").a_day == 12
    assert days("2026-09-08", "2026-09-03", 37, "2026-09-11").a_day == 13
    assert days("2026-09-11", "2026-09-03", 37, "2026-09-11").a_day == 0
    # On a Sunday today stands there, though nobody worked.
    assert days("2026-09-06", "2026-09-03").days[-1] == ("2026-09-06", 0)
