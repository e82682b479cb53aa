"""What the malicious laptop makes reaches an honest one and both kinds of central."""

from __future__ import annotations

from storage.ops.op import KEY
from storage.records.case import case_id, case_key_id
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION


def test_crafted_ops_arrive_everywhere(stands: Stand) -> None:
    stands.meet()
    case = case_id(INSPECTION, "WST-001")
    known = {"inspection_id": INSPECTION, "case_id": case}
    note = {"inspection_id": INSPECTION, "parent_kind": "case", "parent_id": case}
    made = stands.ada.write(("note", "n" * 8), note | {"text": "crafted"})
    stands.ada.write(("note", "n" * 8), {"text": "twice"}, verb="set", base=[made.id])
    stands.ada.write(
        ("case_key", case_key_id(case)), known | {"force_ref": "told otherwise"}, feed=KEY
    )
    stands.spread()
    assert ("twice",) in stands.alike("note", "text")
    assert len(stands.alike("case_key", "force_ref")) == 1


def test_it_goes_on_writing_as_honest_people_do(stand: Stand) -> None:
    stand.ada.write(("note", "n" * 8), {"text": "crafted"}, verb="set")
    stand.meet()
    stand.ada.write(("invented", "n" * 8), {"text": "crafted"}, verb="conjure")
    stand.spread()
    stand.spread()
