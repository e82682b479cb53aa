"""Redactions and erasures on their way: wherever they arrive, and whichever comes first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from storage.bundle.errors import ForgedError, MalformedBundleError
from storage.bundle.verify import verify
from storage.central import Root
from storage.exchange.enrol import take_roster
from storage.exchange.erase import NotErasableError, erase
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.exchange.receipts import take_receipt
from storage.feed.chain import check_chains
from storage.feed.replay import differences
from storage.history.delivery import erased_inspections, states
from storage.history.history import history
from storage.ops import canonical_json
from storage.ops.op import digest, first_head, next_head
from storage.records import Inspection, Judgment, Note
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.log import Erasure
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.storage.conftest import Desk
from tests.storage.forging import craft
from tests.storage.travelling import CANARY, INSPECTION, PASSPHRASE, feed, work, written

CASE = case_id(INSPECTION, "WST-001")
OVERALL = judgment_id(CASE, "overall")
WORD = CANARY.split()[0].encode()
"""A word that stands in a rationale and a note, and in no name, id or figure."""
LATER = "2036-07-06T09:30:00.000Z"


def bytes_of(store: Any) -> bytes:
    """Every value of every table of a store, one after the other."""

    def read(s: Session) -> bytes:
        connection = s.connection()
        found = []
        for name in (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            .scalars()
            .all()
        ):
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                found += [one if isinstance(one, bytes) else str(one).encode() for one in row]
        return b"\n".join(found)

    made: bytes = store.read_now(read)
    return made


def clean(vault: Vault) -> None:
    """Redact the rationale and the note that hold the word."""
    vault.write_now(redact, "judgment", OVERALL, "rationale", "a child was named")
    note = vault.read_now(lambda s: s.exec(Note.__table__.select()).one().id)  # type: ignore[attr-defined]
    vault.write_now(redact, "note", note, "text", "a child was named")


def sound(store: Any) -> None:
    assert store.read_now(lambda s: differences(s.connection())) == []
    assert store.read_now(lambda s: check_chains(s.connection()))[1] == []


def test_it_reaches_central_and_nothing_brings_the_words_back(desk: Desk) -> None:
    desk.ada.write_now(work)
    before = export(desk.ada, desk.stick).path
    desk.central.ingest([before])
    assert WORD in bytes_of(desk.central.store)
    clean(desk.ada)
    assert WORD not in bytes_of(desk.ada)
    desk.central.ingest([export(desk.ada, desk.stick).path])
    assert WORD not in bytes_of(desk.central.store)
    (one,) = desk.central.ingest([before]).files
    assert one.outcome == "known"
    desk.central.ingest([export(desk.ada, desk.stick, full=True).path])
    assert WORD not in bytes_of(desk.central.store)
    found = desk.central.store.read_now(lambda s: s.get(Judgment, OVERALL))
    assert found is not None and (found.rationale, found.grade) == ("[redacted]", "good")
    for store in (desk.ada, desk.central.store):
        sound(store)
    told = desk.central.store.read_now(history, "judgment", OVERALL)
    assert [one.verb for one in told] == ["create", "redact"]


def test_the_redaction_comes_before_the_words(desk: Desk) -> None:
    """Ben redacts what Ada wrote; central hears of it before it has Ada's own bundle."""
    desk.ada.write_now(work)
    hers = export(desk.ada, desk.stick).path
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, written(desk.ada), to=ben))
        clean(ben)
        assert WORD not in bytes_of(ben)
        sound(ben)
        his = craft(ben, desk.roster, desk.stick, written(ben))
        to_ada = craft(ben, desk.roster, desk.stick, written(ben), to=desk.ada)
        again = craft(desk.ada, desk.roster, desk.stick, written(desk.ada), to=ben)
        assert not merge(ben, again).changed
        assert WORD not in bytes_of(ben)
    assert desk.central.ingest([his]).files[0].outcome == "taken"
    sound(desk.central.store)
    assert desk.central.ingest([hers]).files[0].outcome == "taken"
    assert WORD not in bytes_of(desk.central.store)
    sound(desk.central.store)
    merge(desk.ada, to_ada)
    assert WORD not in bytes_of(desk.ada)
    sound(desk.ada)
    seen = [
        one.read_now(lambda s: s.get(Judgment, OVERALL))  # both as the ops leave them
        for one in (desk.ada, desk.central.store)
    ]
    assert [(one.rationale, one.grade) for one in seen if one] == [("[redacted]", "good")] * 2


def test_what_waits_behind_a_gap_is_redacted_too(desk: Desk) -> None:
    desk.ada.write_now(work)
    ops = written(desk.ada)
    heads = [first_head(feed(desk.ada))]
    for one in ops:
        heads.append(next_head(heads[-1], digest(one)))
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, ops, to=ben))
        clean(ben)
        his = craft(ben, desk.roster, desk.stick, written(ben))
    parts = [
        craft(desk.ada, desk.roster, desk.stick, ops[a:b], first=a + 1, prev=heads[a])
        for a, b in ((1, len(ops)), (0, 1))
    ]
    assert desk.central.ingest([parts[0]]).files[0].outcome == "held"
    assert WORD in bytes_of(desk.central.store)
    desk.central.ingest([his])
    assert WORD not in bytes_of(desk.central.store)
    desk.central.ingest([parts[1]])
    assert WORD not in bytes_of(desk.central.store)
    sound(desk.central.store)


def _changed(data: bytes, **over: object) -> bytes:
    value = canonical_json.loads(data)
    entry = value["fields"]["entries"][0]
    for name, one in over.items():
        if name in entry["fields"]:
            entry["fields"][name] = one
        else:
            entry[name] = one
    return canonical_json.dumps(value)


@pytest.mark.parametrize("first", ["the words", "the lie"])
@pytest.mark.parametrize("lie", [{"grade": "outstanding"}, {"wall": "2020-01-01T00:00:00.000Z"}])
def test_a_redaction_that_tells_untruths_counts_for_nothing(
    desk: Desk, lie: dict[str, str], first: str
) -> None:
    """Whichever of the two came first: nobody's honest bundle is kept out by it."""
    desk.ada.write_now(work)
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, written(desk.ada), to=ben))
        ben.write_now(redact, "judgment", OVERALL, "rationale", "a child was named")
        (op,) = written(ben)
        bad = craft(ben, desk.roster, desk.stick, [_changed(op, **lie)])
    good = export(desk.ada, desk.stick).path
    for path in (good, bad) if first == "the words" else (bad, good):
        (one,) = desk.central.ingest([path]).files
        assert one.outcome == "taken"
    assert WORD in bytes_of(desk.central.store)
    shown = desk.central.store.read_now(lambda s: s.get(Judgment, OVERALL))
    assert shown is not None
    assert (shown.grade, CANARY in shown.rationale) == ("good", True)
    sound(desk.central.store)


def _twice(data: bytes) -> bytes:
    value = canonical_json.loads(data)
    (entry,) = value["fields"]["entries"]
    lie = entry | {"fields": entry["fields"] | {"grade": "inadequate"}}
    value["fields"]["entries"] = [entry, lie]
    return canonical_json.dumps(value)


def test_a_lie_takes_nothing_of_what_waits(desk: Desk) -> None:
    desk.ada.write_now(work)
    data = written(desk.ada)
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, data, to=ben))
        ben.write_now(redact, "judgment", OVERALL, "rationale", "a child was named")
        (op,) = written(ben)
        bad = craft(ben, desk.roster, desk.stick, [_changed(op, grade="outstanding")])
    start = first_head(feed(desk.ada))
    for one in data[:2]:
        start = next_head(start, digest(one))
    late = craft(desk.ada, desk.roster, desk.stick, data[2:], first=3, prev=start)
    assert [desk.central.ingest([one]).files[0].outcome for one in (late, bad)] == ["held", "taken"]
    assert WORD in bytes_of(desk.central.store)
    desk.central.ingest([craft(desk.ada, desk.roster, desk.stick, data[:2])])
    shown = desk.central.store.read_now(lambda s: s.get(Judgment, OVERALL))
    assert shown is not None
    assert (shown.grade, CANARY in shown.rationale) == ("good", True)
    sound(desk.central.store)


def test_what_a_redaction_may_not_say(desk: Desk) -> None:
    desk.ada.write_now(work)
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, written(desk.ada), to=ben))
        ben.write_now(redact, "judgment", OVERALL, "rationale", "a child was named")
        (op,) = written(ben)
        malformed = [
            _changed(op, base=["nowhere"]),
            _changed(op, hlc="soon"),
            _changed(op, op="redact"),
            _changed(op, gone=["another"]),
            _changed(op, extra="x"),
            _changed(op, grade=7),
            # Other words than «[redacted]» would stand there under a colleague's name.
            _changed(op, rationale="what Ada never wrote"),
            _changed(op, grade="inadequate", gone=["grade", "rationale"]),
            _changed(op, gone=[]),
            _twice(op),
        ]
        for one in malformed:
            with pytest.raises(MalformedBundleError):
                verify(craft(ben, desk.roster, desk.stick, [one]), desk.central.trust())
        for one in (
            _changed(op, who=ben.person.id),
            _changed(op, id=f"{ben.author.device}/1/main/900"),
        ):
            with pytest.raises(ForgedError, match="in the name of"):
                verify(craft(ben, desk.roster, desk.stick, [one]), desk.central.trust())


def received(desk: Desk, *, with_key: bool = True) -> None:
    desk.central.ingest([export(desk.ada, desk.stick, with_key=with_key).path])
    (desk.stick / "receipt").write_bytes(desk.central.receipt(desk.ada.author.device).encode())
    take_receipt(desk.ada, desk.stick / "receipt")


def test_erased_only_with_a_receipt_and_after_its_time(desk: Desk) -> None:
    with pytest.raises(NotErasableError, match="no inspection"):
        desk.ada.write_now(erase, INSPECTION)
    desk.ada.write_now(work)
    for now in (None, LATER):
        with pytest.raises(NotErasableError, match=r"4 records .* never left"):
            desk.ada.write_now(erase, INSPECTION, now=now)
    path = export(desk.ada, desk.stick).path
    with pytest.raises(NotErasableError, match=r"1 record .* never left.* 3 records left but"):
        desk.ada.write_now(erase, INSPECTION, now=LATER)
    desk.central.ingest([path])
    received(desk)
    with pytest.raises(NotErasableError, match="the roster keeps it here until"):
        desk.ada.write_now(erase, INSPECTION)
    assert WORD in bytes_of(desk.ada)
    whole = export(desk.ada, desk.stick, full=True, with_key=True).path
    desk.ada.write_now(erase, INSPECTION, now=LATER)
    kept = bytes_of(desk.ada)
    assert WORD not in kept
    assert b"magpie" not in kept
    assert desk.ada.read_now(lambda s: s.get(Inspection, INSPECTION)) is not None
    assert desk.ada.read_now(lambda s: s.get(Judgment, OVERALL)) is None
    told = desk.ada.read_now(lambda s: s.get_one(Erasure, _only(s)))
    assert told.counts == {"case": 1, "case_key": 1, "judgment": 1, "note": 1}
    assert told.receipt
    assert erased_inspections_of(desk.ada) == [INSPECTION]
    how_far = desk.ada.read_now(lambda s: states(s.connection(), device=desk.ada.author.device))
    assert how_far[CASE] == how_far[OVERALL] == "erased"
    assert how_far[INSPECTION] == "received"
    sound(desk.ada)
    with pytest.raises(NotErasableError, match="nothing of the inspection"):
        desk.ada.write_now(erase, INSPECTION, now=LATER)
    # Central keeps all of it, whatever this laptop sends from now on.
    later = export(desk.ada, desk.stick, full=True, with_key=True).path
    for path in (later, whole):
        desk.central.ingest([path])
    assert WORD in bytes_of(desk.central.store)
    sound(desk.central.store)


def _only(s: Session) -> str:
    return str(s.exec(Erasure.__table__.select()).one().id)  # type: ignore[attr-defined]


def erased_inspections_of(vault: Vault) -> list[str]:
    return list(vault.read_now(lambda s: erased_inspections(s.connection())))


def test_keys_that_never_left_go_only_when_asked_for(desk: Desk) -> None:
    desk.ada.write_now(work)
    received(desk, with_key=False)
    with pytest.raises(NotErasableError, match="1 record of them are force references"):
        desk.ada.write_now(erase, INSPECTION, now=LATER)
    assert desk.ada.write_now(erase, INSPECTION, with_keys=True, now=LATER).keys == 1
    assert b"magpie" not in bytes_of(desk.ada)
    sound(desk.ada)


def test_a_colleagues_bundle_does_not_bring_it_back(desk: Desk) -> None:
    desk.ada.write_now(work)
    with desk.team.laptop("ben") as ben:
        merge(ben, craft(desk.ada, desk.roster, desk.stick, written(desk.ada), to=ben))
        ben.write_now(lambda s: s.get(Judgment, OVERALL).change(concern="late"))  # type: ignore[union-attr]
        bundle = craft(ben, desk.roster, desk.stick, written(ben), to=desk.ada)
        his = craft(ben, desk.roster, desk.stick, written(ben))
    merge(desk.ada, bundle)
    desk.central.ingest([his])
    received(desk)
    desk.ada.write_now(erase, INSPECTION, now=LATER)
    assert not merge(desk.ada, bundle).changed
    assert WORD not in bytes_of(desk.ada)
    assert desk.ada.read_now(lambda s: s.get(Judgment, OVERALL)) is None
    sound(desk.ada)


def test_the_rosters_time_is_what_counts(desk: Desk) -> None:
    desk.ada.write_now(work)
    received(desk)
    proposal = desk.central._next()
    desk.central._propose(replace(proposal, grace_days=0))
    assert desk.central.proposal is not None
    with Root.open(desk.team.folder / "root", PASSPHRASE) as key:
        signed = key.sign(desk.central.proposal)
    desk.central.take_roster(signed)
    (desk.stick / "roster").write_bytes(signed.encode())
    take_roster(desk.ada, desk.stick / "roster", fingerprint_confirmed=True)
    desk.ada.write_now(erase, INSPECTION)
    assert WORD not in bytes_of(desk.ada)
