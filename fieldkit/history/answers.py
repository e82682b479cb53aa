"""The sides of a conflict say each answer in a person's words, who gave it, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.history.record_history import HIDDEN
from fieldkit.wording.dates import short_moment
from fieldkit.wording.labels import reason_words
from fieldkit.wording.values import Words
from storage.conflicts.answers import first_write_of
from storage.conflicts.resolve import ConflictedRecord
from storage.ops.op import DELETED, Op
from storage.records.registry import KINDS, facts, field_label

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Side:
    """Holds one of the answers.

    Attributes:
        op: the write that gives it now, ``device/epoch/kind/seq``.
        values: what it says, by field, in words; hidden where it may not be shown.
        text: what it says, in a line.
        who, laptop: who wrote it first, and where.
        at: when, by that laptop's clock, in this laptop's local time.
        reason: why, where one was given.
        shown: it is the one shown everywhere until somebody decides.
    """

    op: str
    values: dict[str, str]
    text: str
    who: str
    laptop: str
    at: str
    reason: str
    shown: bool

    @property
    def writer(self) -> str:
        """Return who wrote it, and on which laptop, where that does not say who already."""
        named = self.laptop.casefold().startswith(self.who.casefold())
        return self.laptop if named else f"{self.who}, {self.laptop}"


class Sides:
    """Gives the sides of the conflicts of one record.

    Args:
        s: a session.
        conflicted: the record and its parallel writes.
        hidden: the fields that may not be shown now.
    """

    def __init__(self, s: Session, conflicted: ConflictedRecord, hidden: frozenset[str]) -> None:
        self._conflicted = conflicted
        self._kind = conflicted.kind
        self._hidden = hidden
        self._words = Words(s, conflicted.kind, conflicted.record)

    def of(self, group: tuple[str, ...]) -> tuple[Side, ...]:
        """Return the answers in fields that are one answer, those that say the same in one."""
        sides: list[Side] = []
        names = [name for name in group if not facts(self._kind, name).following]
        masked = not self._hidden.isdisjoint(names)
        for answer in self._conflicted.answers(group):
            values = {name: self._text_of(name, answer.values[name]) for name in names}
            # What is hidden must not be known by its being equal either.
            if masked or not any(values == each.values for each in sides):
                text = _line(self._kind, values)
                sides.append(self._side(answer.op, answer.first, values, text, shown=not sides))
        return tuple(sides)

    def deletion(self) -> tuple[Side, ...]:
        """Return what was changed, then the deletion that did not see it."""
        sides = []
        for write in self._conflicted.edits[:3]:
            names = (one for one in write.fields if one != DELETED and not one.endswith("_id"))
            names = (one for one in names if not facts(self._kind, one).following)
            values = {name: self._text_of(name, write.fields[name]) for name in names}
            sides.append(self._side(write, write, values, _line(self._kind, values), shown=True))
        known = {one.id: one for one in self._conflicted.ops}
        tombs = self._conflicted.folded.leaves[DELETED]
        if not sides:
            # The deletion saw every change; somebody else has kept the record all the same.
            keeping = (one for one in tombs if not one.fields[DELETED])
            text = ": ".join(filter(None, ("kept", self._words_in_it())))
            sides += [self._side(one, one, {DELETED: "kept"}, text, shown=True) for one in keeping]
        for write in tombs:
            if write.fields[DELETED]:
                first = first_write_of(self._kind, write, {DELETED: True}, known)
                sides.append(self._side(write, first, {DELETED: "deleted"}, "deleted", shown=False))
        return tuple(sides)

    def _words_in_it(self) -> str:
        """Return what a person knows the record by, in its own words."""
        values = self._conflicted.folded.values
        names = (name for name in KINDS[self._kind].SEARCH if values.get(name))
        return "; ".join(self._text_of(name, values[name]) for name in names)

    def _side(self, op: Op, first: Op, values: dict[str, str], text: str, *, shown: bool) -> Side:
        return Side(
            op=str(op.id),
            values=values,
            text=text,
            who=self._words.names.person(first.who),
            laptop=self._words.names.laptop(first.id.device),
            at=short_moment(first.wall),
            reason=reason_words(first.reason),
            shown=shown,
        )

    def _text_of(self, name: str, value: Any) -> str:
        return HIDDEN if name in self._hidden else self._words.value(name, value) or NOTHING


def _line(kind: str, values: dict[str, str]) -> str:
    """Return an answer in a line: the grade or, without one, the state; then the reason."""
    if len(values) == 1:
        return next(iter(values.values()))
    if "grade" in values and "state" in values:
        reason = values.get("state_reason", NOTHING)
        answer = values["grade" if values["state"] == "graded" else "state"]
        return answer if reason == NOTHING else f"{answer}, because {reason}"
    named = ((name, value) for name, value in values.items() if value != NOTHING)
    return "; ".join(f"{field_label(kind, name)} {value}" for name, value in named) or NOTHING
