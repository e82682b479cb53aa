"""Redacting takes words out of a record for good, and says where they may still be.

For what should never have been typed, such as a child's name. The ops that hold the words become
stubs, here and wherever the redact op arrives; its entries keep their other fields. Redacting is
not erasing: the record stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlmodel import Session

from storage.database.tables import drafts
from storage.errors import FieldkitError
from storage.feed import search
from storage.feed.journal import because, writing
from storage.feed.read import leaves_of, ops_of, with_known_entries, written_of
from storage.feed.writer import Writer
from storage.ops.fold import WRITES
from storage.ops.op import Op, OpId
from storage.ops.redactions import (
    REASON,
    REDACT,
    REDACTED_TEXT,
    earlier_redaction_of,
    earlier_redactions,
    effective_ops,
    entries,
    entry_of,
    superseded_redactions,
    without_false_entries,
)
from storage.ops.text import clean_text
from storage.records import Record
from storage.records.registry import KINDS, free_text, holds_words
from storage.redaction.quotes import names_in, pieces_of, quotes_any, texts_of
from storage.redaction.stubs import take_bytes

TOGETHER = 100
"""Entries in one redact op, so that its line stays far below a bundle's limit."""


class NotRedactableError(FieldkitError):
    """There are no words to take out of the field that was named."""


@dataclass(frozen=True)
class Redaction:
    """Says what a redaction took away.

    Attributes:
        kind, record, field: where.
        ops: the ops whose bytes went; ``since`` is when the earliest was written, ISO 8601.
        pieces: the words taken out, as far as they are looked for elsewhere.
    """

    kind: str
    record: str
    field: str
    ops: tuple[OpId, ...]
    since: str
    pieces: tuple[str, ...]


def redactable(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of record that may hold words a person wrote."""
    known = KINDS.get(kind)
    if known is None or not known.REDACTABLE:
        return ()
    return tuple(name for name in known.field_names() if holds_words(kind, name))


def draft_fields(field: str) -> tuple[str, str]:
    """Return the fields under which a redaction's own words are kept while they are typed."""
    return f"redact-{field}", "redact-reason"


def wordings_of(session: Session, kind: str, record: str, field: str) -> list[Any]:
    """Return what was ever written in a field and is still here, the earliest first."""
    written = sorted(ops_of(session.connection(), kind, record), key=lambda one: one.order)
    return [one.fields[field] for one in written if _wrote(one, field, kind)]


def redact(
    session: Session, kind: str, record: str, field: str, reason: str, *, instead: str | None = None
) -> Redaction:
    """Take every wording of a field away, and put ``instead`` in its place.

    Args:
        session: a writing session; the words are out of the file when its commit has returned.
        kind: the kind of record.
        record: its id; a deleted record's words can be redacted too.
        field: which field.
        reason: why, in the person's words.
        instead: the wording without what must go; that wording's own op stays where there is one.

    Raises:
        NotRedactableError: the field holds no words, or nothing but ``instead`` was written there.
    """
    if field not in redactable(kind):
        raise _no_words(kind, field)
    session.flush()
    row = session.get(KINDS[kind], record)
    if instead is not None:
        instead = _put_instead(session, row, kind, field, instead, reason)
    connection = session.connection()
    true_ops = _ops_with_true_entries(connection, kind, record)
    known = sorted(effective_ops(true_ops), key=lambda one: one.order)
    going = [one for one in known if _wrote(one, field, kind) and one.fields[field] != instead]
    if not going:
        raise _no_words(kind, field)
    texts = [text for one in going for text in texts_of(one.fields[field])]
    removed = pieces_of(texts, instead)
    sought = [*removed, *names_in(texts, instead)]
    with writing(session, (kind, record)) as writer:
        places = _write_redactions(writer, (kind, record), field, reason, known, going, sought)
        writer.flush()
        true_ops = _ops_with_true_entries(connection, kind, record)
        redactions = [one for one in true_ops if one.op == REDACT]
        take_bytes(connection, [*places, *superseded_redactions(redactions)])
    search.scrub(connection)
    _drop_drafts(session, kind, record, field, removed)
    session.info["scrub"] = True
    since = min((op.wall for op in known if op.id in places and op.wall), default="")
    return Redaction(kind, record, field, tuple(places), since, tuple(removed))


def _ops_with_true_entries(connection: Connection, kind: str, record: str) -> list[Op]:
    """Return the ops of a record, its redactions without entries that differ from ops here.

    An entry of an op that has not come here yet stays, to be repeated with the others.
    """
    written = written_of(connection, kind, record)
    present = {one.id: one for one in written if one.op != REDACT}
    return [
        without_false_entries(op, present) if op.op == REDACT else op
        for op in with_known_entries(connection, written, awaited=True)
    ]


def _no_words(kind: str, field: str) -> NotRedactableError:
    kind_words, fields = kind.replace("_", " "), ", ".join(redactable(kind))
    choice = f" The fields with words in a {kind_words} are {fields}." if fields else ""
    return NotRedactableError(
        f"There are no words to take out of the {field.replace('_', ' ')} of this {kind_words}. "
        f"Nothing was changed.{choice}"
    )


def _wrote(op: Op, field: str, kind: str) -> bool:
    empty: tuple[Any, ...] = ("", [], {}, REDACTED_TEXT, KINDS[kind].default(field))
    return op.op in WRITES and field in op.fields and op.fields[field] not in empty


def _put_instead(
    session: Session, row: Record | None, kind: str, field: str, instead: str, reason: str
) -> str:
    """Write the wording that replaces the others, where it does not yet, and return it."""
    if row is None or not free_text(kind, field):
        raise NotRedactableError(
            f"Nothing can be put in place of the {field.replace('_', ' ')} of this "
            f"{kind.replace('_', ' ')}. Nothing was changed. Redact it without words in its place."
        )
    leaves = leaves_of(session.connection(), kind, row.id).get(field, [])
    with because(session, reason, base={(row.id, field): sorted(one.id for one in leaves)}):
        row.change(**{field: instead})
    return str(getattr(row, field))


def _write_redactions(
    writer: Writer,
    record: tuple[str, str],
    field: str,
    reason: str,
    known: list[Op],
    going: list[Op],
    sought: list[str],
) -> list[OpId]:
    """Write the redact ops; returns the ops whose bytes are to go."""
    known_kind, going_ids = KINDS[record[0]], {str(op.id) for op in going}
    redactions = [op for op in known if op.op == REDACT]
    # An earlier redact op holds the other fields of the ops it redacted; what it holds of this one
    # must go as well, and so all its entries are repeated.
    earlier_ops = [op for op in redactions if any(one["id"] in going_ids for one in entries(op))]
    repeated = {entry["id"] for op in earlier_ops for entry in entries(op)}
    gone_before: dict[str, set[str]] = {}
    for op in redactions:
        for entry in entries(op):
            gone_before.setdefault(entry["id"], set()).update(entry["gone"])
    affected = [op for op in known if str(op.id) in going_ids | repeated]
    replacement: Any = REDACTED_TEXT if free_text(record[0], field) else known_kind.default(field)
    restated = []
    for op in affected:
        redacted = gone_before.get(str(op.id), set())
        replacements = {name: op.fields[name] for name in redacted if name in op.fields}
        if str(op.id) in going_ids:
            replacements[field] = replacement
        reason_gone = REASON in redacted or quotes_any(op.reason or "", sought)
        restated.append(entry_of(op, replacements, reason_gone=reason_gone))
    earlier = [earlier_redaction_of(op) for op in earlier_ops]
    earlier += [each for op in earlier_ops for each in earlier_redactions(op)]
    for first in range(0, len(restated), TOGETHER):
        fields: dict[str, Any] = {"field": field, "entries": restated[first : first + TOGETHER]}
        if first == 0 and earlier:
            fields["also"] = earlier
        writer.append(known_kind.FEED, REDACT, record, fields, [], clean_text(reason).strip())
    return [op.id for op in affected]


def _drop_drafts(
    session: Session, kind: str, record: str, field: str, removed: Iterable[str]
) -> None:
    """Drop what was being typed there, and discarded texts that hold the words."""
    connection = session.connection()
    of_record = drafts.c.place == f"{kind}/{record}"
    of_field = drafts.c.field.in_((field, *draft_fields(field)))
    connection.execute(delete(drafts).where(of_record, of_field))
    discarded = select(drafts.c.id, drafts.c.text).where(drafts.c.discarded.is_not(None))
    rows = connection.execute(discarded).all()
    quoting = [draft_id for draft_id, text in rows if quotes_any(text, removed)]
    connection.execute(delete(drafts).where(drafts.c.id.in_(quoting)))
