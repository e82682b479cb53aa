"""The first line of every page says the same as home, which reads far more."""

from __future__ import annotations

from fieldkit.casework import judging, referrals
from fieldkit.casework.cases import withdraw_case
from fieldkit.inspections import home as overview
from storage.vault.vault import Vault


def test_the_frame_counts_as_home_does(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    done, withdrawn, high = list(cases.values())[:3]

    def words() -> str:
        found = vault.read_now(overview.frame, inspection)
        assert (found.marking, found.force) == ("OFFICIAL-SENSITIVE", "Westshire Constabulary")
        return found.counts

    def agreed(counts: str) -> bool:
        home = vault.read_now(overview.home, inspection)
        return f"{home.done}/{home.cases}" in counts and f"↑{home.unsent}" in counts

    assert "0/4" in words() and agreed(words())
    vault.write_now(judging.grade, done, "overall", "good", allow_open=True)
    vault.write_now(withdraw_case, withdrawn, "no file")
    assert "1/3" in words() and agreed(words())
    vault.write_now(referrals.refer, high, ["immediate safety"], "Seen today.")
    assert words().startswith("! raised") and agreed(words())
    vault.write_now(judging.clear, done, "overall", "by mistake")
    assert "0/3" in words() and agreed(words())


def test_a_referral_stays_in_the_first_line_until_it_is_closed(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """Being satisfied ends no clock, and does not hide a referral that the force still answers."""

    def words() -> str:
        return vault.read_now(overview.frame, inspection).counts.split(" · ")[0]

    first, second = list(cases.values())[:2]
    raised = vault.write_now(referrals.refer, first, ["child not seen"], "x").id
    steps = {
        "told": {"whom": "duty inspector", "at": "6 July 2026 09:00"},
        "acknowledged": {"whom": "superintendent"},
        "acted": {"action": "the child was seen"},
        "satisfied": {"outcome": "safe"},
    }
    for state, said in steps.items():
        vault.write_now(referrals.step, raised, state, **said)
        assert words().startswith(f"! {state} ") and words().endswith("days")
    assert [one.reference for one in vault.read_now(overview.home, inspection).referrals]
    other = vault.write_now(referrals.refer, second, ["child not seen"], "x").id
    assert words().startswith("! raised 0 ")
    vault.write_now(referrals.step, other, "closed", reason="an error")
    assert words().startswith("! satisfied ")
    vault.write_now(referrals.step, raised, "closed", reason="the child is safe")
    assert words() == "0/4"
