"""Redacting takes words out of a record for good, and says where they may still be.

For what should never have been typed, such as a child's name. The ops that hold the words become
stubs, here and wherever the redact op arrives; its entries keep their other fields. Redacting is
not erasing: the record stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

from storage.database.tables import drafts
from storage.errors import FieldkitError
from storage.feed import search
from storage.feed.journal import because, writing
from storage.feed.read import leaves_of, ops_of, written_of
from storage.ops.canonical_json import dumps
from storage.ops.fold import WRITES
from storage.ops.op import Op, OpId, op_id
from storage.ops.redactions import (
    REASON,
    REDACT,
    REDACTED_TEXT,
    Entry,
    earlier_redaction_of,
    earlier_redactions,
    effective_ops,
    entries,
    entries_by_op,
    entry_of,
    fits,
)
from storage.ops.text import clean_text
from storage.records import Record
from storage.records.registry import KINDS, free_text, holds_words, known_fields, redacted_value
from storage.redaction.quotes import names_in, pieces_of, quotes_any, texts_of
from storage.redaction.stubs import enforce_redactions

TOGETHER = 100
"""Entries in one redact op."""
MAX_REDACTION_BYTES = 8 * 1024 * 1024
"""Bytes of the entries of one redact op: half of what a bundle carries in one line."""


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
    written = written_of(connection, kind, record)
    known = sorted(effective_ops(written), key=lambda one: one.order)
    going = [one for one in known if _wrote(one, field, kind) and one.fields[field] != instead]
    hidden = _hidden(written, known)
    if not going and not hidden:
        raise _no_words(kind, field)
    texts = [text for one in going for text in texts_of(one.fields[field])]
    removed = pieces_of(texts, instead)
    sought = [*removed, *names_in(texts, instead)]
    places, restated, earlier = _restate(kind, field, written, known, going, hidden, sought)
    with writing(session, (kind, record)) as writer:
        for fields in _batches(field, restated, earlier):
            why = clean_text(reason).strip()
            writer.append(KINDS[kind].FEED, REDACT, (kind, record), fields, [], why)
        writer.flush()
        enforce_redactions(connection, {(kind, record)})
    search.scrub(connection)
    _drop_drafts(session, kind, record, field, removed)
    session.info["scrub"] = True
    since = min((op.wall for op in known if op.id in places and op.wall), default="")
    return Redaction(kind, record, field, tuple(places), since, tuple(removed))


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


def _hidden(written: list[Op], known: list[Op]) -> set[OpId]:
    """Return the ops that are gone of which a redaction still tells words that another took out.

    Two people redacted different fields of one op without sight of each other.
    """
    told = entries_by_op(written)
    here = {op.id for op in written}
    gone = [op for op in known if op.id in told and op.id not in here]
    return {
        op.id
        for op in gone
        for _, entry in told[op.id]
        if any(entry["fields"].get(name, value) != value for name, value in op.fields.items())
    }


def _restate(
    kind: str,
    field: str,
    written: list[Op],
    known: list[Op],
    going: list[Op],
    hidden: set[OpId],
    sought: list[str],
) -> tuple[list[OpId], list[Entry], list[Entry]]:
    """Return the ops whose bytes are to go, what is left of each, and the redactions that go too.

    An earlier redact op holds the other fields of the ops it redacted; what it holds of this one
    must go as well, and so all its entries are repeated that count, and those of these very ops
    that do not. So are those of redactions that took words out of the same field. Fields not known
    here are left out, as nobody here can say whether they quote the words.
    """
    told = entries_by_op(written)
    present = {op.id: op for op in written}
    going_ids = {op.id for op in going}
    # What was taken out of this field before, too: that redaction's laptop may be revoked.
    again = {place for place, pairs in told.items() if any(field in e["gone"] for _, e in pairs)}
    before = {one.id: one for place in going_ids | hidden | again for one, _ in told.get(place, ())}
    repeated = {op_id(entry["id"]) for one in before.values() for entry in entries(one)}
    places: list[OpId] = []
    restated: list[Entry] = []
    for op in known:
        if op.id not in going_ids | repeated:
            continue
        several = [entry for _, entry in told.get(op.id, ())]
        here = present.get(op.id)
        if here is not None and op.id not in going_ids:
            several = [entry for entry in several if fits(entry, here)]
        redacted = {name for entry in several for name in entry["gone"]}
        replacements = {name: redacted_value(kind, name) for name in redacted & op.fields.keys()}
        if op.id in going_ids:
            replacements[field] = redacted_value(kind, field)
        reason_gone = REASON in redacted or quotes_any(op.reason or "", sought)
        if replacements or reason_gone:
            names = known_fields(kind) | replacements.keys()
            fields = {name: value for name, value in op.fields.items() if name in names}
            # Whose laptop made it is told, also where an earlier redaction told of it.
            op = replace(op, fields=fields, who=several[0]["who"] if several else op.who)
            entry = entry_of(op, replacements, reason_gone=reason_gone)
            restated.append(_shortened(kind, entry))
            places.append(op.id)
    earlier = [earlier_redaction_of(one) for one in before.values()]
    earlier += [each for one in before.values() for each in earlier_redactions(one)]
    return places, restated, list({each["id"]: each for each in earlier}.values())


def _shortened(kind: str, entry: Entry) -> Entry:
    """Take the longest words out of an entry, too, until it is none that no bundle could carry."""
    fields, gone = entry["fields"], set(entry["gone"])
    while len(dumps(entry)) > MAX_REDACTION_BYTES:
        words = [name for name in fields.keys() - gone if redacted_value(kind, name) is not None]
        if not words:
            break
        longest = max(sorted(words), key=lambda name: len(dumps(fields[name])))
        fields[longest] = redacted_value(kind, longest)
        gone.add(longest)
        entry["gone"] = sorted(gone)
    return entry


def _batches(field: str, restated: list[Entry], earlier: list[Entry]) -> Iterator[dict[str, Any]]:
    """Return the fields of as many redact ops as are needed, none of them too long.

    The earlier redactions come last: they go when all that they said is here anew.
    """
    fields: dict[str, Any] = {"field": field, "entries": []}
    number = length = 0
    for name, each in [
        *(("entries", entry) for entry in restated),
        *(("also", one) for one in earlier),
    ]:
        added = len(dumps(each))
        if number == TOGETHER or (number and length + added > MAX_REDACTION_BYTES):
            yield fields
            fields, number, length = {"field": field, "entries": []}, 0, 0
        fields.setdefault(name, []).append(each)
        number, length = number + 1, length + added
    yield fields


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
