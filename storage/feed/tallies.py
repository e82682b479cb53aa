"""Keeps what pages count of thousands of records, written with each of them by triggers.

How many notes a record has, and how each case is judged, is asked for on the way to every page;
counting it each time takes longer the more is in the vault. Rows come and go by many ways (a
flush, a merge, an import, an undo), and a trigger of the database takes part in all of them, in
their transaction. A replay makes the tallies anew, and a check proves them by counting.
"""

# ruff: noqa: S608 - every name in a statement is our own
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.records import Judgment
from storage.records.judgment import CASE_LINE, CONCERN, OTHER_WORDS, WENT_WELL
from storage.records.registry import KINDS

_EVENTS = ("insert", "delete", "update")
_LINE = f"""CREATE TABLE IF NOT EXISTS {CASE_LINE} (
    inspection_id TEXT NOT NULL, case_id TEXT NOT NULL, marks TEXT NOT NULL,
    PRIMARY KEY (inspection_id, case_id)) WITHOUT ROWID"""
_OF_LINE = (
    *("inspection_id", "case_id", "criterion", "state", "grade"),
    *("went_well", "concern", "rationale", "state_reason"),
)
_ANSWER = (
    "json_array({of}state, {of}grade, "
    f"{WENT_WELL} * ({{of}}went_well <> '') + {CONCERN} * ({{of}}concern <> '') "
    f"+ {OTHER_WORDS} * ({{of}}rationale <> '' OR {{of}}state_reason <> ''))"
)
# A merge patch needs no path, into which any text would have to be put.
_ENTER = (
    f"INSERT INTO {CASE_LINE} VALUES (new.inspection_id, new.case_id, "
    f"json_object(new.criterion, {_ANSWER.format(of='new.')})) "
    "ON CONFLICT DO UPDATE SET marks = json_patch(marks, excluded.marks)"
)
_AT_OLD = "inspection_id = old.inspection_id AND case_id = old.case_id"
_MOVED = " OR ".join(
    f"old.{name} IS NOT new.{name}" for name in ("inspection_id", "case_id", "criterion")
)
# What is entered takes the place of what the line says of the criterion.
_CHANGE = (
    f"UPDATE {CASE_LINE} SET marks = json_patch(marks, json_object(old.criterion, NULL)) "
    f"WHERE ({_MOVED}) AND {_AT_OLD}; "
    f"DELETE FROM {CASE_LINE} WHERE ({_MOVED}) AND {_AT_OLD} AND marks = '{{}}'; {_ENTER}"
)
_LEAVE = (
    f"UPDATE {CASE_LINE} SET marks = json_patch(marks, json_object(old.criterion, NULL)) "
    f"WHERE {_AT_OLD}; DELETE FROM {CASE_LINE} WHERE {_AT_OLD} AND marks = '{{}}'"
)
_ALL_LINES = (
    f"INSERT INTO {CASE_LINE} SELECT inspection_id, case_id, "
    f"json_group_object(criterion, {_ANSWER.format(of='')}) FROM {Judgment.__tablename__} "
    "GROUP BY inspection_id, case_id"
)
_JUDGED = f"SELECT inspection_id, case_id, criterion, {_ANSWER.format(of='')} FROM judgment"


def _counts() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the table of each kind whose records are counted, with each count and its fields."""
    for kind in KINDS.values():
        for name, fields in kind.COUNTS.items():
            yield str(kind.__tablename__), name, fields


def _made() -> Iterator[str]:
    """Yield the statements that make the tables."""
    for _, name, fields in _counts():
        columns = ", ".join(f"{field} TEXT NOT NULL" for field in fields)
        yield (
            f"CREATE TABLE IF NOT EXISTS {name} ({columns}, number INTEGER NOT NULL, "
            f"PRIMARY KEY ({', '.join(fields)})) WITHOUT ROWID"
        )
    yield _LINE


def _triggers() -> Iterator[str]:
    """Yield the statements that make the triggers."""
    for table, name, fields in _counts():
        new = ", ".join(f"new.{field}" for field in fields)
        old = " AND ".join(f"{field} = old.{field}" for field in fields)
        more = f"INSERT INTO {name} VALUES ({new}, 1) ON CONFLICT DO UPDATE SET number = number + 1"
        less = (
            f"UPDATE {name} SET number = number - 1 WHERE {old}; "
            f"DELETE FROM {name} WHERE {old} AND number = 0"
        )
        yield from _on(table, name, fields, more, less, f"{less}; {more}")
    says = (*_OF_LINE[:5], *(f"({{of}}{text} <> '')" for text in _OF_LINE[5:]))
    table = str(Judgment.__tablename__)
    yield from _on(table, CASE_LINE, _OF_LINE, _ENTER, _LEAVE, _CHANGE, says)


def _on(
    table: str,
    name: str,
    columns: tuple[str, ...],
    entering: str,
    leaving: str,
    changing: str,
    says: tuple[str, ...] = (),
) -> Iterator[str]:
    """Yield the triggers of a table; an update of its columns counts where what they say differs.

    ``says`` is what of the columns is kept, where it is less than all of each.
    """
    sides = [[_of(each, of) for each in says or columns] for of in ("old.", "new.")]
    changed = " OR ".join(f"{old} IS NOT {new}" for old, new in zip(*sides, strict=True))
    moved = f"UPDATE OF {', '.join(columns)}", f" WHEN {changed}", changing
    events = ("INSERT", "", entering), ("DELETE", "", leaving), moved
    for event, (on, when, steps) in zip(_EVENTS, events, strict=True):
        yield f'CREATE TRIGGER {name}_{event} AFTER {on} ON "{table}"{when} BEGIN {steps}; END'


def _of(expression: str, of: str) -> str:
    return expression.format(of=of) if "{of}" in expression else f"{of}{expression}"


def _names() -> list[str]:
    return [*(name for _, name, _ in _counts()), CASE_LINE]


def shape() -> dict[str, list[str]]:
    """Return each table's name with all that makes it and keeps it, as a vault remembers it."""
    statements = [*_made(), *_triggers()]
    return {name: [each for each in statements if f" {name}" in each] for name in _names()}


def make_tallies(connection: Connection) -> None:
    """Make the tables and triggers, and count all there is, in place of what was counted."""
    run = driver(connection).execute
    stop_tallies(connection)
    for statement in _made():
        run(statement)
    for table, name, fields in _counts():
        listed = ", ".join(fields)
        run(f"DELETE FROM {name}")
        run(f'INSERT INTO {name} SELECT {listed}, COUNT(*) FROM "{table}" GROUP BY {listed}')
    run(f"DELETE FROM {CASE_LINE}")
    run(_ALL_LINES)
    for statement in _triggers():
        run(statement)


def stop_tallies(connection: Connection) -> None:
    """Take the triggers away, where all rows are made anew and counted afterwards."""
    for name in _names():
        for event in _EVENTS:
            driver(connection).execute(f"DROP TRIGGER IF EXISTS {name}_{event}")


def wrong_tallies(connection: Connection) -> list[str]:
    """Return where a tally is not what counting the tables gives, or its triggers are others."""
    run = driver(connection).execute
    wrong: set[str] = set()
    for table, name, fields in _counts():
        listed = ", ".join(fields)
        counted = f'SELECT {listed}, COUNT(*) FROM "{table}" GROUP BY {listed}'
        differing = set(run(f"SELECT * FROM {name}")) ^ set(run(counted))
        wrong.update(f"{name} {' '.join(map(str, row[:-1]))}" for row in differing)
    kept = {(place, case): json.loads(marks) for place, case, marks in run(_KEPT_LINES)}
    judged: dict[tuple[str, str], dict[str, Any]] = {}
    for place, case, criterion, answer in run(_JUDGED):
        judged.setdefault((place, case), {})[criterion] = json.loads(answer)
    lines = [at for at in kept.keys() | judged.keys() if kept.get(at) != judged.get(at)]
    wrong.update(f"{CASE_LINE} {' '.join(at)}" for at in lines)
    there = {statement for (statement,) in run(_KEPT_TRIGGERS)}
    wrong.update(f"trigger {each.split()[2]}" for each in there.symmetric_difference(_triggers()))
    return sorted(wrong)


_KEPT_LINES = f"SELECT inspection_id, case_id, marks FROM {CASE_LINE}"
_KEPT_TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
