"""The frame of every page says what must not be missed, and agrees with home, which reads more."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging, referrals
from fieldkit.inspections import home as overview
from fieldkit.inspections.frame import fieldwork_day, frame, marking_of_all
from fieldkit.inspections.inspections import create
from storage.vault.vault import Vault


def test_the_frame_counts_as_home_does(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    found = vault.read_now(frame, inspection)
    assert (found.marking, found.force) == ("OFFICIAL-SENSITIVE", "Westshire")
    assert (found.alarms, found.day, found.days) == ((), 0, 0)
    vault.write_now(judging.grade, next(iter(cases.values())), "overall", "good", allow_open=True)
    again = vault.read_now(frame, inspection)
    home = vault.read_now(overview.home, inspection)
    assert again.unsent == home.unsent == found.unsent + 1
    assert again.saved >= found.saved > "2026"


def test_a_referral_stays_in_the_first_line_until_it_is_closed(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """Being satisfied ends no clock, and does not hide a referral that the force still answers."""

    def told() -> tuple[str, str]:
        alarms = vault.read_now(frame, inspection).alarms
        return alarms[0] if alarms else ("", "")

    first, second = list(cases.values())[:2]
    raised = vault.write_now(referrals.refer, first, ["child not seen"], "x").id
    steps = {
        "told": {"whom": "duty inspector"},
        "acknowledged": {"whom": "superintendent"},
        "acted": {"action": "the child was seen"},
        "satisfied": {"outcome": "safe"},
    }
    for state, said in steps.items():
        vault.write_now(referrals.step, raised, state, **said)
        sign, words = told()
        assert words.startswith(f"001 {state} ")
        assert sign == ("soon" if state == "told" else "")
    assert [one.reference for one in vault.read_now(overview.home, inspection).referrals]
    other = vault.write_now(referrals.refer, second, ["child not seen"], "x").id
    assert told() == ("soon", "002 raised 0 min")
    vault.write_now(referrals.step, other, "closed", reason="an error")
    assert told()[1].startswith("001 satisfied ")
    vault.write_now(referrals.step, raised, "closed", reason="the child is safe")
    assert told() == ("", "")


def test_the_list_of_inspections_bears_the_highest_marking(vault: Vault, inspection: str) -> None:
    assert vault.read_now(marking_of_all) == "OFFICIAL-SENSITIVE"
    for marking in ("OFFICIAL", "SECRET"):
        force = f"{marking.title()}shire Police"
        vault.write_now(create, force=force, methodology="2018", marking=marking)
    assert vault.read_now(marking_of_all) == "SECRET"


@pytest.mark.parametrize(
    ("starts", "ends", "on", "day"),
    [
        ("2026-09-07", "2026-09-18", "2026-09-07", (1, 10)),
        ("2026-09-07", "2026-09-18", "2026-09-14", (6, 10)),
        ("2026-09-07", "2026-09-18", "2026-09-13", (5, 10)),
        ("2026-09-07", "2026-09-18", "2026-09-18", (10, 10)),
        ("2026-09-07", "2026-09-18", "2026-09-19", (0, 0)),
        ("2026-09-07", "", "2026-09-14", (0, 0)),
        ("2026-09-18", "2026-09-07", "2026-09-14", (0, 0)),
    ],
)
def test_which_day_of_the_fieldwork_it_is(
    starts: str, ends: str, on: str, day: tuple[int, int]
) -> None:
    assert fieldwork_day(starts, ends, on) == day
