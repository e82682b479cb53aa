"""A conflict is where two people wrote the same thing in parallel; one of them decides it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit import visibility
from fieldkit.history.answers import Side, Sides
from fieldkit.history.record_history import HIDDEN, inspection_of
from fieldkit.service import NotThereError, RefusedError
from fieldkit.wording.labels import label
from storage.conflicts.answers import Answer
from storage.conflicts.find import conflicted_fields, disputed_fields, disputed_fields_of
from storage.conflicts.resolve import ConflictedRecord, conflicted_record, resolve
from storage.ops.op import DELETED
from storage.records import Judgment
from storage.records.registry import KINDS, facts, field_label, free_text


@dataclass(frozen=True, slots=True)
class Conflict:
    """Holds something that has more than one answer.

    Attributes:
        id: ``kind/record/field``, by which it is named.
        label: what a person calls the record.
        word: what the answer is called.
        fields: the fields that are decided together.
        sides: the answers, the one shown first at the head.
        deletion: a deletion that an edit beat; the sides are the edit, then the deletion.
        hidden: it may not be shown, because the force's grade of the case is not revealed.
        combined: the field in which another wording may be written instead; empty where one of
            the answers has to be kept.
    """

    id: str
    kind: str
    record: str
    inspection: str
    label: str
    word: str
    fields: tuple[str, ...]
    sides: tuple[Side, ...]
    deletion: bool
    hidden: bool
    combined: str

    @property
    def can_combine(self) -> bool:
        """Say whether another wording may be written instead of the answers."""
        return bool(self.combined)


def listing(s: Session, inspection_id: str = "") -> list[Conflict]:
    """Return every conflict, those of one inspection where it is named; by what they are called."""
    conflicts: list[Conflict] = []
    for kind, record in conflicted_fields(s.connection()):
        if kind not in KINDS:
            continue
        inspection = inspection_of(s, kind, record)
        if inspection_id and inspection and inspection != inspection_id:
            continue
        conflicts += _conflicts_of(s, conflicted_record(s, kind, record), inspection)
    return sorted(conflicts, key=lambda one: (one.label, one.word, one.id))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Says how many conflicts wait for a decision.

    Attributes:
        here: in one inspection, as its page lists them.
        elsewhere: in each other inspection, by what it is called.
    """

    here: int
    elsewhere: dict[str, int]

    @property
    def others(self) -> str:
        """Return where others wait, in words; empty where none do."""
        return "; ".join(f"{count} more in {name}" for name, count in self.elsewhere.items())


def waiting(s: Session, inspection_id: str) -> Waiting:
    """Return how many wait in an inspection, and in the others."""
    counts: Counter[str] = Counter()
    for (kind, record), names in conflicted_fields(s.connection()).items():
        if kind in KINDS:
            where = inspection_of(s, kind, record) or inspection_id
            counts[where] += len(_groups(kind, set(names)))
    own = counts.pop(inspection_id, 0)
    return Waiting(own, {label(s, "inspection", one): n for one, n in sorted(counts.items())})


def answered_twice(s: Session, judgments: Iterable[str]) -> frozenset[str]:
    """Return those of some judgments, by id, whose grade or state has more than one answer."""
    fields_of = disputed_fields_of(s.connection(), Judgment.KIND, judgments)
    answer = set(Judgment.TOGETHER["grade"])
    return frozenset(record for record, names in fields_of.items() if answer & set(names))


def judgments_answered_twice(s: Session) -> frozenset[str]:
    """Return the ids of all judgments whose grade or state has more than one answer."""
    answer = set(Judgment.TOGETHER["grade"])
    return frozenset(
        record
        for (kind, record), names in conflicted_fields(s.connection()).items()
        if kind == Judgment.KIND and answer & set(names)
    )


def words_of(kind: str, names: Iterable[str]) -> list[str]:
    """Return what is in conflict where these fields are, as a list of conflicts calls it."""
    groups = _groups(kind, {name for name in names if not facts(kind, name).following})
    return [_word(kind, group) for group in groups]


def _conflicts_of(s: Session, conflicted: ConflictedRecord, inspection: str) -> list[Conflict]:
    kind, record = conflicted.kind, conflicted.record
    hidden = visibility.hidden_fields(s, kind, record)
    sides = Sides(s, conflicted, hidden)
    listed = []
    for group in _groups(kind, set(disputed_fields(kind, conflicted.folded))):
        deletion = group == (DELETED,)
        masked = bool(hidden & conflicted.folded.conflicts.keys() & set(group))
        listed.append(
            Conflict(
                id=f"{kind}/{record}/{group[0]}",
                kind=kind,
                record=record,
                inspection=inspection,
                label=label(s, kind, record),
                word=_word(kind, group),
                fields=group,
                sides=sides.deletion() if deletion else sides.of(group),
                deletion=deletion,
                hidden=masked,
                combined="" if masked else _combined(conflicted, group),
            )
        )
    return listed


def _word(kind: str, group: tuple[str, ...]) -> str:
    if group == (DELETED,):
        return "deleted or kept"
    together = (called for called, fields in KINDS[kind].TOGETHER.items() if fields == group)
    return next(together, None) or field_label(kind, group[0])


def _groups(kind: str, names: set[str]) -> list[tuple[str, ...]]:
    """Return what is decided at once: groups of which a field is in conflict, and single fields."""
    undecided = set(names)
    groups: list[tuple[str, ...]] = []
    for together in KINDS[kind].TOGETHER.values():
        if undecided & set(together):
            groups.append(together)
            undecided -= set(together)
    return groups + [(one,) for one in sorted(undecided)]


def _combined(conflicted: ConflictedRecord, group: tuple[str, ...]) -> str:
    """Return the one field in which the answers differ, where it is free text; empty otherwise."""
    if group == (DELETED,):
        return ""
    answers = [one.values for one in conflicted.answers(group)]
    names = [name for name in group if not facts(conflicted.kind, name).following]
    differ = [name for name in names if any(one[name] != answers[0][name] for one in answers)]
    alone = len(differ) == 1 and free_text(conflicted.kind, differ[0])
    return differ[0] if alone else ""


def decide(
    s: Session, conflict_id: str, *, keep: str = "", instead: str | None = None, reason: str = ""
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
    conflicted = conflicted_record(s, kind, record)
    groups = _groups(kind, set(disputed_fields(conflicted.kind, conflicted.folded)))
    group = next((one for one in groups if name in one), None)
    if group is None:
        raise NotThereError(
            "That is not in conflict any more. Nothing was changed. “fieldkit conflicts” shows "
            "what is left."
        )
    called, word = label(s, kind, record), _word(kind, group)
    in_dispute = conflicted.folded.conflicts.keys() & set(group)
    if in_dispute & visibility.hidden_fields(s, kind, record):
        raise RefusedError(
            f"{called}: {HIDDEN}. Nothing was changed. Judge the case and reveal the force's grade "
            "first."
        )
    if needs_reason(s, kind, record, group) and not reason.strip():
        raise RefusedError(
            f"{called}: a decision here changes what was settled before, so it needs a reason. "
            "Nothing was changed. Say why."
        )
    if group == (DELETED,) and instead is None:
        return _decide_deletion(s, conflicted, called, keep, reason)
    if instead is None:
        resolve(s, kind, record, _chosen(conflicted, group, keep).values, reason)
        return f"{called}, {word}: decided."
    differs = _combined(conflicted, group)
    if not differs:
        raise RefusedError(
            f"{called}: {word} is no free text, so one of the answers has to be kept. Nothing was "
            "changed."
        )
    resolve(s, kind, record, conflicted.answers(group)[0].values | {differs: instead}, reason)
    return f"{called}, {word}: written anew; it counts instead of all answers."


def _decide_deletion(
    s: Session, conflicted: ConflictedRecord, called: str, keep: str, reason: str
) -> str:
    writes = [*conflicted.folded.leaves[DELETED], *conflicted.edits]
    chosen = next((one for one in writes if str(one.id) == keep), None)
    if chosen is None:
        raise _no_such_answer()
    deleted = bool(chosen.fields.get(DELETED))
    resolve(s, conflicted.kind, conflicted.record, {DELETED: deleted}, reason)
    return f"{called}: {'deleted' if deleted else 'kept'}."


def needs_reason(s: Session, kind: str, record: str, fields: tuple[str, ...]) -> bool:
    """Say whether deciding it changes a revealed grade, or a wording agreed with the force."""
    row = s.get(KINDS[kind], record)
    if kind == "judgment" and "grade" in fields:
        return bool(visibility.is_revealed(s, getattr(row, "case_id", "")))
    if kind == "note" and "text" in fields:
        return bool(getattr(row, "finalised", False))
    return kind == "debrief_point" and bool(getattr(row, "frozen_at", ""))


def _chosen(conflicted: ConflictedRecord, group: tuple[str, ...], keep: str) -> Answer:
    for answer in conflicted.answers(group):
        if str(answer.op.id) == keep:
            return answer
    raise _no_such_answer()


def _no_such_answer() -> NotThereError:
    return NotThereError(
        "None of the answers is the one named. Nothing was changed. “fieldkit conflicts” names "
        "each answer."
    )


def _parts(conflict_id: str) -> tuple[str, str, str]:
    kind, _, place = conflict_id.partition("/")
    record, _, name = place.rpartition("/")
    if kind not in KINDS or not record or not name:
        raise NotThereError(
            f"No conflict is called “{conflict_id}”. Nothing was changed. “fieldkit conflicts” "
            "names them."
        )
    return kind, record, name
