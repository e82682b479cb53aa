"""Three laptops and a stick: two rounds, and all of them agree; and what is held back meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.exchange.exchange_report import exchange_data, exchange_text
from fieldkit.history import conflicts
from fieldkit.history.undo import undo_last
from fieldkit.inspections import join
from fieldkit.inspections.clock_skew import clock_lines
from fieldkit.inspections.reminders import warnings
from fieldkit.service import RefusedError
from storage.bundle.revoked import revoked_feeds
from storage.exchange.enrol import enrol_request, take_roster
from storage.exchange.inbox import QUARANTINE
from storage.exchange.merge import merge
from storage.feed.replay import differences
from storage.ops.op import FeedId
from storage.records import Judgment, Note
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.trust.roster import PlannedInspection
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault
from tests.storage.forging import an_op, craft
from tests.storage.team.laptops import WORLD
from tests.storage.team.three import Three
from tests.storage.travelling import CHEAP, INSPECTION, PASSPHRASE, feed, work

CASE = case_id(INSPECTION, "WST-001")
OVERALL = judgment_id(CASE, "overall")
HOUR = 3_600_000


def grade(session: Session) -> str:
    found = session.get(Judgment, OVERALL)
    return found.grade if found else ""


def change(vault: Vault, **values: str) -> None:
    def job(session: Session) -> None:
        found = session.get(Judgment, OVERALL)
        assert found is not None
        found.change(**values)

    vault.write_now(job)


def test_two_rounds_of_one_stick(three: Three) -> None:
    three.ada.write_now(work)
    three.round()
    three.round()
    assert [one.read_now(grade) for one in three.all] == ["good"] * 3
    done = three.exchange(three.ben)
    assert (done.written, done.missing, done.silent) == ([], [], [])
    # Nothing is read twice, and the files of others lie where they lay.
    assert done.passed_over > 0
    assert not [one for one in done.came if one.new]


def test_a_relay_by_the_one_who_met_both(three: Three, tmp_path: Path) -> None:
    three.ada.write_now(work)
    three.exchange(three.ada)
    three.exchange(three.ben)
    for path in three.stick.iterdir():
        if path.name in three.ada.read_now(_written):
            path.unlink()
    done = three.exchange(three.cas)
    assert three.cas.read_now(grade) == "good"
    assert [one.sender for one in done.came if one.new] == ["Ben"]
    assert "from Ben" in exchange_text(done)
    assert exchange_data(done)["came"][0]["outcome"] == "taken"


def _written(session: Session) -> set[str]:
    from storage.exchange.sent_files import names_written_here

    return names_written_here(session)


def test_what_is_missing_is_named(three: Three, tmp_path: Path) -> None:
    three.ada.write_now(work)
    three.exchange(three.ada)
    kept = [path.rename(tmp_path / path.name) for path in three.stick.iterdir()]
    three.exchange(three.ben)
    for path in kept:
        path.rename(three.stick / path.name)
    three.exchange(three.ben)
    for path in list(three.stick.iterdir()):
        if path.name in {one.name for one in kept}:
            path.unlink()
    three.ada.write_now(
        lambda s: s.add(
            Note.make(inspection_id=INSPECTION, parent_kind="case", parent_id=CASE, text="later")
        )
    )
    three.exchange(three.ada)
    done = three.exchange(three.cas)
    assert three.cas.read_now(grade) == "good"
    assert [one for one in done.missing if one.laptop == "Ada"] == []


def test_our_file_whose_bytes_are_others_is_written_anew(three: Three) -> None:
    three.ada.write_now(work)
    first = {one.path.name: one.path for one in three.exchange(three.ada).written}
    assert three.exchange(three.ada).written == []
    spoilt = max(first.values(), key=lambda path: path.stat().st_size)
    garbage = bytes(spoilt.stat().st_size)
    spoilt.write_bytes(garbage)
    (anew,) = three.exchange(three.ada).written
    assert anew.path.name not in first
    # What has other bytes is not ours to take away.
    assert spoilt.read_bytes() == garbage
    assert three.exchange(three.ada).written == []
    spoilt.unlink()
    spoilt.symlink_to(three.team.folder / "roster")
    assert three.exchange(three.ada).written == []


def test_a_file_written_before_digests_were_kept_counts_by_its_size(three: Three) -> None:
    three.ada.write_now(work)
    written = three.exchange(three.ada).written
    assert written
    three.ada.write_now(lambda s: s.connection().exec_driver_sql("DROP TABLE file_digest"))
    assert three.exchange(three.ada).written == []
    written[0].path.write_bytes(b"x")
    assert [one.devices for one in three.exchange(three.ada).written] == [written[0].devices]


@pytest.mark.parametrize(("number", "told"), [(1_000_000, True), (1_000_001, False)])
def test_no_number_is_shown_that_nobody_can_believe(three: Three, number: int, told: bool) -> None:
    with three.team.central() as central:
        roster = central.roster()[1]
    have = {feed(three.ben): (number, b"\1" * 32)}
    craft(three.cas, roster, three.stick, [an_op(three.cas, 1)], to=three.ada, have=have)
    (one,) = three.exchange(three.ada).missing
    assert one.text.startswith("1,000,000 entries" if told else "more than 1,000,000 entries")
    assert ("by the word of Cas. No laptop writes so many" in one.text) is not told


def both_judge(three: Three) -> None:
    three.ada.write_now(work)
    three.round()
    three.round()
    change(three.ada, rationale="Ada saw a plan", grade="requires improvement")
    change(three.ben, rationale="Ben saw none", grade="inadequate")
    three.round()
    three.round()


def test_a_conflict_is_decided_once_for_all(three: Three) -> None:
    both_judge(three)
    for one in three.all:
        found = one.read_now(conflicts.listing)
        assert [each.word for each in found] == ["grade", "rationale"]
        assert {side.who for side in found[1].sides} == {"Ada", "Ben"}
    rationale = three.cas.read_now(conflicts.listing)[1]
    assert rationale.can_combine
    three.cas.write_now(conflicts.decide, rationale.id, instead="A plan, and none followed")
    decided = three.cas.read_now(conflicts.listing)
    assert len(decided) == 1
    keep = next(side for side in decided[0].sides if side.who == "Ben")
    three.cas.write_now(conflicts.decide, decided[0].id, keep=keep.op, reason="we agreed")
    three.round()
    three.round()
    for one in three.all:
        assert one.read_now(conflicts.listing) == []
        assert one.read_now(grade) == "inadequate"
        assert one.read_now(lambda s: differences(s.connection())) == []
    with pytest.raises(Exception, match="Nothing was changed"):
        three.ada.write_now(conflicts.decide, rationale.id, instead="too late")


def test_a_decision_taken_back_is_open_again_everywhere(three: Three) -> None:
    both_judge(three)
    before = three.cas.read_now(conflicts.listing)
    for one in before:
        three.cas.write_now(conflicts.decide, one.id, keep=one.sides[1].op)
    for _ in before:
        three.cas.write_now(undo_last)
    three.round()
    three.round()
    told = [[(side.text, side.who, side.at) for side in one.sides] for one in before]
    for vault in three.all:
        found = vault.read_now(conflicts.listing)
        assert [[(side.text, side.who, side.at) for side in one.sides] for one in found] == told
        assert vault.read_now(lambda s: differences(s.connection())) == []
    (first, second) = three.ada.read_now(conflicts.listing)
    three.ada.write_now(conflicts.decide, first.id, keep=first.sides[1].op)
    three.ben.write_now(conflicts.decide, second.id, instead="A plan, and none followed")
    three.round()
    three.round()
    assert [vault.read_now(conflicts.listing) for vault in three.all] == [[], [], []]


def test_keeping_the_answer_that_is_shown_closes_it_too(three: Three) -> None:
    both_judge(three)
    found = three.ada.read_now(conflicts.listing)
    for one in found:
        three.ada.write_now(conflicts.decide, one.id, keep=one.sides[0].op)
    assert three.ada.read_now(conflicts.listing) == []


@pytest.mark.parametrize("delete", [True, False])
def test_an_edit_beats_a_deletion_and_somebody_decides(three: Three, delete: bool) -> None:
    three.ada.write_now(work)
    three.round()
    three.round()
    three.ada.write_now(lambda s: s.delete(s.get(Judgment, OVERALL)))
    change(three.ben, rationale="Ben read on")
    three.round()
    three.round()
    (one,) = three.cas.read_now(conflicts.listing)
    assert one.deletion
    assert [side.who for side in one.sides] == ["Ben", "Ada"]
    side = one.sides[-1 if delete else 0]
    three.cas.write_now(conflicts.decide, one.id, keep=side.op)
    three.round()
    three.round()
    for vault in three.all:
        assert vault.read_now(conflicts.listing) == []
        assert (vault.read_now(grade) == "") is delete


def test_a_dry_run_says_what_would_change(three: Three) -> None:
    three.ada.write_now(work)
    three.exchange(three.ada)
    path = next(one for one in three.stick.iterdir() if len(one.name) > 8)
    for path in three.stick.iterdir():
        try:
            applied = merge(three.ben, path, dry_run=True)
        except Exception as error:
            assert "not addressed" in str(error)
            continue
        assert applied.kinds["judgment"] == 1
    assert three.ben.read_now(grade) == ""
    three.exchange(three.ben)
    assert three.ben.read_now(grade) == "good"


def test_an_unknown_laptop_waits_for_its_roster(three: Three) -> None:
    vault, _ = create_vault(three.team.folder / "dee", PASSPHRASE, "Dee", params=CHEAP)
    enrol_request(vault, three.team.folder / "dee.request")
    with three.team.central() as central:
        central.enrol(three.team.folder / "dee.request")
    three.roster()
    take_roster(vault, three.stick / "roster", fingerprint_confirmed=True)
    roster = (three.stick / "roster").rename(three.team.folder / "later")
    vault.write_now(work)
    # Her bundle without the roster in it, as of a program that leaves it out.
    with three.team.central() as central:
        craft(vault, central.roster()[1], three.stick, [an_op(vault, 1)], to=three.ada)
    done = three.exchange(three.ada)
    (one,) = [each for each in done.came if each.outcome == "aside"]
    assert vault.author.device in one.said[0]
    assert len(list((three.ada.folder / QUARANTINE).iterdir())) == 1
    for path in three.stick.iterdir():
        path.unlink()
    roster.rename(three.stick / "roster")
    done = three.exchange(three.ada)
    assert "taken" in [each.outcome for each in done.came if each.sender == "Dee"]
    assert list((three.ada.folder / QUARANTINE).iterdir()) == []
    vault.lock()


def test_a_revoked_laptops_later_entries_are_kept_apart_and_come_back(three: Three) -> None:
    three.ada.write_now(work)
    three.round()
    three.round()
    change(three.ben, grade="inadequate")
    three.exchange(three.ben)
    three.exchange(three.ada)
    assert three.ada.read_now(grade) == "inadequate"
    device = three.ben.identity.device
    with three.team.central() as central:
        entry = central.roster()[1].device(device)
        assert entry is not None
        others = tuple(one for one in central.roster()[1].devices if one.id != device)
    three.roster(devices=(*others, replace(entry, until={})))
    three.exchange(three.ada)
    assert three.ada.read_now(grade) == "good"
    assert [feed.device for feed in three.ada.read_now(_apart)] == [device]
    assert three.ada.read_now(lambda s: differences(s.connection())) == []
    # Ben himself goes on writing; he is told.
    three.exchange(three.ben)
    change(three.ben, went_well="still writing")
    assert any("has ended" in one for one in three.ben.read_now(warnings))
    three.roster(devices=(*others, entry))
    three.exchange(three.ada)
    assert three.ada.read_now(grade) == "inadequate"
    assert three.ada.read_now(_apart) == {}
    assert three.ada.read_now(lambda s: differences(s.connection())) == []


def _apart(session: Session) -> dict[FeedId, tuple[int, int]]:
    return revoked_feeds(session.connection())


@pytest.mark.parametrize(("off", "word"), [(3 * HOUR, "fast"), (-3 * HOUR, "slow")])
def test_a_wrong_clock_is_named_and_refuses_nothing(three: Three, off: int, word: str) -> None:
    for one in three.all:
        WORLD.off = off if one is three.cas else 0
        one.write_now(work, reference=f"WST-{one.person.name}")
        three.exchange(one)
    for _ in range(2):
        for one in three.all:
            WORLD.off = off if one is three.cas else 0
            three.exchange(one)
    WORLD.off = off
    (said,) = three.cas.read_now(clock_lines)
    assert said.startswith(f"This laptop's clock looks 3 hours {word}.")
    WORLD.off = 0
    (said,) = three.ada.read_now(clock_lines)
    assert "The clock of Cas" in said
    assert word in said


def test_a_clock_that_jumps_in_mid_session_is_not_blamed_on_the_others(three: Three) -> None:
    for _ in range(2):
        for one in three.all:
            one.write_now(work, reference=f"WST-{one.person.name}-{_}")
            three.exchange(one)
    WORLD.now += HOUR // 6
    # Ada's word is of before the jump, and stays the last that Ben has of her.
    WORLD.off = 3 * HOUR
    three.ben.write_now(work, reference="WST-late")
    three.exchange(three.ben)
    WORLD.off, WORLD.now = 0, WORLD.now + HOUR // 6
    three.exchange(three.cas)
    WORLD.off, WORLD.now = 3 * HOUR, WORLD.now + HOUR // 6
    three.exchange(three.ben)
    (said,) = three.ben.read_now(clock_lines)
    assert said.startswith("One of the two clocks of this laptop and of Cas")
    WORLD.off = 0
    three.exchange(three.ada)
    WORLD.off = 3 * HOUR
    three.exchange(three.ben)
    (said,) = three.ben.read_now(clock_lines)
    assert said.startswith("This laptop's clock looks 3 hours fast.")


def test_a_clock_that_was_set_back_does_not_keep_exchanges_going(three: Three) -> None:
    three.ada.write_now(work)
    WORLD.off = 48 * HOUR
    three.round()
    three.round()
    WORLD.off = 0
    three.ben.write_now(work, reference="WST-002")
    three.round()
    three.round()
    three.round()
    assert [three.exchange(one).written for one in three.all] == [[], [], []]


def test_a_team_inspection_is_joined_once(three: Three) -> None:
    planned = PlannedInspection(
        "99999999-2222-4333-8444-555555555555", "Westshire", "2026-07-06", "2026-07-17"
    )
    own = three.ada.write_now(_begin)
    three.roster(inspections=(planned,))
    three.round()
    joined, asked = three.ada.write_now(join.join_all)
    assert joined == []
    assert [[each.id for each in one.begun] for one in asked] == [[own]]
    with pytest.raises(RefusedError, match="Your team has"):
        three.ada.write_now(join.join, planned.id)
    three.ada.write_now(join.join, planned.id, beside_own=True)
    # Hers had gone round already, so it stays; the team's is the same as theirs.
    three.round()
    three.round()
    assert three.ben.write_now(join.join_all) == ([], [])
    for one in three.all:
        assert one.read_now(conflicts.listing) == []
        assert one.read_now(_inspections) == {planned.id, own}


def _begin(session: Session) -> str:
    from fieldkit.inspections import inspections

    return inspections.create(
        session, force="Westshire", methodology="2018", starts="2026-07-07", ends="2026-07-10"
    ).id


def _inspections(session: Session) -> set[str]:
    from storage.records.inspection import inspections

    return {one.id for one in inspections(session)}
