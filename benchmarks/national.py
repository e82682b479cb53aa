"""Central of the whole country: ten years of inspections of 43 forces, made in bulk.

Ops and rows are written as they would lie there, past the write path, which would take hours; their
chains and signatures are not those of a feed. Only what reads them is measured.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.invented import Inventor
from storage.central.postgres.database import Database
from storage.database.connection import driver
from storage.feed.projection import table_of
from storage.ops.clock import stamp
from storage.ops.op import Op, OpId
from storage.records import (
    Basis,
    Inspection,
    Note,
    Point,
    Recommendation,
    RecommendationComment,
    RecommendationLink,
    Record,
)
from storage.records.recommendation import basis_id, link_id
from storage.vault.store import Store
from storage.vault.vault import Vault

DEVICE, PERSON = "00000000000000aa", "0123456789ab"
AT = "2026-07-06T09:30:00.000Z"
BATCH = 5_000
"""Rows written in one statement."""
DIGEST = bytes(32)


@dataclass(frozen=True)
class National:
    """Says how much central holds: forces, years, what each inspection ends in, and ops in all."""

    forces: int = 43
    years: int = 10
    recommendations: int = 12
    practices: int = 20
    ops: int = 1_000_000


def records(size: National) -> Iterator[tuple[Record, list[dict[str, Any]]]]:
    """Return every record that the register shows, each with what its later ops wrote."""
    invent = Inventor(20261130)
    for force, year in itertools.product(range(size.forces), range(size.years)):
        first = 2017 + year
        of = Inspection.make(
            force=f"Force {force + 1:02}",
            methodology="2018",
            starts=f"{first}-03-01",
            ends=f"{first}-03-12",
            published=f"{first}-06-30",
        )
        yield of, [{"state": "left site"}, {"state": "published"}]
        known = {"inspection_id": of.id}
        points = [
            Point.make(
                sort="notable practice",
                wording=invent.sentence(),
                criterion="investigation",
                outcomes=["training"],
                by=PERSON,
                **known,
            )
            for _ in range(size.practices)
        ]
        yield from ((one, []) for one in points)
        for number in range(1, size.recommendations + 1):
            one = Recommendation.make(
                number=year * size.recommendations + number,
                numbered_on=f"{first}-06-30",
                wording=invent.sentence(),
                finding=invent.sentence(),
                criterion="leadership",
                outcomes=["listening"],
                status="being progressed",
                status_on=f"{first}-09-01",
                by=PERSON,
                **known,
            )
            yield one, [{"status": "being progressed", "status_on": f"{first}-09-01"}]
            mine = known | {"recommendation_id": one.id}
            point = points[number % len(points)].id
            yield Basis.make(id=basis_id(one.id, point), point_id=point, **mine), []
            yield RecommendationComment.make(text=invent.sentence(), said_on=AT[:10], **mine), []
            link = link_id(one.id, "progress", point)
            evidence = {"evidence_kind": "document", "evidence_id": point}
            yield RecommendationLink.make(id=link, role="progress", **evidence, **mine), []


OpRow = tuple[str, int, str, int, str, str, str, str, str, str, str, bytes, bytes, bytes]
_COLUMNS = (
    "device, epoch, kind, seq, record_kind, record, verb, hlc, wall, who, inspection, bytes, "
    "digest, head"
)


def written(size: National) -> Iterator[tuple[Record, list[OpRow]]]:
    """Return every record that the register shows with the rows of its ops."""
    seqs = itertools.count(1)
    for record, later in records(size):
        yield record, _ops(record, later, seqs)


NoteRow = tuple[str, str, str, str]
"""The id of a note, its inspection, the case it is in and its text."""


def notes(size: National, inspections: list[str], known: int) -> Iterator[tuple[NoteRow, OpRow]]:
    """Return as many notes, which the register does not show, as there are ops to be filled up.

    Their ops are made of one that is written out: a million records of a class take too long.
    """
    like = Note.make(inspection_id="@of", parent_kind="case", parent_id="@in", text="@text")
    ((*_, data, _, _),) = _ops(like, [], iter((1,)))
    marked = data.decode().replace(like.id, "@id").replace(stamp(1_000_001, 0), "@hlc")
    head, tail = marked.split('"main",1]')
    invent = Inventor(7)
    texts = [invent.sentence() for _ in range(500)]
    for number in range(known + 1, size.ops + 1):
        id, of = f"{number:08x}-0000-4000-8000-000000000000", inspections[number % len(inspections)]
        case, words, hlc = f"case {number % 97}", texts[number % len(texts)], stamp(number, 0)
        put = (("@id", id), ("@of", of), ("@in", case), ("@text", words), ("@hlc", hlc))
        whole = f'{head}"main",{number}]{tail}'
        for mark, value in put:
            whole = whole.replace(mark, value)
        about = (Note.KIND, id, "create", hlc, AT, PERSON, of)
        yield (
            (id, of, case, words),
            (
                *(DEVICE, 1, "main", number),
                *about,
                whole.encode(),
                DIGEST,
                DIGEST,
            ),
        )


def _ops(record: Record, later: list[dict[str, Any]], seqs: Iterator[int]) -> list[OpRow]:
    made = {
        name: value
        for name in record.field_names()
        if (value := getattr(record, name)) != record.default(name) or name in record.required()
    }
    of = (record.KIND, record.id)
    inspection = getattr(record, "inspection_id", record.id)
    rows: list[OpRow] = []
    base: tuple[OpId, ...] = ()
    for fields in (made, *later):
        place = OpId(DEVICE, 1, "main", next(seqs))
        verb, hlc = "set" if base else record.MADE, stamp(1_000_000 + place.seq, 0)
        op = Op(place, hlc, AT, PERSON, verb, of, fields, base, salt="0" * 32)
        about = (*of, verb, hlc, AT, PERSON, inspection)
        rows.append((*place, *about, op.encode(), DIGEST, DIGEST))
        base = (place,)
    return rows


def fill_database(database: Database, size: National) -> int:
    """Put it all into central's tables on PostgreSQL; returns how many ops."""
    with database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        with raw.cursor() as cursor:
            count, inspections = 0, list[str]()
            with cursor.copy(f"COPY op ({_COLUMNS}) FROM STDIN") as copy:
                for record, rows in written(size):
                    if isinstance(record, Inspection):
                        inspections.append(record.id)
                    for row in rows:
                        copy.write_row(row)
                    count += len(rows)
                for _, row in notes(size, inspections, count):
                    copy.write_row(row)
            cursor.execute(
                "INSERT INTO feed VALUES (%s, 1, 'main', %s, %s)", (DEVICE, size.ops, DIGEST)
            )
            cursor.execute("ANALYZE op")
        raw.commit()
    return size.ops


def fill_vault(vault: Vault, size: National) -> int:
    """Put it all into central's folder, ops and tables of records; returns how many ops."""
    count, inspections = 0, list[str]()
    several: list[tuple[Record, list[OpRow]]] = []
    for record, rows in written(size):
        several.append((record, rows))
        count += len(rows)
        if isinstance(record, Inspection):
            inspections.append(record.id)
    vault.upkeep_now(partial(_insert, several=several))
    more = notes(size, inspections, count)
    while batch := list(itertools.islice(more, BATCH)):
        vault.upkeep_now(partial(_insert_notes, batch=batch))
    feed = (DEVICE, 1, "main", size.ops, DIGEST)
    vault.upkeep_now(partial(_run, query="INSERT INTO feed VALUES (?, ?, ?, ?, ?)", rows=[feed]))
    return size.ops


def _run(store: Store, query: str, rows: Iterable[Any]) -> None:
    with store.engine.begin() as connection:
        driver(connection).executemany(query, rows)


_INTO_OP = f"INSERT INTO op ({_COLUMNS.replace(' inspection,', '')}) VALUES ({', '.join('?' * 13)})"


def _insert(store: Store, several: list[tuple[Record, list[OpRow]]]) -> None:
    _run(store, _INTO_OP, (without_inspection(row) for _, rows in several for row in rows))
    of_kind: dict[type[Record], list[dict[str, Any]]] = {}
    for record, _ in several:
        fields = {name: getattr(record, name) for name in record.field_names()}
        of_kind.setdefault(type(record), []).append({"id": record.id, **fields})
    with store.engine.begin() as connection:
        for kind, rows in of_kind.items():
            connection.execute(table_of(kind).insert(), rows)


def _insert_notes(store: Store, batch: list[tuple[NoteRow, OpRow]]) -> None:
    _run(store, _INTO_OP, (without_inspection(row) for _, row in batch))
    like = {"id": "", **{name: Note.default(name) for name in Note.field_names()}}
    like |= {"parent_kind": "case", "by": PERSON, "criteria": "[]", "outcomes": "[]"}
    names = tuple(like)
    query = f"INSERT INTO note ({', '.join(names)}) VALUES ({', '.join(f':{n}' for n in names)})"
    keys = ("id", "inspection_id", "parent_id", "text")
    _run(store, query, ({**like, **dict(zip(keys, note, strict=True))} for note, _ in batch))


def without_inspection(row: OpRow) -> tuple[Any, ...]:
    """Return the row of an op as a vault has it, whose tables tell the inspection."""
    return *row[:10], *row[11:]
