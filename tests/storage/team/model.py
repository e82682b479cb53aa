"""An oracle of what a team's writes add up to, with nothing of the program in it but their bytes.

It knows what each write was made upon because it was watching: not by the write's own ``base``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

OpKey = tuple[str, int, str, int]
"""A laptop, an epoch, a kind of feed, a place in it."""
Record = tuple[str, str]
DELETED = ".deleted"
GONE = "[redacted]"


@dataclass
class Write:
    """A write that somebody made, and the writes of each field that it took the place of."""

    key: OpKey
    record: Record
    hlc: str
    fields: dict[str, Any]
    over: dict[str, frozenset[OpKey]]
    saw: frozenset[OpKey]

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.hlc, self.key[0], self.key[1], self.key[2], self.key[3])


@dataclass
class Redaction:
    """Every write of a field that somebody saw, taken out, and the redactions that went with it."""

    key: OpKey
    record: Record
    field: str
    took: frozenset[OpKey]
    also: frozenset[OpKey] = frozenset()


@dataclass
class Model:
    """All writes ever made by anybody."""

    writes: dict[OpKey, Write] = field(default_factory=dict)
    redactions: dict[OpKey, Redaction] = field(default_factory=dict)
    entered: list[tuple[OpKey, str]] = field(default_factory=list)

    def leaves(self, record: Record, known: Iterable[OpKey]) -> dict[str, list[Write]]:
        """Of the writes known to somebody, those of each field that none of them replaced."""
        here = [self.writes[one] for one in known if one in self.writes]
        here = [one for one in here if one.record == record]
        replaced = {(key, name) for one in here for name, keys in one.over.items() for key in keys}
        found: dict[str, list[Write]] = {}
        for one in sorted(here, key=lambda each: each.order, reverse=True):
            for name in one.fields:
                if (one.key, name) not in replaced:
                    found.setdefault(name, []).append(one)
        return found

    def heard(self, whole: Iterable[OpKey], stubs: Iterable[OpKey]) -> frozenset[OpKey]:
        """What counts for somebody: what is whole, and the stubs that a redaction speaks for."""
        found, waiting = set(whole), set(stubs)
        while True:
            tells = [each for key, each in self.redactions.items() if key in found]
            more = {key for key in waiting for each in tells if key in each.took | each.also}
            if not more:
                return frozenset(found)
            found |= more
            waiting -= more

    def value(self, one: Write, name: str, known: Iterable[OpKey]) -> Any:
        """What stands in a field of a write for somebody, who may have heard of a redaction."""
        taken = any(
            one.key in each.took and each.field == name and key in known
            for key, each in self.redactions.items()
        )
        return GONE if taken else one.fields[name]

    def conflicts(self, known: frozenset[OpKey]) -> dict[Record, tuple[str, ...]]:
        """The fields of each record in which parallel writes do not say the same."""
        found = {}
        for record in {one.record for one in self.writes.values()}:
            leaves = self.leaves(record, known)
            if self.gone(leaves) or leaves.keys() <= {DELETED}:
                continue
            names = set()
            for name, several in leaves.items():
                values = [json.dumps(self.value(one, name, known)) for one in several]
                if len(set(values)) > 1:
                    names.add(name)
            tombs = leaves.get(DELETED, [])
            if any(one.fields[DELETED] for one in tombs):
                names.add(DELETED)
            if names:
                found[record] = tuple(sorted(names))
        return found

    @staticmethod
    def gone(leaves: dict[str, list[Write]]) -> bool:
        """Whether somebody's deletion saw everything that still stands."""
        tombs = leaves.get(DELETED, [])
        if not tombs or not all(one.fields[DELETED] for one in tombs):
            return False
        seen = {key for one in tombs for key in one.saw}
        rest = [one for name, several in leaves.items() if name != DELETED for one in several]
        return all(one.key in seen for one in rest)

    def rows(self, known: frozenset[OpKey]) -> dict[Record, dict[str, Any]]:
        """What each record shows: for every field the latest of the writes that still stand."""
        found = {}
        for record in {one.record for one in self.writes.values()}:
            leaves = self.leaves(record, known)
            shown = {
                name: self.value(several[0], name, known)
                for name, several in leaves.items()
                if name != DELETED
            }
            if shown and not self.gone(leaves):
                found[record] = shown
        return found
