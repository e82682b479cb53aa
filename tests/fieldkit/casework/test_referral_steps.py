"""What was done about a referral, in its order, and what usually follows."""

from __future__ import annotations

from functools import partial

import pytest

from fieldkit.casework import referrals
from fieldkit.casework.referral_steps import TO_COME, USUAL, referral_steps
from fieldkit.casework.referrals import NEXT
from fieldkit.wording.dates import moment_words
from storage.vault.vault import Vault


def test_the_steps_tell_when_to_whom_and_what(vault: Vault, cases: dict[str, str]) -> None:
    case = cases["WST-001"]
    made = vault.write_now(
        lambda s: referrals.refer(s, case, ["child not seen"], "Unseen", at="1 July 2026 9:00")
    )
    first = vault.read_now(referral_steps, made.id)
    assert [one.state for one in first.taken] == ["raised"]
    assert [one.state for one in first.to_come] == list(USUAL[1:])
    assert first.taken[0].at == made.raised_at and first.taken[0].by
    steps: list[tuple[str, dict[str, str]]] = [
        ("told", {"whom": "DI", "how": "by telephone", "at": "6 July 2026 14:20"}),
        ("escalated", {"whom": "ACC", "reason": "no answer"}),
        ("acted", {"action": "Child seen", "outcome": "safe"}),
        ("not satisfied", {"reason": "seen with the father"}),
        ("acted", {"action": "Seen alone"}),
        ("satisfied", {"outcome": "safe"}),
        ("closed", {"reason": "nothing is open"}),
    ]
    for state, fields in steps:
        step = partial(referrals.step, referral_id=made.id, state=state)
        vault.write_now(step, **fields)
    taken = vault.read_now(referral_steps, made.id).taken
    assert [one.state for one in taken] == ["raised", *(state for state, _ in steps)]
    assert moment_words(taken[1].at) == "6 July 2026, 14:20"
    assert [(one.whom, one.words) for one in taken[1:]] == [
        ("DI, by telephone", ""),
        ("", "to ACC: no answer"),
        ("", "Child seen; safe"),
        ("", "seen with the father"),
        ("", "Seen alone"),
        # An outcome that stands already is not written twice.
        ("", ""),
        ("", "nothing is open"),
    ]
    assert vault.read_now(referral_steps, made.id).to_come == ()


@pytest.mark.parametrize("state", NEXT)
def test_what_is_to_come_may_come(state: str) -> None:
    """From each state, the usual way goes on with a step that is allowed."""
    following = USUAL[TO_COME[state] + 1 :]
    assert (not following) == (not NEXT[state])
    assert not following or following[0] in NEXT[state]
