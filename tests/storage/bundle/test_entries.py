"""Which entries of redactions count."""

from __future__ import annotations

from typing import Any

from storage import canonical
from storage.history import history
from storage.op import Op, decode
from storage.receiving import merge
from storage.records import Note
from storage.redacting import redact
from storage.redaction import superseded
from storage.replay import differences
from storage.vault import Vault
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft

SUPPOSED = ("note", "00000000-0000-4000-8000-000000000900")


def entry(of: Vault, seq: int, **over: Any) -> dict[str, Any]:
    """What a redaction tells of an op of somebody's laptop."""
    made = an_op(of, seq)
    told = {
        "id": str(made.id),
        "hlc": made.hlc,
        "wall": made.wall,
        "who": of.person.id,
        "op": "create",
        "fields": {"inspection_id": "i", "parent_kind": "case", "parent_id": "x", "text": "t"},
        "base": [],
        "gone": [".reason"],
    }
    return told | over


def redaction(by: Vault, record: tuple[str, str], *entries: dict[str, Any], **more: Any) -> Op:
    """The first op of somebody's feed, which redacts by hand."""
    fields = {"field": "text", "entries": list(entries), **more}
    return an_op(by, 1, op="redact", record=record, fields=fields, reason="a name")


def texts(vault: Vault) -> set[str]:
    query = "SELECT text FROM note"
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())
    return {text for (text,) in rows}


def written(vault: Vault) -> list[Any]:
    """The bytes of this laptop's own ops; None where they went."""
    query = "SELECT bytes FROM op WHERE device = ? AND kind = 'main' ORDER BY seq"
    device = (vault.desk.device,)
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query, device).all())
    return [data for (data,) in rows]


def sound(vault: Vault) -> bool:
    return vault.read_now(lambda s: differences(s.connection())) == []


def test_what_nobody_wrote_is_not_shown(desk: Desk) -> None:
    """Ben tells of a note of Ada's that there never was: her history does not have it."""
    with desk.team.laptop("ben") as ben:
        lie = redaction(ben, SUPPOSED, entry(desk.ada, 900))
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [lie], to=desk.ada))
    assert texts(desk.ada) == set()
    assert [one.verb for one in desk.ada.read_now(history, *SUPPOSED)] == ["redact"]
    assert sound(desk.ada)


def test_an_op_of_another_record_cannot_be_told_of(desk: Desk) -> None:
    """Neither does it stand there, nor does it go when somebody redacts that record in earnest."""
    desk.ada.write_now(lambda s: s.add(Note.make(**_about("real words"))))
    (data,) = written(desk.ada)
    told = canonical.loads(data)
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, [data], to=ben))
        copy = entry(desk.ada, 1, hlc=told["hlc"], wall=told["wall"])
        lie = redaction(ben, SUPPOSED, copy)
        own = an_op(ben, 2, record=SUPPOSED, fields=_about("a name"))
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [lie, own], to=desk.ada))
    assert texts(desk.ada) == {"real words", "a name"}
    desk.ada.write_now(redact, *SUPPOSED, "text", "to be taken out")
    assert texts(desk.ada) == {"real words", "[redacted]"}
    assert sound(desk.ada)


def _about(text: str) -> dict[str, Any]:
    return {"inspection_id": "i", "parent_kind": "case", "parent_id": "c", "text": text}


def test_an_earlier_redaction_goes_only_when_it_is_told_anew(desk: Desk) -> None:
    desk.ada.write_now(lambda s: s.add(Note.make(id=SUPPOSED[1], **_about("a name"))))
    desk.ada.write_now(redact, *SUPPOSED, "text", "a child was named")
    first = decode(written(desk.ada)[1])
    told = {
        "id": str(first.id),
        "hlc": first.hlc,
        "wall": first.wall,
        "who": first.who,
        "field": "text",
        "reason": first.reason,
    }
    with desk.team.laptop("ben") as ben:
        lie = redaction(ben, SUPPOSED, also=[told])
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [lie], to=desk.ada))
    assert written(desk.ada)[1] is not None
    assert texts(desk.ada) == {"[redacted]"}
    assert sound(desk.ada)
    assert superseded([first, lie]) == set()
    (entry_of_it,) = first.fields["entries"]
    assert superseded([first, redaction(desk.ada, SUPPOSED, entry_of_it, also=[told])]) == {
        first.id
    }
    # Two halves of one redaction, of which only the second is here.
    half = redaction(desk.ada, SUPPOSED, entry_of_it | {"gone": [".reason"]}, also=[told])
    assert superseded([first, half]) == set()
