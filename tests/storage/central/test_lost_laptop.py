"""A laptop is lost, or a year has gone by: central gives a new one all that it received."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select as rows_of
from sqlmodel import Session, SQLModel

from storage.central import Central
from storage.central.hand_out import NothingHeldError
from storage.exchange.enrol import enrol_request, take_roster
from storage.exchange.erase import erase
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.exchange.receipts import take_signed_receipt
from storage.feed.replay import differences
from storage.ops.clock import stamp
from storage.ops.op import FeedId
from storage.records import Inspection, Judgment, Note
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.registry import KINDS
from storage.trust.receipt import read_receipt
from storage.trust.roster import RosterError
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault
from tests.storage.central.offices import sign
from tests.storage.forging import an_op, craft
from tests.storage.travelling import CHEAP, INSPECTION, PASSPHRASE, Team, feed, work

OTHER = "99999999-2222-4333-8444-555555555555"
ELSEWHERE = "said of another force altogether"
NAMED = {"inspection_id": INSPECTION}


@contextmanager
def newcomer(central: Central, team: Team, name: str) -> Iterator[Vault]:
    """A new vault, enrolled."""
    vault, _ = create_vault(team.folder / name, PASSPHRASE, name.title(), params=CHEAP)
    with vault:
        enrol_request(vault, team.folder / f"{name}.request")
        central.enrol(team.folder / f"{name}.request")
        take_roster(vault, sign(central, team), fingerprint_confirmed=True)
        yield vault


def tables(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Every row of every record of the inspection."""
    found = {}
    for kind in KINDS.values():
        table = SQLModel.metadata.tables[str(kind.__tablename__)]
        if kind is Inspection:
            query = rows_of(table).where(table.c.id == INSPECTION)
        elif "inspection_id" in table.c:
            query = rows_of(table).where(table.c.inspection_id == INSPECTION)
        else:
            continue
        rows = session.connection().execute(query.order_by(table.c.id)).mappings()
        found[kind.KIND] = [dict(row) for row in rows]
    return found


def elsewhere(session: Session) -> None:
    session.add(Inspection.make(id=OTHER, force="Eastshire", methodology="2018"))
    session.add(Note.make(inspection_id=OTHER, parent_kind="case", parent_id="c", text=ELSEWHERE))


def test_the_replacement_shows_all_that_was_received(
    central: Central, team: Team, tmp_path: Path
) -> None:
    with team.laptop("ada") as ada, team.laptop("ben") as ben:
        ada.write_now(work)
        ada.write_now(elsewhere)
        ben.write_now(work, words="Ben saw it otherwise.")
        export(ada, tmp_path, with_key=True)
        export(ben, tmp_path)
        assert central.ingest([tmp_path]).count("taken") == 2
        received = feed(ada)
        ada.write_now(lambda s: s.add(note("never exported, and so lost")))
        lost = ada.author.device
    central.revoke(lost)
    sign(central, team)
    groups = [ids for ids in central.inspections() if INSPECTION in ids]
    with central.reading(groups[0]) as reading:
        expected = reading.read_now(tables)
    assert len(expected["note"]) == 2
    assert len(expected["case_key"]) == 1
    with newcomer(central, team, "cy") as cy:
        with pytest.raises(RosterError, match="was revoked"):
            central.hand_out(INSPECTION, lost, tmp_path)
        with pytest.raises(NothingHeldError):
            central.hand_out("no such inspection", cy.author.device, tmp_path)
        made = central.hand_out(INSPECTION, cy.author.device, tmp_path)
        (path,) = made.paths
        assert made.with_key
        applied = merge(cy, path)
        assert not applied.notes
        assert cy.read_now(tables) == expected
        assert cy.read_now(lambda s: differences(s.connection())) == []
        assert cy.read_now(bytes_of).count(ELSEWHERE.encode()) == 0
        assert merge(cy, path).new == {}
        conflicts = {(one.kind, one.fields) for one in central.report().inspections[-1].conflicts}
        assert ("judgment", ("rationale",)) in conflicts
        # It goes on in a feed of its own, about what others wrote.
        cy.write_now(judge_again)
        again = export(cy, tmp_path)
        (taken,) = central.ingest([again.path]).files
        assert taken.outcome == "taken"
        assert set(taken_feeds(central)) >= {feed(cy), received}
        said = take_signed_receipt(cy, central.receipt(cy.author.device))
        assert said.covers[received] and said.covers[feed(cy)]
    assert [one["device"] for one in central.report().holdings.handed_out] == [cy.identity.device]


def note(text: str) -> Note:
    return Note.make(inspection_id=INSPECTION, parent_kind="case", parent_id="c", text=text)


def judge_again(session: Session) -> None:
    found = session.get(Judgment, judgment_id(case_id(INSPECTION, "WST-001"), "overall"))
    assert found is not None
    found.grade = "inadequate"


def bytes_of(session: Session) -> bytes:
    query = "SELECT bytes FROM op WHERE bytes IS NOT NULL"
    return b"\n".join(row[0] for row in session.connection().exec_driver_sql(query))


def taken_feeds(central: Central) -> dict[FeedId, int]:
    return central.report().feeds


def test_a_review_a_year_later_when_the_first_laptops_are_erased(
    central: Central, team: Team, tmp_path: Path
) -> None:
    central._propose(replace(central._next(), grace_days=0))
    take = sign(central, team)
    with team.laptop("ada") as ada:
        take_roster(ada, take, fingerprint_confirmed=True)
        ada.write_now(work)
        central.ingest([export(ada, tmp_path, with_key=True).path])
        take_signed_receipt(ada, central.receipt(ada.author.device))
        expected = ada.read_now(tables)
        ada.write_now(erase, INSPECTION)
        assert ada.read_now(tables)["case"] == []
        later = export(ada, tmp_path, full=True)
        assert central.ingest([later.path]).count("refused") == 0
    with newcomer(central, team, "dee") as dee:
        (path,) = central.hand_out(INSPECTION, dee.author.device, tmp_path).paths
        merge(dee, path)
        found = dee.read_now(tables)
    for kind in ("inspection", "case", "case_key", "judgment", "note"):
        assert found[kind] == expected[kind]
        assert len(found[kind]) == 1


def test_what_somebody_mentions_hands_nothing_of_another_inspection_out(
    central: Central, team: Team, tmp_path: Path
) -> None:
    """An unknown verb, a write that lost and a record of the same id name the one handed out."""
    _, roster = central.roster()
    said = {"parent_kind": "case", "parent_id": "c", "text": ELSEWHERE}
    note = said | {"inspection_id": OTHER}
    with team.laptop("ada") as ada, team.laptop("ben") as mal:
        ours = [("note", "one"), ("note", "two"), ("note", "three")]
        made = [an_op(ada, seq, record=one, fields=note) for seq, one in enumerate(ours, 1)]
        # What nobody but a later fieldkit writes belongs to what all of it names.
        made.append(an_op(ada, 4, op="later", record=("note", "four"), fields=note))
        made.append(an_op(ada, 5, record=("note", "here"), fields=said | NAMED))
        central.ingest([craft(ada, roster, tmp_path, made)])
        theirs = [
            an_op(mal, 1, op="annotate", record=ours[0], fields=NAMED),
            an_op(mal, 2, op="set", record=ours[1], fields=NAMED, hlc=stamp(1, 0)),
            an_op(mal, 3, record=("point", "three"), fields=NAMED | {"wording": "w"}),
            an_op(mal, 4, op="later", record=("note", "four"), fields=NAMED),
            # Nor is a record withheld because somebody mentions another inspection.
            an_op(mal, 5, op="annotate", record=("note", "here"), fields=note),
        ]
        central.ingest([craft(mal, roster, tmp_path, theirs)])
    with newcomer(central, team, "cy") as cy:
        for path in central.hand_out(INSPECTION, cy.author.device, tmp_path).paths:
            merge(cy, path)
        query = "SELECT record_kind, record FROM op WHERE bytes IS NOT NULL AND verb <> 'receipt'"
        found = cy.read_now(lambda s: set(s.connection().exec_driver_sql(query).all()))
        assert found & {("note", one) for one in ("one", "two", "three", "four")} == set()
        assert found >= {("note", "here"), ("point", "three")}


def test_a_receipt_travels_as_a_bundle(central: Central, team: Team, tmp_path: Path) -> None:
    with team.laptop("ada") as ada:
        ada.write_now(work)
        central.ingest([export(ada, tmp_path).path])
        path = central.send_receipt(ada.author.device, tmp_path)
        assert merge(ada, path).notes == []
        said = read_receipt(central.receipt(ada.author.device), central.roster()[1].central.sign_pk)
        assert ada.read_now(confirmed) == {str(one): seq for one, (seq, _) in said.covers.items()}


def confirmed(session: Session) -> dict[str, int]:
    from storage.records import Receipt

    (found,) = session.execute(rows_of(Receipt)).scalars()
    return dict(found.covers)


def test_nobody_else_is_given_a_laptops_own_feed(
    central: Central, team: Team, tmp_path: Path
) -> None:
    with team.laptop("ada") as ada:
        ada.write_now(work)
        central.ingest([export(ada, tmp_path).path])
        with pytest.raises(NothingHeldError):
            central.hand_out(INSPECTION, ada.author.device, tmp_path)


def test_a_rotated_key_opens_what_both_rosters_make(
    central: Central, team: Team, tmp_path: Path
) -> None:
    with team.laptop("ada") as ada:
        ada.write_now(work)
        by_old = export(ada, tmp_path).path
        before = central.identity.recipient().encode()
        central.rotate(signing=True)
        assert central.identity.recipient().encode() != before
        # Until the root has signed, laptops hold central to the keys they know.
        take_signed_receipt(ada, central.receipt(ada.author.device))
        take_roster(ada, sign(central, team), fingerprint_confirmed=True)
        ada.write_now(lambda s: s.add(note("after the rotation")))
        by_new = export(ada, tmp_path).path
        assert central.ingest([by_old]).count("taken") == 1
        assert central.ingest([by_new]).count("taken") == 1
        said = take_signed_receipt(ada, central.receipt(ada.author.device))
        assert said.covers
        assert central.forget(days=1) == 0
        assert central.forget(days=0) == 1
        (one,) = central.ingest([copied(by_old)]).files
        assert (one.outcome, one.word) == ("other", "not addressed here")
        last = export(ada, tmp_path, full=True).path
        assert central.ingest([last]).count("refused") == 0
    folder, database = central.folder, central._database
    url = database.url.render_as_string(hide_password=False) if database is not None else ""
    central.lock()
    with Central.open(folder, PASSPHRASE, url=url) as again:
        assert len(again.keys.opening()) == 1
        assert again.keys._vault.identity.age_pq.recipient().encode() != before


def copied(path: Path) -> Path:
    """The same bundle as another file, so that it is not known by its digest."""
    whole = bytearray(path.read_bytes())
    whole[-1] ^= 1
    other = path.with_name("other.fkb.age")
    other.write_bytes(whole)
    return other
