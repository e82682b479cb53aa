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
