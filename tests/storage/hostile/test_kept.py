"""What was revealed, sent and received stays on record, whatever a laptop writes of it later."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from fieldkit.casework import reveals
from fieldkit.history.audit import trail
from storage.exchange.export import export
from storage.history.history import history
from storage.ops.op import DELETED, OpId
from storage.records import Disclosure, Reveal
from storage.records.case import case_id
from storage.records.registry import KINDS
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION

CASE = case_id(INSPECTION, "WST-001")


def makings(stand: Stand, kind: str) -> dict[tuple[str, str], list[OpId]]:
    """The ops of every record of a kind that Ben's laptop has."""

    def ids(s: Session) -> list[str]:
        return [one.id for one in s.exec(select(KINDS[kind])).all()]

    records = [(kind, one) for one in stand.ben.read_now(ids)]
    return {one: [each.op for each in stand.ben.read_now(history, *one)] for one in records}


@pytest.mark.parametrize(
    ("verb", "more"), [("delete", {}), ("set", {}), ("reveal", {"grade": "good"})]
)
def test_a_reveal_is_not_taken_away(stands: Stand, verb: str, more: dict[str, Any]) -> None:
    """Without it a grade could be changed as if the force's had not been seen."""
    stands.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stands.ben.write_now(reveals.reveal, CASE)
    stands.meet()
    ((reveal, base),) = makings(stands, Reveal.KIND).items()
    stands.ada.write(reveal, more | {DELETED: True}, verb=verb, base=base)
    alarms = stands.spread()
    assert any("takes away" in one or "without what" in one for one in alarms)
    assert stands.alike("reveal", "id", "grade") == [(reveal[1], "good")]
    assert stands.ben.read_now(reveals.initial_grades, INSPECTION) == {CASE: "good"}


def test_nor_by_the_laptop_that_made_it(stand: Stand) -> None:
    stand.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stand.ben.write_now(reveals.reveal, CASE)
    stand.meet()
    ((reveal, base),) = makings(stand, Reveal.KIND).items()
    stand.honest.write(reveal, {DELETED: True}, verb="delete", base=base)
    stand.meet()
    for central in stand.centrals.values():
        with central.reading((INSPECTION,)) as reading:
            assert reading.read_now(reveals.initial_grades, INSPECTION) == {CASE: "good"}
    grades = stand.ada.vault.read_now(reveals.initial_grades, INSPECTION)
    assert grades == {CASE: "good"}


def test_a_disclosure_is_taken_away_by_its_own_laptop_only(stands: Stand) -> None:
    """Where a file could not be given its name after all, its laptop says so."""
    export(stands.ben, stands.stick, with_key=True, full=True)
    stands.meet()
    known = makings(stands, Disclosure.KIND)
    assert known
    for record, base in known.items():
        stands.ada.write(record, {DELETED: True}, verb="delete", base=base)
    (alarm,) = stands.spread()
    assert "takes away an account of what was done" in alarm
    assert makings(stands, Disclosure.KIND).keys() == known.keys()
    assert any("counts for nothing" in one.did for one in stands.ben.read_now(trail).lines)
    first = next(iter(known))
    stands.ben.write_now(lambda s: s.delete(s.get_one(Disclosure, first[1])))
    stands.meet()
    assert first not in makings(stands, Disclosure.KIND)
    assert stands.spread() == []
