"""Conflicts: where two people wrote the same thing without sight of each other, and what to do."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit import visibility
from fieldkit.histories import HIDDEN, field_word, inspection_of, local_time
from fieldkit.naming import label, person_name
from fieldkit.writing import NotThereError, RefusedError, desk
from storage.bundle.shape import free_text
from storage.conflicts import conflicted
from storage.op import DELETED, Op
from storage.people import laptops, people
from storage.records import KINDS
from storage.resolving import Conflicted, conflicted_record, resolve


@dataclass(frozen=True, slots=True)
class Side:
    """One of the answers.

    Attributes:
        op: the write, ``device/epoch/kind/seq``.
        values: what it says, by field, in words; hidden where it may not be shown.
        who, laptop: who wrote it, and where.
        at: when, by that laptop's clock, in this laptop's local time.
        reason: why, where one was given.
        shown: it is the one shown everywhere until somebody decides.
    """

    op: str
    values: dict[str, str]
    who: str
    laptop: str
    at: str
    reason: str
    shown: bool

    @property
    def writer(self) -> str:
        """Who wrote it, and on which laptop, where that does not say who already."""
        named = self.laptop.casefold().startswith(self.who.casefold())
        return self.laptop if named else f"{self.who}, {self.laptop}"

    @property
    def text(self) -> str:
        """What it says, in a line."""
        told = list(self.values.values())
        if len(told) == 1:
            return told[0]
        return "; ".join(f"{field_word(name)} {value}" for name, value in self.values.items())


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that has more than one answer.

    Attributes:
        id: ``kind/record/field``, by which it is named.
        what: what a person calls the record.
        word: what the field is called.
        fields: the fields that are decided together.
        sides: the answers, the one shown first at the head.
        deletion: a deletion that an edit beat; the sides are the edit, then the deletion.
        hidden: it may not be shown, because the force's grade of the case is not revealed.
        can_combine: a value may be written instead of either.
    """

    id: str
    kind: str
    record: str
    inspection: str
    what: str
    word: str
    fields: tuple[str, ...]
    sides: tuple[Side, ...]
    deletion: bool
    hidden: bool
    can_combine: bool


def listing(s: Session, inspection_id: str = "") -> list[Conflict]:
    """Every conflict, those of one inspection where it is named; by what they are called."""
    found: list[Conflict] = []
    for kind, record in conflicted(s.connection()):
        if kind not in KINDS:
            continue
        inspection = inspection_of(s, kind, record)
        if inspection_id and inspection and inspection != inspection_id:
            continue
        found += _of(s, conflicted_record(s, kind, record), inspection)
    return sorted(found, key=lambda one: (one.what, one.word, one.id))


def count(s: Session, inspection_id: str = "") -> int:
    """How many there are."""
    return len(listing(s, inspection_id))


def _of(s: Session, found: Conflicted, inspection: str) -> list[Conflict]:
    names = set(found.fields)
    hidden = visibility.hidden_fields(s, found.kind, found.record)
    teller = _Teller(s, found, hidden)
    made = []
    for group in _groups(found.kind, names):
        deletion = group == (DELETED,)
        sides = teller.deletion() if deletion else teller.sides(group)
        veiled = any(name in hidden for name in group)
        first = next(one for one in group if one not in _follows() or len(group) == 1)
        made.append(
            Conflict(
                id=f"{found.kind}/{found.record}/{first}",
                kind=found.kind,
                record=found.record,
                inspection=inspection,
                what=label(s, found.kind, found.record),
                word="deleted, and changed by somebody" if deletion else field_word(first),
                fields=group,
                sides=sides,
                deletion=deletion,
                hidden=veiled,
                can_combine=not deletion
                and not veiled
                and len(group) == 1
                and free_text(found.kind, first),
            )
        )
    return made


def _groups(kind: str, names: set[str]) -> list[tuple[str, ...]]:
    """The fields in conflict, those that are decided together in one."""
    left = set(names)
    made: list[tuple[str, ...]] = []
    for together in _together().get(kind, ()):
        several = tuple(one for one in together if one in left)
        if several:
            made.append(several)
            left -= set(several)
    return made + [(one,) for one in sorted(left)]


class _Teller:
    def __init__(self, s: Session, found: Conflicted, hidden: frozenset[str]) -> None:
        self._found = found
        self._hidden = hidden
        self._people = people(s.connection())
        self._laptops = laptops(s.connection()) | {desk(s).device: "this laptop"}

    def sides(self, group: tuple[str, ...]) -> tuple[Side, ...]:
        """Each write that still stands in any of the fields, those that say the same in one."""
        leaves = self._found.folded.leaves
        writes: dict[Any, Op] = {}
        for name in group:
            for one in leaves[name]:
                writes.setdefault(one.id, one)
        made: list[Side] = []
        for one in sorted(writes.values(), key=lambda op: op.order, reverse=True):
            values = {name: self._tell(name, _says(self._found, one, name)) for name in group}
            if not any(values == each.values for each in made) or any(
                name in self._hidden for name in group
            ):
                made.append(self._side(one, values, shown=not made))
        return tuple(made)

    def deletion(self) -> tuple[Side, ...]:
        """What was changed, then the deletion that did not see it."""
        edits = [
            self._side(
                one,
                {
                    name: self._tell(name, value)
                    for name, value in one.fields.items()
                    if name != DELETED and not name.endswith("_id")
                },
                shown=True,
            )
            for one in self._found.edits[:3]
        ]
        tombs = [one for one in self._found.folded.leaves[DELETED] if one.fields[DELETED]]
        return (*edits, *(self._side(one, {DELETED: "deleted"}, shown=False) for one in tombs))

    def _side(self, one: Op, values: dict[str, str], *, shown: bool) -> Side:
        return Side(
            op=str(one.id),
            values=values,
            who=person_name(self._people, one.who),
            laptop=self._laptops.get(one.id.device, f"laptop {one.id.device[:4]}"),
            at=local_time(one.wall),
            reason=one.reason or "",
            shown=shown,
        )

    def _tell(self, name: str, value: Any) -> str:
        if name in self._hidden:
            return HIDDEN
        if value in ("", None) or value == [] or value == {}:
            return "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return person_name(self._people, str(value))


def _says(found: Conflicted, one: Op, name: str) -> Any:
    """What a write says of a field: its own value, or what stands there for its writer's sake."""
    if name in one.fields:
        return one.fields[name]
    same = [each for each in found.folded.leaves.get(name, ()) if each.id.device == one.id.device]
    known = KINDS[found.kind]
    return same[0].fields[name] if same else found.folded.values.get(name, known.default(name))


def decide(
    s: Session,
    conflict_id: str,
    *,
    keep: str = "",
    instead: str | None = None,
    reason: str = "",
) -> str:
    """Decide a conflict: keep one answer, or write another instead of all; says what was done.

    Args:
        s: a writing session.
        conflict_id: as :func:`listing` names it.
        keep: the write whose answer is kept, ``device/epoch/kind/seq``; for a deletion, the
            deletion's own write deletes the record after all.
        instead: a combined wording.
        reason: why; needed where an overall grade that was revealed, or a wording agreed with the
            force, is decided.

    Raises:
        NotThereError: it is not in conflict any more, or the answer is none of its own.
        RefusedError: it may not be shown yet, or a reason is needed.
    """
    kind, record, name = _parts(conflict_id)
    found = conflicted_record(s, kind, record)
    group = next((one for one in _groups(kind, set(found.fields)) if name in one), None)
    if group is None:
        raise NotThereError(
            "That is not in conflict any more. Nothing was changed. «fieldkit conflicts» shows "
            "what is left."
        )
    what = label(s, kind, record)
    if any(one in visibility.hidden_fields(s, kind, record) for one in group):
        raise RefusedError(
            f"{what}: {HIDDEN}. Nothing was changed. Judge the case and reveal the force's grade "
            "first."
        )
    if needs_reason(s, kind, record, group) and not reason.strip():
        raise RefusedError(
            f"{what}: a decision here changes what was settled before, so it needs a reason. "
            "Nothing was changed. Say why."
        )
    if instead is not None:
        if len(group) > 1 or group == (DELETED,) or not free_text(kind, name):
            raise RefusedError(
                f"{what}: {field_word(name)} is no free text, so one of the answers has to be "
                "kept. Nothing was changed."
            )
        resolve(s, kind, record, {name: instead}, reason)
        return f"{what}, {field_word(name)}: written anew; it counts instead of all answers."
    chosen = _chosen(found, group, keep)
    if group == (DELETED,):
        deleted = bool(chosen.fields.get(DELETED))
        resolve(s, kind, record, {DELETED: deleted}, reason)
        return f"{what}: {'deleted' if deleted else 'kept'}."
    values = {one: _says(found, chosen, one) for one in group}
    resolve(s, kind, record, values, reason)
    return f"{what}, {field_word(name)}: decided."


def needs_reason(s: Session, kind: str, record: str, fields: tuple[str, ...]) -> bool:
    """Whether deciding it moderates a revealed grade, or touches what the force was told."""
    found = s.get(KINDS[kind], record)
    if kind == "judgment" and "grade" in fields:
        return bool(visibility.is_revealed(s, getattr(found, "case_id", "")))
    if kind == "note" and "text" in fields:
        return bool(getattr(found, "finalised", False))
    return kind == "debrief_point" and bool(getattr(found, "frozen_at", ""))


def _chosen(found: Conflicted, group: tuple[str, ...], keep: str) -> Op:
    writes = [one for name in group for one in found.folded.leaves[name]]
    if group == (DELETED,):
        writes += found.edits
    for one in writes:
        if str(one.id) == keep:
            return one
    raise NotThereError(
        "None of the answers is the one named. Nothing was changed. «fieldkit conflicts» names "
        "each answer."
    )


def _parts(conflict_id: str) -> tuple[str, str, str]:
    kind, _, rest = conflict_id.partition("/")
    record, _, name = rest.rpartition("/")
    if kind not in KINDS or not record or not name:
        raise NotThereError(
            f"No conflict is called «{conflict_id}». Nothing was changed. «fieldkit conflicts» "
            "names them."
        )
    return kind, record, name


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("fieldkit") / "conflicts.toml").read_text("utf-8"))


def _together() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = _words()["together"]
    return found


def _follows() -> list[str]:
    found: list[str] = _words()["follows"]["fields"]
    return found
