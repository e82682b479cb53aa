"""Which entries of redactions count."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from storage.exchange.merge import merge
from storage.history.history import history
from storage.ops import canonical_json
from storage.ops.op import MAIN, Op, OpId, decode, op_id
from storage.ops.redactions import superseded_redactions
from storage.records import Note
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.effort import effort
from tests.storage.colleague import Colleague
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft
from tests.storage.travelling import notes, sound, written

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


def test_what_nobody_wrote_is_not_shown(desk: Desk) -> None:
    """Ben tells of a note of Ada's that there never was: her history does not have it."""
    with desk.team.laptop("ben") as ben:
        lie = redaction(ben, SUPPOSED, entry(desk.ada, 900))
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [lie], to=desk.ada))
    assert notes(desk.ada) == set()
    assert [one.verb for one in desk.ada.read_now(history, *SUPPOSED)] == ["redact"]
    assert sound(desk.ada)


def test_an_op_of_another_record_cannot_be_told_of(desk: Desk) -> None:
    """Neither does it stand there, nor does it go when somebody redacts that record in earnest."""
    desk.ada.write_now(lambda s: s.add(Note.make(**_about("real words"))))
    (data,) = written(desk.ada)
    told = canonical_json.loads(data)
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, [data], to=ben))
        copy = entry(desk.ada, 1, hlc=told["hlc"], wall=told["wall"])
        lie = redaction(ben, SUPPOSED, copy)
        own = an_op(ben, 2, record=SUPPOSED, fields=_about("a name"))
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [lie, own], to=desk.ada))
    assert notes(desk.ada) == {"real words", "a name"}
    desk.ada.write_now(redact, *SUPPOSED, "text", "to be taken out")
    assert notes(desk.ada) == {"real words", "[redacted]"}
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
    assert notes(desk.ada) == {"[redacted]"}
    assert sound(desk.ada)
    assert superseded_redactions([first, lie]) == set()
    (entry_of_it,) = first.fields["entries"]
    assert superseded_redactions(
        [first, redaction(desk.ada, SUPPOSED, entry_of_it, also=[told])]
    ) == {first.id}
    # Two halves of one redaction, of which only the second is here.
    half = redaction(desk.ada, SUPPOSED, entry_of_it | {"gone": [".reason"]}, also=[told])
    assert superseded_redactions([first, half]) == set()


def test_what_is_not_here_yet_is_told_anew(desk: Desk) -> None:
    """Ada redacts again before the op that an earlier redaction tells of has come."""
    desk.ada.write_now(lambda s: s.add(Note.make(id=SUPPOSED[1], **_about("a name"))))
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, written(desk.ada), to=ben))
        (data,) = written(desk.ada)
        told = canonical_json.loads(data)
        mine = entry(desk.ada, 1, hlc=told["hlc"], wall=told["wall"], fields=told["fields"])
        mine["fields"] = told["fields"] | {"text": "[redacted]"}
        late = entry(ben, 2, fields=_about("a name that is still to come"))
        tell = redaction(ben, SUPPOSED, mine | {"gone": ["text"]}, late)
        merge(desk.ada, craft(ben, desk.roster, desk.stick, [tell], to=desk.ada))
    desk.ada.write_now(redact, *SUPPOSED, "text", "a child was named")
    last = decode(written(desk.ada)[-1])
    told_of = {one["id"]: one["fields"]["text"] for one in last.fields["entries"]}
    assert told_of == dict.fromkeys((mine["id"], late["id"]), "[redacted]")
    assert [one["id"] for one in last.fields["also"]] == [str(tell.id)]
    assert kept_of(desk.ada, tell) is None


def kept_of(vault: Vault, one: Op) -> bytes | None:
    query = "SELECT bytes FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
    found: bytes | None = vault.read_now(
        lambda s: s.connection().exec_driver_sql(query, tuple(one.id)).scalar_one()
    )
    return found


PLACES = st.integers(1, 4)
TELLS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(PLACES, st.sets(st.sampled_from(["text", "polarity"]), min_size=1)),
            max_size=4,
            unique_by=lambda one: one[0],
        ),
        st.sets(st.integers(0, 6), max_size=3),
    ),
    max_size=6,
)


@example([([], {0, 1}), ([], {0, 4}), ([], set()), ([], set()), ([], {0}), ([], {1})], Random(0))
@given(TELLS, st.randoms())
def test_what_goes_is_told_by_what_stays(
    drawn: list[tuple[list[tuple[int, set[str]]], set[int]]], chance: Random
) -> None:
    """Whatever names whatever: nothing that was told is lost, and no order plays a part."""
    colleague = Colleague("aaaa000000000000")
    made = [colleague.write(SUPPOSED, {}, verb="redact", ms=seq) for seq in range(len(drawn))]

    def told(place: int, gone: set[str]) -> dict[str, Any]:
        values = {"text": "t", "polarity": "p"} | dict.fromkeys(gone, "[redacted]")
        at = OpId("bbbb000000000000", 1, MAIN, place)
        return {
            **{"id": str(at), "hlc": "019f36c359c0-0001", "wall": "", "who": "b", "op": "create"},
            **{"fields": values, "base": [], "gone": sorted(gone)},
        }

    def named(one: Op) -> dict[str, Any]:
        return {"id": str(one.id), "hlc": one.hlc, "wall": "", "who": "", "field": "", "reason": ""}

    tells = [
        replace(
            one,
            fields={
                "field": "text",
                "entries": [told(*each) for each in several],
                "also": [named(made[each]) for each in sorted(earlier) if each < len(made)],
            },
        )
        for one, (several, earlier) in zip(made, drawn, strict=True)
    ]
    going = superseded_redactions(tells)
    staying = [one for one in tells if one.id not in going]
    entries_left = [one for each in staying for one in each.fields["entries"]]
    for one in tells:
        for each in one.fields["entries"]:
            assert any(
                left["id"] == each["id"] and set(each["gone"]) <= set(left["gone"])
                for left in entries_left
            )
    assert going <= {op_id(one["id"]) for each in staying for one in each.fields["also"]}
    shuffled = list(tells)
    chance.shuffle(shuffled)
    assert superseded_redactions(shuffled) == going
    # Those that went are stubs from then on; nothing else goes for that.
    assert superseded_redactions(staying) == set()


def retold(size: int, number: int = 6) -> list[Op]:
    """Redactions of so many entries each, the second half of them telling anew the first."""
    colleague = Colleague("aaaa000000000000")
    first: list[Op] = []
    for one in range(2 * number):
        part = range(one * size, (one + 1) * size) if one < number else range(0)
        back = range((2 * number - one) * size - 1, (2 * number - one - 1) * size - 1, -1)
        entries = [
            {
                **{"id": f"bbbb000000000000/1/main/{place + 1}", "hlc": "", "wall": "", "who": ""},
                **{"op": "set", "fields": {"text": "t"}, "base": [], "gone": [".reason"]},
            }
            for place in (part or back)
        ]
        also = [{"id": str(each.id)} for each in first[:number]] if one >= number else []
        fields = {"field": "text", "entries": entries, "also": also}
        first.append(colleague.write(SUPPOSED, fields, verb="redact", ms=one))
    return first


def test_entries_are_looked_for_by_their_op() -> None:
    """Four times the entries are four times the work; each among all, sixteen times."""
    many, few = retold(100), retold(25)
    assert superseded_redactions(many) == {one.id for one in many[:6]}
    assert effort(lambda: superseded_redactions(many)) < 5 * effort(
        lambda: superseded_redactions(few)
    )
