from __future__ import annotations

from itertools import pairwise

import pytest
from sqlmodel import Session

from fieldkit.casework import referrals
from fieldkit.casework.case_file import open_case
from fieldkit.service import RefusedError, existing, today
from fieldkit.wording.dates import day_words, moment_words
from storage.history.history import history
from storage.history.undo import NothingToUndoError, undo
from storage.records import Referral
from storage.vault.vault import Vault

SAID = {
    "told": {"whom": "duty inspector", "how": "by telephone"},
    "acknowledged": {"whom": "superintendent"},
    "acted": {"action": "the child was seen"},
    "satisfied": {"outcome": "safe"},
    "not satisfied": {"reason": "nobody spoke to her"},
    "escalated": {"whom": "assistant chief constable", "reason": "no answer"},
    "closed": {"reason": "the child is safe"},
}


def take(vault: Vault, referral: str, *states: str) -> Referral:
    for state in states:
        made = vault.write_now(referrals.step, referral, state, **SAID[state])
    return made


@pytest.fixture
def referral(vault: Vault, cases: dict[str, str]) -> str:
    reasons = ["the risk was graded too low"]
    raised = {"at": "5 July 2026 09:00"}
    made = vault.write_now(
        referrals.refer, cases["WST-001"], reasons, "a sibling too", "visit", **raised
    )
    return made.id


def test_reasons_are_kept_by_key_or_in_a_persons_own_words(
    vault: Vault, cases: dict[str, str]
) -> None:
    made = vault.write_now(
        referrals.refer, cases["WST-001"], ["child not seen", " the dog ", "child not seen"], ""
    )
    assert (made.reasons, made.state) == (["child not seen", "the dog"], "raised")
    assert made.raised_at.endswith("Z")
    assert made.by == vault.person.id


@pytest.mark.parametrize(("reasons", "known"), [([], "x"), ([" "], "x"), (["other"], " ")])
def test_a_referral_needs_a_reason_and_other_needs_words(
    vault: Vault, cases: dict[str, str], reasons: list[str], known: str
) -> None:
    with pytest.raises(RefusedError, match="Nothing was changed"):
        vault.write_now(referrals.refer, cases["WST-001"], reasons, known)
    assert vault.read_now(open_case, cases["WST-001"]).referral is None


def test_a_case_has_one_running_referral(
    vault: Vault, cases: dict[str, str], referral: str
) -> None:
    with pytest.raises(RefusedError, match="not closed"):
        vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "")
    take(vault, referral, "closed")
    again = vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "")
    opened = vault.read_now(open_case, cases["WST-001"]).referral
    assert opened is not None
    assert opened.id == again.id


class TakenBackError(Exception):
    """Ends a transaction, so that one referral serves for every step."""


@pytest.mark.parametrize(
    ("before", "way"),
    [
        ("raised", ()),
        ("told", ("told",)),
        ("acknowledged", ("told", "acknowledged")),
        ("acted", ("told", "acknowledged", "acted")),
        ("satisfied", ("told", "acknowledged", "acted", "satisfied")),
        ("not satisfied", ("told", "acknowledged", "acted", "not satisfied")),
        ("escalated", ("told", "escalated")),
        ("closed", ("told", "closed")),
    ],
)
def test_only_the_steps_in_order_are_taken(
    vault: Vault, referral: str, before: str, way: tuple[str, ...]
) -> None:
    if way:
        take(vault, referral, *way)

    def attempt(s: Session, after: str) -> None:
        assert referrals.step(s, referral, after, **SAID.get(after, {})).state == after
        raise TakenBackError

    for after in referrals.NEXT:
        if after in referrals.NEXT[before]:
            with pytest.raises(TakenBackError):
                vault.write_now(attempt, after)
        else:
            with pytest.raises(RefusedError, match=f"is “{before}”"):
                vault.write_now(attempt, after)


@pytest.mark.parametrize("state", ["told", "acknowledged", "acted", "escalated", "closed"])
def test_a_step_needs_what_it_says(vault: Vault, referral: str, state: str) -> None:
    before = {
        "told": (),
        "acknowledged": ("told",),
        "acted": ("told", "acknowledged"),
        "escalated": ("told",),
        "closed": ("told",),
    }[state]
    if before:
        take(vault, referral, *before)
    with pytest.raises(RefusedError, match=r"missing\. Nothing was changed"):
        vault.write_now(referrals.step, referral, state)


def test_the_moments_are_stamped_in_order_and_kept(vault: Vault, referral: str) -> None:
    made = take(vault, referral, "told", "acknowledged", "acted", "not satisfied", "acted")
    stamps = [made.raised_at, made.told_at, made.acknowledged_at, made.acted_at]
    assert all(stamps)
    assert all(one <= other for one, other in pairwise(stamps))
    assert (made.told_whom, made.told_how) == ("duty inspector", "by telephone")
    done = take(vault, referral, "satisfied", "closed")
    assert (done.told_at, done.closed_reason) == (made.told_at, "the child is safe")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("6 July 2026 14:20", "6 July 2026, 14:20"),
        ("2026-07-06 14.20", "6 July 2026, 14:20"),
        ("6/7/2026, 2.20 pm", "6 July 2026, 14:20"),
        ("2026-07-06T14:20:00+00:00", moment_words("2026-07-06T14:20:00Z")),
        ("00:00", f"{day_words(today())}, 00:00"),
    ],
)
def test_a_step_is_kept_with_the_time_it_happened(
    vault: Vault, referral: str, typed: str, shown: str
) -> None:
    for state, field in (("told", "told_at"), ("acknowledged", "acknowledged_at"),
                         ("acted", "acted_at"), ("closed", "closed_at")):  # fmt: skip
        made = vault.write_now(referrals.step, referral, state, **SAID[state], at=typed)
        assert moment_words(getattr(made, field)) == shown
        assert getattr(made, field).endswith("Z")


@pytest.mark.parametrize("typed", ["soon", "6 July 2026", "25:00", "6 July 2126 14:20", "14:60"])
def test_a_time_that_is_none_changes_nothing(vault: Vault, referral: str, typed: str) -> None:
    with pytest.raises(RefusedError, match="Nothing was changed"):
        vault.write_now(referrals.step, referral, "told", **SAID["told"], at=typed)
    assert take(vault, referral, "told").state == "told"


def test_a_step_without_a_field_of_its_own_tells_its_time_in_its_reason(
    vault: Vault, referral: str
) -> None:
    take(vault, referral, "told")
    at = "6 July 2026 14:20"
    vault.write_now(referrals.step, referral, "escalated", **SAID["escalated"], at=at)
    last = vault.read_now(history, "referral", referral)[-1]
    assert last.reason == "at 6 July 2026, 14:20: to assistant chief constable: no answer"


def test_a_referral_is_raised_when_it_was_raised(vault: Vault, cases: dict[str, str]) -> None:
    made = vault.write_now(
        referrals.refer, cases["WST-001"], ["child not seen"], "", at="6 July 2026 14:20"
    )
    assert moment_words(made.raised_at) == "6 July 2026, 14:20"
    assert referrals.clock(made, made.raised_at) == "raised 0 min ago, the force not told"


def test_no_step_is_before_the_referral_was_raised(vault: Vault, cases: dict[str, str]) -> None:
    raised = {"at": "6 July 2026 14:20"}
    made = vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "", **raised)
    for state, before in (("told", "6 July 2026 14:19"), ("closed", "5 July 2026 23:00")):
        with pytest.raises(RefusedError, match="was raised on 6 July 2026, 14:20, and “"):
            vault.write_now(referrals.step, made.id, state, **SAID[state], at=before)
    vault.write_now(referrals.step, made.id, "told", **SAID["told"], **raised)
    told = vault.read_now(lambda s: existing(s, Referral, made.id))
    assert referrals.dated(told) == "told 6 July 2026, 14:20; not acknowledged"


def test_the_minute_in_which_it_was_raised_is_not_before_it(
    vault: Vault, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referrals, "now", lambda: "2026-07-06T13:20:35.000Z")
    made = vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "")
    typed = f"{moment_words(made.raised_at).replace(',', '')}"
    told = vault.write_now(referrals.step, made.id, "told", **SAID["told"], at=typed)
    assert told.told_at == made.raised_at


def test_an_escalation_tells_to_whom_and_why(vault: Vault, referral: str) -> None:
    take(vault, referral, "told", "escalated")
    last = vault.read_now(history, "referral", referral)[-1]
    assert last.reason == "to assistant chief constable: no answer"


def test_a_referral_is_never_undone(vault: Vault, referral: str) -> None:
    with pytest.raises(NothingToUndoError, match="referral"):
        vault.write_now(undo)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-07-06T09:00:59.000Z", "told 0 min ago, not acknowledged"),
        ("2026-07-06T09:59:59.000Z", "told 59 min ago, not acknowledged"),
        ("2026-07-06T12:20:00.000Z", "told 3 h 20 ago, not acknowledged"),
        ("2026-07-08T08:59:00.000Z", "told 1 day 23 h ago, not acknowledged"),
        ("2026-07-08T13:00:00.000Z", "told 2 days 4 h ago, not acknowledged"),
        ("2026-07-06T08:00:00.000Z", "told 0 min ago, not acknowledged"),
        ("2026-07-06T13:20:00+01:00", "told 3 h 20 ago, not acknowledged"),
    ],
)
def test_the_clock_in_words(now: str, words: str) -> None:
    one = Referral.make(
        inspection_id="i",
        case_id="c",
        state="told",
        raised_at="2026-07-06T08:30:00.000Z",
        told_at="2026-07-06T09:00:00.000Z",
    )
    assert referrals.clock(one, now) == words


@pytest.mark.parametrize("state", list(referrals.NEXT))
def test_every_state_has_words(state: str) -> None:
    one = Referral.make(inspection_id="i", case_id="c", state=state, raised_at="2026-07-06")
    assert referrals.clock(one, "2026-07-06T12:00:00.000Z")


def test_running_ones_stand_first_and_the_oldest_foremost(
    vault: Vault, inspection: str, cases: dict[str, str], referral: str
) -> None:
    second = vault.write_now(referrals.refer, cases["WST-002"], ["child not seen"], "")
    third = vault.write_now(referrals.refer, cases["WST-003"], ["child not seen"], "")
    take(vault, referral, "closed")
    take(vault, third.id, "told")
    lines = vault.read_now(referrals.lines, inspection, "2099-01-01T00:00:00.000Z")
    assert {one.reference for one in lines[:2]} == {"WST-002", "WST-003"}
    assert [one.running for one in lines] == [True, True, False]
    assert lines[2].minutes == 0
    assert lines[0].minutes >= lines[1].minutes > 0
    assert {one.id for one in lines} == {referral, second.id, third.id}
    assert lines[2].reasons == ("the risk was graded too low",)
