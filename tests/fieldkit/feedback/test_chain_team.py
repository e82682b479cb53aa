"""Words agreed, a referral's clock and an action's days on three laptops, one of a wrong clock."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from fieldkit.casework import referrals
from fieldkit.casework.cases import add_case
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.news import since_last
from fieldkit.feedback.debriefs.order import in_order
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.sheet import sheet_of
from fieldkit.history.record_history import record_history
from fieldkit.service import now, today
from storage.conflicts.find import conflicted_fields
from storage.feed.replay import differences
from storage.records import DebriefPoint, Inspection, Referral
from storage.records.debrief import debrief_point_id
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.storage.team.conftest import made_three, three
from tests.storage.team.laptops import WORLD
from tests.storage.team.three import Three
from tests.storage.travelling import INSPECTION

__all__ = ["made_three", "three"]

DAY_MS = 86_400_000


def begin(s: Session) -> dict[str, str]:
    """Three points, a referral that was told, and the first debrief."""
    s.add(Inspection.make(id=INSPECTION, force="Westshire", methodology="2018"))
    case = add_case(s, INSPECTION, "WST-001", types=["missing"])
    referral = referrals.refer(s, case.id, ["child not seen"], "Not seen since May")
    referrals.step(s, referral.id, "told", whom="duty inspector")
    add_interview(s, INSPECTION, role="custody sergeant")
    ids = {name: points.add_point(s, INSPECTION, name, "concern").id for name in "abc"}
    tell(s, today(), ids["a"], "Agreed first.", response="We know.", outcome="agreed",
         action="Check them", action_owner="sergeants", action_due=today())  # fmt: skip
    close_debrief(s, open_debrief(s, INSPECTION, "daily").id, "deputy")
    return ids


def tell(s: Session, /, day: str, point: str, words: str, **answer: str) -> None:
    """Agree words of a point in the daily debrief of a day."""
    place = include_point(s, open_debrief(s, INSPECTION, "daily", day).id, point)
    freeze_wording(s, place.id, words)
    record_response(s, place.id, **answer)


def close(s: Session, day: str) -> None:
    close_debrief(s, open_debrief(s, INSPECTION, "daily", day).id, "deputy")


def stands(vault: Vault) -> dict[str, Any]:
    """What a laptop shows of every point, and its debriefs in their order."""

    def read(s: Session) -> dict[str, Any]:
        shown: dict[str, Any] = {
            chain.point.wording: (
                chain.wording,
                chain.status,
                [(one.held_on, one.wording) for one in chain.tellings],
                [(one.action, one.due, one.done) for one in chain.actions],
                chain.unsettled,
            )
            for chain in chains(s, INSPECTION).values()
        }
        held = in_order(s, INSPECTION)
        return shown | {"held": [(one.sort, one.held_on) for one in held], "sheets": [
            # The clocks of referrals run on while the laptops are asked one after another.
            sheet_text(sheet_of(s, one.id, then=True)).partition("Cases referred")[0]
            for one in held
        ]}  # fmt: skip

    return vault.read_now(read)


def everywhere(three: Three) -> dict[str, Any]:
    """Go round twice; what all laptops show then."""
    for _ in range(2):
        three.round()
    shown = [stands(one) for one in three.all]
    assert shown[0] == shown[1] == shown[2]
    assert all(one.read_now(lambda s: differences(s.connection())) == [] for one in three.all)
    return shown[0]


def test_what_was_agreed_survives_merges_and_a_clock_set_back_two_days(three: Three) -> None:
    ids = three.ada.write_now(begin)
    frozen = three.ada.read_now(records_in, DebriefPoint, INSPECTION)[0]
    told_at = three.ada.read_now(records_in, Referral, INSPECTION)[0].told_at
    first_day = three.ada.read_now(lambda s: today())
    three.round()

    # The next day Ada's clock is two days back, so that her debrief has the day before the first.
    WORLD.now += DAY_MS
    second_day = three.ben.read_now(lambda s: today())
    WORLD.off = -2 * DAY_MS
    wrong_day = three.ada.read_now(lambda s: today())
    assert wrong_day < first_day < second_day
    three.ada.write_now(tell, "", ids["a"], "Agreed last.")
    three.ada.write_now(tell, "", ids["c"], "Told by Ada.")
    three.ada.write_now(close, "")
    referral = three.ada.read_now(records_in, Referral, INSPECTION)[0].id
    acknowledged = three.ada.write_now(
        referrals.step, referral, "acknowledged", whom="duty inspector"
    )
    assert acknowledged.acknowledged_at >= told_at, "no step comes before the one before it"
    clock = three.ada.read_now(referrals.lines, INSPECTION, now())[0].clock
    assert "acknowledged 0 min ago" in clock and "clock was set back" in clock
    WORLD.off = 0
    three.ben.write_now(tell, second_day, ids["b"], "Told by Ben.", outcome="disputed")
    three.ben.write_now(close, second_day)
    shown = everywhere(three)
    assert shown["held"] == [("daily", first_day), ("daily", wrong_day), ("daily", second_day)]
    words, status, tellings, actions, unsettled = shown["a"]
    assert (words, status, unsettled) == ("Agreed last.", "agreed", ())
    assert tellings == [(first_day, "Agreed first."), (wrong_day, "Agreed last.")]
    assert actions == [("Check them", first_day, "")]

    # The action is done while nobody's clock agrees; what was there before stays as it was.
    three.cas.write_now(
        record_response, debrief_point_id(frozen.debrief_id, ids["a"]), action_done=second_day
    )
    shown = everywhere(three)
    assert shown["a"][1] == "acted on" and shown["a"][3] == [("Check them", first_day, second_day)]
    for one in three.all:
        kept = one.read_now(lambda s: s.get(DebriefPoint, frozen.id))
        assert kept is not None
        assert (kept.agreed_wording, kept.frozen_at) == ("Agreed first.", frozen.frozen_at)
        assert one.read_now(records_in, Referral, INSPECTION)[0].told_at == told_at
        assert "acknowledged 1 day ago" in one.read_now(referrals.lines, INSPECTION, now())[0].clock
        lines = one.read_now(record_history, DebriefPoint.KIND, frozen.id)
        assert any("Agreed first." in line.text for line in lines)


def test_a_point_told_on_two_laptops_the_same_day_reads_alike_and_waits_for_a_person(
    three: Three,
) -> None:
    ids = three.ada.write_now(begin)
    three.round()
    WORLD.now += DAY_MS
    day = three.ada.read_now(lambda s: today())
    three.ada.write_now(tell, day, ids["b"], "As Ada heard it.", outcome="agreed")
    WORLD.off = -2 * DAY_MS
    three.ben.write_now(tell, day, ids["b"], "As Ben heard it.", outcome="agreed")
    WORLD.off = 0
    shown = everywhere(three)
    words, status, tellings, _, unsettled = shown["b"]
    assert words in ("As Ada heard it.", "As Ben heard it.") and status == "agreed"
    assert len(tellings) == 1 and "agreed_wording" in unsettled
    ((kind, record),) = three.cas.read_now(lambda s: conflicted_fields(s.connection()))
    sheet = three.cas.read_now(
        lambda s: sheet_of(s, s.get(DebriefPoint, record).debrief_id)  # type: ignore[union-attr]
    )
    assert kind == DebriefPoint.KIND and "Two laptops" in sheet.left_out[0]


def test_what_a_colleague_wrote_before_and_sent_later_is_new(three: Three) -> None:
    ids = three.ada.write_now(begin)
    three.round()
    meeting = three.ben.write_now(add_interview, INSPECTION, role="control room").id
    three.ben.write_now(add_note, "interview", meeting, "Nobody looks again.")
    made = three.ben.write_now(points.add_point, INSPECTION, "By Ben", "concern").id
    WORLD.now += DAY_MS
    day = three.ada.read_now(lambda s: today())
    three.ada.write_now(tell, day, ids["b"], "Told.")
    three.ada.write_now(close, day)
    assert three.ada.read_now(since_last, INSPECTION).new == {}
    everywhere(three)
    for one in three.all:
        news = one.read_now(since_last, INSPECTION)
        assert news.new == {"interview": 1, "note": 1}
        assert [line.id for line in news.new_points] == [made]
