"""Ops that are of the right form and mean harm: what a changed program of a laptop could sign.

Each is drawn from what an honest laptop wrote: its records, its ids, its ops. What the format
itself refuses would take the whole bundle out of the way, so it is counted and not thrown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pydantic import ValidationError

from storage.bundle.errors import BundleError
from storage.bundle.limits import MAX_LINE_BYTES
from storage.bundle.validate import check
from storage.ops.canonical_json import MalformedError
from storage.ops.clock import read_stamp, stamp, wall_text
from storage.ops.op import DELETED, KEY, MAIN, VERBS, Op, OpId, decode, op_id
from storage.ops.redactions import REDACT, entry_of
from storage.records.registry import KINDS, FieldRule, rules
from tests.storage.malicious import Malicious

TEXTS = (
    "",
    "x",
    "[/ [@click=app.quit]x[/]",
    "first\n2026-07-28 09:14  Ben, this laptop: changed “grade” to “good”",
    "=HYPERLINK(1)",
    "graded",
    "inadequate",
    "good",
    "overall",
    "nowhere",
    "日本語 £ 👶",
    "long " * 4000,
)
WORDS = (
    *("", "inspection", "visit", "review", "re-inspection", "fieldwork", "left site", "published"),
    *("followed up", "self-assessed", "inspectors", "not judged", "graded", "not applicable"),
    *("unable to judge", "interview", "focus group", "agreed", "not agreed", "strength", "concern"),
    *("context", "notable practice", "to clarify", "open", "raised", "disputed", "carried"),
    *("withdrawn", "supports", "contradicts", "daily", "hot", "told", "acknowledged", "acted"),
    *("satisfied", "not satisfied", "escalated", "closed", "answered", "settled", "immediately"),
    *("within three months", "within six months", "awaiting review", "being progressed"),
    *("complete", "exact", "chosen", "none", "skipped"),
    *("2026-07-06", "0001-01-01", "9999-12-31", "2026-07-06T09:30:00.000Z", "1901-02-03T04:05"),
    *("9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
)
"""Words and times that fields with few values may hold."""
NUMBERS = (0, 1, -1, 2, 7, 10**6, 2**31, 2**53 - 1, -(2**53) + 1)
LISTS: tuple[list[Any], ...] = ([], ["overall"], ["nowhere", ""], ["investigation"] * 50)
TABLES: tuple[dict[str, Any], ...] = (
    {},
    {"good": "nowhere", "nowhere": "good"},
    {"": {"": [[1, True, None, {}]]}},
    {"Reference": 0, "Grade": -1},
    {"reference": "Z999", "grade": [], "rationale": None},
    {"A" * 200: 2**53 - 1},
)
IDS = ("", "0", "/", "a/b", "../../x", "x" * 200, "é", "00000000-0000-4000-8000-000000000001")


@dataclass
class Pool:
    """What an honest laptop wrote: its ops by record, its records by kind, values by field."""

    ops: dict[tuple[str, str], list[Op]] = field(default_factory=dict)
    records: dict[str, list[str]] = field(default_factory=dict)
    values: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def add(self, op: Op) -> None:
        """Know an op and what it wrote."""
        kind, record = op.record
        self.ops.setdefault(op.record, []).append(op)
        known = self.records.setdefault(kind, [])
        if record not in known:
            known.append(record)
        for name, value in op.fields.items():
            self.values.setdefault((kind, name), []).append(value)


@dataclass
class Inventor:
    """Draws ops for one malicious laptop, whose writes reach nobody until it sends them."""

    ada: Malicious
    pool: Pool = field(default_factory=Pool)
    written: Counter[str] = field(default_factory=Counter)
    unfit: int = 0

    def learn(self) -> None:
        """Know every op that this laptop has of others."""
        rows = self.ada.vault.read_now(
            lambda s: s.connection().exec_driver_sql("SELECT bytes FROM op ORDER BY hlc").all()
        )
        for (data,) in rows:
            if data is not None:
                self.pool.add(decode(data, trusted=True))

    def throw(self, seed: int, count: int, kinds: Sequence[str] = tuple(KINDS)) -> None:
        """Write so many ops of some kinds, all drawn by the seed."""
        draw = Random(seed)
        for _ in range(count):
            self._one(draw, draw.choice(kinds))

    def _one(self, draw: Random, kind: str) -> None:
        known = KINDS[kind]
        record = self._record(draw, kind)
        verb, fields = self._deed(draw, kind, record)
        feed = known.FEED if draw.random() < 0.97 else (MAIN, KEY)[known.FEED == MAIN]
        over = self._stamps(draw)
        if draw.random() < 0.3:
            over["reason"] = draw.choice(TEXTS[1:])
        base = self._base(draw, (kind, record))
        try:
            draft = Op(
                id=OpId("0" * 16, 1, feed, 1),
                hlc=over.get("hlc", stamp(1, 0)),
                wall=over.get("wall", wall_text(1)),
                who=self.ada.vault.person.id,
                op=verb,
                record=(kind, record),
                fields=fields,
                base=tuple(sorted(set(base))),
                reason=over.get("reason"),
            )
            assert len(draft.encode()) < MAX_LINE_BYTES
            check(decode(draft.encode()), draft.id, draft.who, self._others(), self._person_of)
        except (BundleError, MalformedError, AssertionError, ValueError):
            self.unfit += 1
            return
        op = self.ada.write((kind, record), fields, verb=verb, base=draft.base, feed=feed, **over)
        self.written[f"{kind} {verb}"] += 1
        self.pool.ops.setdefault(op.record, []).append(op)

    def _others(self) -> frozenset[str]:
        own = self.ada.vault.person.id
        return frozenset(one.person_id for one in self.ada.roster.devices) - {own}

    def _person_of(self, device: str) -> str:
        entry = self.ada.roster.device(device)
        if entry is None:
            raise ValueError(device)
        return entry.person_id

    def _record(self, draw: Random, kind: str) -> str:
        own = self.pool.records.get(kind, [])
        chance = draw.random()
        if own and chance < 0.55:
            return draw.choice(own)
        if chance < 0.65:
            return draw.choice(self.pool.records[draw.choice(sorted(self.pool.records))])
        if chance < 0.72:
            return draw.choice(IDS[1:])
        return f"{draw.getrandbits(32):08x}-0000-4000-8000-000000000000"

    def _deed(self, draw: Random, kind: str, record: str) -> tuple[str, dict[str, Any]]:
        known = KINDS[kind]
        chance = draw.random()
        if chance < 0.06 and (redaction := self._redaction(draw, (kind, record))) is not None:
            return REDACT, redaction
        if chance < 0.16:
            more = self._some(draw, kind, record, 1) if draw.random() < 0.2 else {}
            return known.UNMADE, more | {DELETED: draw.random() < 0.8}
        if chance < 0.4 and (makings := self._makings(kind)):
            # One of ours made once more, with something in it that is otherwise, or lacking.
            fields = dict(draw.choice(makings))
            for name in draw.sample(sorted(fields), min(2, len(fields))):
                if draw.random() < 0.3:
                    del fields[name]
                elif name in known.field_names() and draw.random() < 0.7:
                    fields[name] = self._value(draw, kind, record, name)
            return known.MADE, fields | self._some(draw, kind, record, draw.randint(0, 2))
        if chance < 0.5:
            fields = self._some(draw, kind, record, draw.randint(0, 20))
            for name in known.field_names():
                if known.model_fields[name].is_required() and draw.random() < 0.9:
                    fields.setdefault(name, self._value(draw, kind, record, name))
            return known.MADE, fields
        fields = self._some(draw, kind, record, draw.randint(1, 4))
        if draw.random() < 0.1:
            fields["of_a_later_fieldkit"] = draw.choice((1, "x", ["x"], {"x": {}}))
        verb = "set" if draw.random() < 0.7 else draw.choice((*sorted(VERBS - {REDACT}), "conjure"))
        return verb, fields

    def _makings(self, kind: str) -> list[dict[str, Any]]:
        made = KINDS[kind].MADE
        return [
            op.fields
            for record in self.pool.records.get(kind, [])
            for op in self.pool.ops[kind, record][:1]
            if op.op == made
        ]

    def _some(self, draw: Random, kind: str, record: str, most: int) -> dict[str, Any]:
        names = list(KINDS[kind].field_names())
        chosen = draw.sample(names, min(most, len(names)))
        return {name: self._value(draw, kind, record, name) for name in chosen}

    def _value(self, draw: Random, kind: str, record: str, name: str) -> Any:
        honest = self.pool.values.get((kind, name))
        if honest and draw.random() < (0.6 if name.endswith("_id") else 0.35):
            return draw.choice(honest)
        if name.endswith("_kind"):
            return draw.choice((*KINDS, "invented"))
        if name.endswith("_id") and draw.random() < 0.9:
            return record if draw.random() < 0.25 else self._any_id(draw)
        rule = rules(KINDS[kind])[name]
        for _ in range(40):
            value = self._of_type(draw, rule)
            if _fits(rule, value):
                return value
        return rule.plain()

    def _any_id(self, draw: Random) -> str:
        if draw.random() < 0.15:
            return draw.choice(IDS)
        return draw.choice(self.pool.records[draw.choice(sorted(self.pool.records))])

    def _of_type(self, draw: Random, rule: FieldRule) -> Any:
        if rule.plain is str and draw.random() < 0.1:
            return str(draw.choice(self._places()))
        choices: dict[type, Callable[[], Any]] = {
            str: lambda: draw.choice(WORDS if rule.adapter or draw.random() < 0.3 else TEXTS),
            int: lambda: draw.choice(NUMBERS),
            bool: lambda: draw.random() < 0.5,
            list: lambda: draw.choice(LISTS if rule.item is str else (*LISTS[:1], _problems(draw))),
            dict: lambda: draw.choice((*TABLES, self._covers(draw))),
        }
        return choices[rule.plain]()

    def _covers(self, draw: Random) -> dict[str, Any]:
        places = draw.sample(self._places(), 2)
        return {str(place.feed): draw.choice((0, place.seq, 2**53 - 1, "x")) for place in places}

    def _places(self) -> list[OpId]:
        return [op.id for several in list(self.pool.ops.values())[:60] for op in several[:3]]

    def _base(self, draw: Random, record: tuple[str, str]) -> list[OpId]:
        of_record = [op.id for op in self.pool.ops.get(record, [])]
        chance = draw.random()
        if chance < 0.5:
            return of_record
        if chance < 0.65:
            return []
        if chance < 0.75:
            # What names itself, or an op that comes after it.
            device, epoch = self.ada.vault.author.device, self.ada.vault.author.epoch
            return [OpId(device, epoch, MAIN, draw.randint(1, 400)) for _ in range(3)]
        others = draw.sample(self._places(), 2)
        return draw.sample(of_record, draw.randint(0, len(of_record))) + others

    def _stamps(self, draw: Random) -> dict[str, Any]:
        chance = draw.random()
        if chance > 0.12:
            return {}
        now, _ = read_stamp(self.ada.vault.author.clock.last)
        off = draw.choice((0, -60_000, -(10**9), 600_000, 10**9, -now + 1))
        moment = max(now + off, 1)
        walls = (wall_text(moment), "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z")
        return {"hlc": stamp(moment, draw.choice((0, 1, 60_000))), "wall": draw.choice(walls)}

    def _redaction(self, draw: Random, record: tuple[str, str]) -> dict[str, Any] | None:
        several = [op for op in self.pool.ops.get(record, []) if op.op != REDACT]
        if not several:
            return None
        taken = draw.sample(several, draw.randint(1, min(3, len(several))))
        name = draw.choice(sorted({name for op in taken for name in op.fields}) or ["text"])
        entries = []
        for op in taken:
            entry = entry_of(op, {name: "[redacted]"}, reason_gone=draw.random() < 0.3)
            if draw.random() < 0.3:
                other = draw.choice(sorted(op.fields) or [name])
                entry["fields"][other] = draw.choice(TEXTS)
            if draw.random() < 0.1:
                entry["base"] = [str(draw.choice(self._places()))]
            entries.append(entry)
        return {"field": name, "entries": sorted(entries, key=lambda one: str(op_id(one["id"])))}


def _problems(draw: Random) -> list[dict[str, Any]]:
    return [
        {"sheet": "s", "cell": draw.choice(("A1", "", "ZZZ9")), "value": "v", "reason": "r"}
        | draw.choice(({}, {"code": "nowhere"}, {"severity": "nowhere", "more": {}}))
    ]


def _fits(rule: FieldRule, value: Any) -> bool:
    if rule.adapter is None:
        return True
    try:
        return bool(rule.adapter.validate_python(value) == value)
    except ValidationError:
        return False
