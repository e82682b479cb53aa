"""A record without what every record of its kind has is none, for whoever reads it."""

from __future__ import annotations

from typing import Any

from storage.ops.canonical_json import MAX_WHOLE_NUMBER
from storage.records.model.base import Record
from storage.records.registry import KINDS, rules
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION


def whole(kind: type[Record]) -> dict[str, Any]:
    """Every required field of a kind, each with something in it."""
    words = {str: "2026-07-06", int: 1}
    values = {name: words[rules(kind)[name].plain] for name in sorted(kind.required())}
    own = {"inspection_id": INSPECTION, "judgment_op": "", "text_op": ""}
    return values | {name: own[name] for name in own.keys() & values.keys()}


def named(kind: type[Record], fields: dict[str, Any], number: int) -> str:
    if not kind.NAMED or any("." in name for name in kind.NAMED):
        return f"{number:08}-8888-4999-8aaa-bbbbbbbbbbbb"
    return next(kind.ids_of(tuple(str(fields.get(n, kind.default(n))) for n in kind.NAMED)))


def test_no_required_field_may_be_missing(stands: Stand) -> None:
    """Of every kind one record for each field that it lacks: none is shown anywhere."""
    number = 0
    for kind in KINDS.values():
        for missing in sorted(kind.required()):
            fields = whole(kind)
            number += 1
            record = (kind.KIND, named(kind, fields, number))
            stands.ada.write(
                record,
                {name: one for name, one in fields.items() if name != missing},
                verb=kind.MADE,
                feed=kind.FEED,
            )
    shown = [kind for kind in KINDS if hasattr(KINDS[kind], "inspection_id")]
    before = {kind: stands.shown(kind, "id")["laptop"] for kind in shown}
    (alarm,) = stands.spread()
    assert f"{number} entries" in alarm
    assert "without what every record of its kind has" in alarm
    stands.meet()
    assert {kind: stands.alike(kind, "id") for kind in shown} == before


def test_what_is_only_set_waits_for_its_making(stands: Stand) -> None:
    """An honest edit may come before the making of what it edits; nothing is alarmed of it."""
    stands.ada.write(("note", "n1"), {"text": "an edit"}, verb="set")
    stands.ada.write(("force_row", "r1"), {"grade": "good", "decision": "open"}, verb="set")
    stands.ada.write(("point", "p1"), {"state": "raised"}, verb="resolve")
    assert stands.spread() == []
    stands.meet()
    assert len(stands.alike("note", "id")) == 1
    assert stands.alike("force_row", "id") == []
    assert stands.alike("point", "id") == []
    made = {"inspection_id": INSPECTION, "sort": "concern", "wording": "told"}
    stands.ada.write(("point", "p1"), made)
    stands.spread()
    assert stands.alike("point", "wording") == [("told",)]


def test_a_deletion_alone_and_its_undoing_make_nothing(stand: Stand) -> None:
    stand.meet()
    gone = stand.ada.write(("note", "n1"), {".deleted": True}, verb="delete")
    stand.ada.write(("note", "n1"), {".deleted": False}, base=[gone.id])
    stand.ada.write(("force_row", "r1"), {"row": MAX_WHOLE_NUMBER}, verb="set")
    assert stand.spread() == []
    assert len(stand.alike("note", "id")) == 1
    assert stand.alike("force_row", "id") == []
