"""A history says what was done to a record, in a person's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.service import NotThereError, author
from fieldkit.visibility import hidden_fields
from fieldkit.wording.dates import SET_BACK, at_words, short_moment
from fieldkit.wording.format import line
from fieldkit.wording.labels import reason_words
from fieldkit.wording.values import Words
from storage.history.history import CREATED, Change, Redacted, history
from storage.ops.op import DELETED, OpId
from storage.ops.redactions import REDACT
from storage.records import Inspection
from storage.records.registry import KINDS, default_of, facts, field_label, noun

VERBS = {
    "create": "made",
    "set": "changed",
    "delete": "deleted",
    "link": "linked",
    "unlink": "unlinked",
    "reveal": "revealed",
    "resolve": "settled a conflict",
    "redact": "redacted",
    "erase": "erased",
    "consult": "opened",
    "disclose": "sent",
}
"""What is said of each verb of an op."""

HIDDEN = "hidden until the force's grade of the case is revealed"
TAKEN_OUT = "taken out"
_SHORT = 60


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Holds one field: what it is called, what was in it, and what was written instead."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Holds one step in the life of a record.

    Attributes:
        op: which op, as ``device/epoch/kind/seq``.
        at: the local time of the reading laptop, to the minute.
        wall: the writing laptop's own clock, ISO 8601 in UTC.
        who: the person by name, or by id where no roster names them.
        laptop: "this laptop" or what another is called.
        did: "made", "changed", "deleted" and so on.
        changes: the fields written, whole.
        reason: why, or empty.
        beside: who else wrote the same in parallel, and when: "Ben, 2026-07-28 09:14".
        merged: who else wrote other fields in parallel, when, and which: both count.
    """

    op: str
    at: str
    wall: str
    who: str
    laptop: str
    did: str
    changes: tuple[FieldChange, ...]
    reason: str
    beside: tuple[str, ...]
    merged: tuple[str, ...]

    @property
    def parallel(self) -> bool:
        """Say whether another laptop wrote the same before it, unseen by its writer."""
        return bool(self.beside)

    @property
    def text(self) -> str:
        """Return the step in a line, long texts cut short."""
        changes = []
        for change in self.changes:
            before = f"{_cut(change.before)} → " if change.before else ""
            changes.append(f"{change.field} {before}{_cut(change.after)}")
        sentence = f"{self.at}  {self.who}, {self.laptop}: {self.did}"
        sentence += f" {'; '.join(changes)}" if changes else ""
        sentence += f" (because {self.reason})" if self.reason else ""
        sentence += f" (in parallel with {'; '.join(self.beside)})" if self.beside else ""
        return sentence + (f" (merged with {'; '.join(self.merged)})" if self.merged else "")


def record_history(s: Session, kind: str, record_id: str) -> list[HistoryLine]:
    """Return every step of a record in the order of the clock, deleted records' too.

    What the force wrote is left out where it may not be shown. Raises `NotThereError` for a record
    that nothing is known of.
    """
    steps = history(s, kind, record_id)
    if not steps:
        raise NotThereError(
            f"Nothing is known of this {noun(kind)}. Nothing was changed; choose the "
            "record from a list or a search."
        )
    author(s).consult(kind, record_id)
    wording = _Wording(s, kind, record_id)
    by_id = {one.op: one for one in steps}
    return [wording.line(one, by_id) for one in steps]


def verb_word(verb: str, deleted: object) -> str:
    """Return what an op did, in a word; ``deleted`` is what it says of the record's deletion."""
    return "restored" if deleted is False else VERBS.get(verb, verb)


def field_words(kind: str, names: Iterable[str]) -> list[str]:
    """Return how fields are called, but those that tie records together or follow others."""
    named = [name for name in names if not facts(kind, name).tacit]
    alone = [name for name in named if not facts(kind, name).trailing] or named
    return list(dict.fromkeys(field_label(kind, name) for name in alone))


def inspection_of(s: Session, kind: str, record_id: str) -> str:
    """Return the id of the inspection that a record is or was of; empty for none."""
    if kind == Inspection.KIND:
        return record_id
    known = KINDS.get(kind)
    inspection = getattr(s.get(known, record_id), "inspection_id", "") if known else ""
    if inspection:
        return str(inspection)
    written = [step.fields["inspection_id"] for step in history(s, kind, record_id)
            if "inspection_id" in step.fields]  # fmt: skip
    return str(written[0][1]) if written else ""


class _Wording:
    def __init__(self, s: Session, kind: str, record_id: str) -> None:
        self._kind = kind
        self._words = Words(s, kind, record_id)
        self._hidden = hidden_fields(s, kind, record_id)
        self._names = self._words.names

    def line(self, step: Change, by_id: dict[OpId, Change]) -> HistoryLine:
        """Return a step, with those of the others that were written in parallel."""
        deleted = step.fields.get(DELETED, (None, None))[1]
        fields = {
            name: pair for name, pair in step.fields.items() if not facts(self._kind, name).tacit
        }
        changed = any(before != after for before, after in fields.values())
        again = step.verb == "set" and fields and not changed
        changes = []
        for name, (before, after) in fields.items():
            default = default_of(self._kind, name)
            if default is not None and before in (None, after) and after == default:
                continue
            restored = deleted is False
            if before == after and changed and not restored and name not in self._hidden:
                continue  # written along with what it is decided with
            called = field_label(self._kind, name)
            if step.verb in CREATED and not restored:
                before = None
            if step.verb == REDACT:
                changes.append(FieldChange(called, "", TAKEN_OUT))
            elif name in step.redacted:
                changes.append(FieldChange(called, "", self._redacted(step.redacted[name])))
            elif name in self._hidden:
                changes.append(FieldChange(called, "", HIDDEN))
            else:
                words = (self._words.value(name, each) for each in (before, after))
                changes.append(FieldChange(called, *words))
        did = "confirmed" if again else verb_word(step.verb, deleted)
        if step.of_device:
            did += f" (what they left of an entry of {self._names.laptop(step.of_device)})"
        return HistoryLine(
            op=str(step.op),
            at=short_moment(step.wall) + (SET_BACK if step.set_back else ""),
            wall=step.wall,
            who=self._names.person(step.who),
            laptop=self._names.laptop(step.device),
            did=did,
            changes=tuple(changes),
            reason=reason_words(step.reason),
            beside=tuple(self._written(by_id[each]) for each in step.concurrent),
            merged=self._merged(step, [by_id[each] for each in step.merged]),
        )

    def _written(self, step: Change) -> str:
        return f"{self._names.person(step.who)}, {short_moment(step.wall)}"

    def _merged(self, step: Change, concurrent: list[Change]) -> tuple[str, ...]:
        """Return each laptop once, with its last step, and what of all its steps a person reads."""
        of_laptop: dict[str, list[Change]] = {}
        for each in sorted(concurrent, key=lambda each: each.wall):
            of_laptop.setdefault(each.device, []).append(each)
        merged = []
        for steps in of_laptop.values():
            names = dict.fromkeys(name for each in steps for name in each.fields)
            named = field_words(self._kind, (name for name in names if name not in step.fields))
            if named:
                merged.append(f"{self._written(steps[-1])}: {', '.join(named)}")
        return tuple(merged)

    def _redacted(self, by: Redacted) -> str:
        words = f"[redacted by {self._names.person(by.who)} {at_words(by.wall)}"
        return f"{words} because {by.reason}]" if by.reason else f"{words}]"


def _cut(text: str) -> str:
    return f"“{line(text, _SHORT)}”"
