"""Erasing takes the records of one inspection and nothing of another, whoever mentions which."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from storage.exchange.erase import erasable, erase
from storage.exchange.export import export
from storage.exchange.receipts import take_receipt
from storage.feed.replay import differences
from storage.feed.writer import UnfitError
from storage.records import (
    Inspection,
    KnownName,
    LetPass,
    Note,
    Point,
    Pulse,
    Recommendation,
    RecommendationLink,
)
from storage.records.lookup import records_in
from storage.vault.attachments import add_part, attachments, begin, finish, read_part
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague
from tests.storage.travelling import INSPECTION, make_received

OTHER = "22222222-2222-4333-8444-555555555555"
LATER = "2027-06-01T00:00:00.000Z"


@pytest.fixture
def received(tmp_path: Path) -> Iterator[Vault]:
    """A laptop with one inspection that central has whole, and one that runs."""
    team = make_received(tmp_path / "team")
    with team.central() as central, team.laptop("ada") as ada:
        ada.write_now(running)
        central.ingest([export(ada, team.folder, with_key=True).path])
        (team.folder / "receipt").write_bytes(central.receipt(ada.author.device).encode())
        take_receipt(ada, team.folder / "receipt")
        yield ada


def running(session: Session) -> None:
    session.add(Inspection.make(id=OTHER, force="Eastshire", methodology="2018"))
    for inspection in (INSPECTION, OTHER):
        name = KnownName.make(inspection_id=inspection, name="Dafydd Canary", label="child 2")
        passed = LetPass.make(
            inspection_id=inspection, of_kind="note", of_id="one", field="text",
            text_op=f"{'a' * 16}/1/main/1", reason="A canary of the desk.",
        )  # fmt: skip
        session.add_all([name, passed])
    session.add(Point.make(id="three", inspection_id=INSPECTION, wording="w"))
    followed(session)
    for text in ("one", "two", "three"):
        session.add(
            Note.make(id=text, inspection_id=OTHER, parent_kind="case", parent_id="c", text=text)
        )


def followed(session: Session) -> None:
    """In both inspections what followed; evidence of progress of the one is of the other."""
    for inspection in (INSPECTION, OTHER):
        known = {"inspection_id": inspection, "outcomes": ["training"]}
        session.add(Recommendation.make(id=f"r {inspection}", number=1, wording="Train.", **known))
        sort = "notable practice"
        session.add(Point.make(id=f"p {inspection}", sort=sort, wording="A mentor.", **known))
        session.add(
            Pulse.make(
                inspection_id=inspection,
                interview_id=f"group of {inspection}",
                unit="custody",
                question="confident",
                agree=3,
            )
        )
    session.add(
        RecommendationLink.make(
            inspection_id=INSPECTION,
            recommendation_id=f"r {INSPECTION}",
            role="progress",
            evidence_kind="note",
            evidence_id="one",
        )
    )


def test_what_followed_goes_with_its_inspection_and_no_other(received: Vault) -> None:
    kinds = (Recommendation, Point, Pulse, RecommendationLink)

    def kept(inspection: str) -> list[int]:
        return [len(received.read_now(records_in, kind, inspection)) for kind in kinds]

    assert (kept(INSPECTION), kept(OTHER)) == ([1, 2, 1, 1], [1, 1, 1, 0])
    received.write_now(lambda s: erase(s, INSPECTION, with_keys=True, now=LATER))
    assert (kept(INSPECTION), kept(OTHER)) == ([0, 0, 0, 0], [1, 1, 1, 0])
    (practice,) = received.read_now(records_in, Point, OTHER)
    assert practice.outcomes == ["training"]
    assert received.read_now(notes) == {"one", "two", "three"}
    assert received.read_now(lambda s: differences(s.connection())) == []


def notes(session: Session) -> set[str]:
    query = "SELECT id FROM note WHERE inspection_id = ?"
    return set(session.connection().exec_driver_sql(query, (OTHER,)).scalars())


def test_what_a_colleague_mentions_of_a_running_inspection_stays(received: Vault) -> None:
    """An unknown verb, a write that lost, and another kind of record under the same id."""
    colleague = Colleague("aaaa000000000000")
    said = {"inspection_id": INSPECTION}
    made = [
        colleague.write(("note", "one"), dict(said), verb="annotate", ms=2**42),
        colleague.write(("note", "two"), dict(said), ms=1),
    ]
    received.write_now(colleague.hand_over, made)
    assert received.read_now(notes) == {"one", "two", "three"}
    plan = received.write_now(lambda s: erase(s, INSPECTION, with_keys=True, now=LATER))
    assert not plan.records & {("note", one) for one in ("one", "two", "three")}
    assert received.read_now(notes) == {"one", "two", "three"}
    assert received.read_now(lambda s: differences(s.connection())) == []
    left = "SELECT COUNT(*) FROM op WHERE record IN ('one', 'two') AND bytes IS NULL"
    assert received.read_now(lambda s: s.connection().exec_driver_sql(left).scalar()) == 0


def test_another_kind_of_record_of_the_same_id_stays(received: Vault) -> None:
    """The note ``three`` is of the running inspection; the point of that id goes."""
    plan = received.write_now(lambda s: erase(s, INSPECTION, with_keys=True, now=LATER))
    assert ("point", "three") in plan.records
    assert received.read_now(lambda s: s.get(Point, "three")) is None
    assert "three" in received.read_now(notes)
    assert received.read_now(lambda s: differences(s.connection())) == []


def test_nothing_is_moved_to_another_inspection_so_it_goes_with_its_own(received: Vault) -> None:
    def move(session: Session) -> None:
        found = session.get(Note, "one")
        assert found is not None
        found.change(inspection_id=INSPECTION)

    with pytest.raises(UnfitError):
        received.write_now(move)
    plan = received.read_now(lambda s: erasable(s, OTHER, with_keys=True))
    assert {("note", "one"), ("note", "two")} <= plan.records


def test_files_kept_of_imports_go_with_their_inspection(received: Vault) -> None:
    for inspection in (INSPECTION, OTHER):
        received.write_now(begin, f"of {inspection}", inspection, "cases", "list.csv", b"canary")
        received.write_now(add_part, f"of {inspection}", 0, b"canary")
        received.write_now(finish, f"of {inspection}")
    received.write_now(lambda s: erase(s, INSPECTION, with_keys=True, now=LATER))
    assert received.read_now(attachments, INSPECTION) == []
    assert received.read_now(read_part, f"of {INSPECTION}", 0) == b""
    assert len(received.read_now(attachments, OTHER)) == 1


def test_the_list_of_names_and_what_was_let_pass_go_with_their_inspection(received: Vault) -> None:
    received.write_now(lambda s: erase(s, INSPECTION, with_keys=True, now=LATER))
    for kind in (KnownName, LetPass):
        assert received.read_now(records_in, kind, INSPECTION) == []
        assert len(received.read_now(records_in, kind, OTHER)) == 1

    def left(session: Session) -> list[object]:
        query = (
            "SELECT record_kind FROM op WHERE record_kind IN ('known_name', 'let_pass') "
            "AND bytes IS NOT NULL ORDER BY record_kind"
        )
        return list(session.connection().exec_driver_sql(query).scalars())

    assert received.read_now(left) == ["known_name", "let_pass"]
