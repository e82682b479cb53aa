"""Redacts in a person's words: what can be taken out, and where it may still be afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session

from fieldkit.service import RefusedError, author, filled
from fieldkit.visibility import hidden_fields
from fieldkit.wording.dates import at_words, short_moment
from fieldkit.wording.labels import label
from storage.feed.drafts import listed
from storage.ops.op import OpId
from storage.records.log import disclosures
from storage.records.registry import KINDS, field_label, free_text, noun
from storage.redaction import redact as redacting
from storage.redaction.quotes import START, Quotation, quotations_after, quotes_any, texts_of
from storage.redaction.redact import Redaction, redactable, wordings_of
from storage.trust.current import laptops, roster_in
from storage.vault.attachments import attachments

if TYPE_CHECKING:
    from storage.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Redactable:
    """Holds a field of a record with words in it.

    Attributes:
        field: its name.
        label: what it is called.
        text: its wording now; empty where it may not be shown.
        wordings: how many wordings of it are kept.
        free: any text may be put in its place.
    """

    field: str
    label: str
    text: str
    wordings: int
    free: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """Names another field that holds some of the words; ``gone`` where only its history does."""

    kind: str
    record: str
    field: str
    label: str
    gone: bool

    @property
    def text(self) -> str:
        """Return the place in a line, with what to type to redact it too."""
        earlier = " (an earlier wording)" if self.gone else ""
        return f"{self.label}, {field_label(self.kind, self.field)}{earlier}"

    @property
    def command(self) -> str:
        """Return the command that redacts it."""
        return f"fieldkit redact {self.record[:8]} {self.field} --reason …"


@dataclass(frozen=True, slots=True)
class Reach:
    """Says where the words may still be, each in a sentence's own words.

    Attributes:
        backups: copies of this vault made while the words were in it.
        bundles: exported files that hold them.
        laptops: colleagues' laptops, until they merge the redaction.
        central: the organisation's central, until it takes the redaction in; or empty.
        drafts: texts being typed that hold them.
        files: files of imports that are kept in the vault, and may hold them.
    """

    backups: tuple[str, ...]
    bundles: tuple[str, ...]
    laptops: tuple[str, ...]
    central: str
    drafts: tuple[str, ...]
    files: tuple[str, ...] = ()


def redactable_fields(s: Session, kind: str, record: str) -> list[Redactable]:
    """Return the fields of a record from which words can be taken."""
    row = s.get(KINDS[kind], record) if kind in KINDS else None
    hidden = hidden_fields(s, kind, record)
    fields = []
    for name in redactable(kind):
        count = len(wordings_of(s, kind, record, name))
        if count:
            shown = [] if name in hidden or row is None else texts_of(getattr(row, name))
            text, free = "\n".join(shown), free_text(kind, name)
            fields.append(Redactable(name, field_label(kind, name), text, count, free))
    return fields


def called(s: Session, kind: str, record: str, field: str, pieces: Iterable[str] = ()) -> str:
    """Return how a record is called without a word of what is taken out of it.

    Args:
        s: a session.
        kind: of the record.
        record: its id.
        field: the one that is redacted.
        pieces: what was taken out of it, where it was.
    """
    text = label(s, kind, record, without=field)
    return f"a {noun(kind)}" if quotes_any(text, pieces) else text


def redact(
    s: Session, kind: str, record: str, field: str, reason: str, instead: str | None = None
) -> Redaction:
    """Take every wording of a field away, and put ``instead`` in its place.

    ``field`` is its name or what it is called. Raises ``RefusedError`` without a reason and
    ``NotRedactableError`` where there is nothing to take away.
    """
    reason = filled(reason, "The reason")
    words = field.strip().casefold().replace(" ", "_")
    pairs = ((name, field_label(kind, name).replace(" ", "_")) for name in redactable(kind))
    if instead is not None and not instead.strip():
        instead = None
    name = next((pair[0] for pair in pairs if words in pair), field.strip())
    return redacting.redact(s, kind, record, name, reason, instead=instead)


def present_wording(s: Session, kind: str, record: str, field: str) -> str:
    """Return the wording of a field now; raises ``RefusedError`` where none may be shown."""
    for candidate in redactable_fields(s, kind, record):
        if field.strip().casefold() in (candidate.field, candidate.label) and candidate.text:
            return candidate.text
    raise RefusedError(
        "No wording of this field stands that could stay. Nothing was changed. Leave the option "
        "out to redact all of it."
    )


def reach_of(s: Session, done: Redaction, backups: list[tuple[str, str]]) -> Reach:
    """Return what the redaction does not reach; ``backups`` is the name and time of each."""
    roster = roster_in(s.connection())
    own = author(s).device
    names = laptops(s.connection())
    colleagues = [one for one in (roster.devices if roster else ()) if one.id != own]
    bundles = [
        f"{sent.what.removeprefix('bundle ')}, {short_moment(sent.at)}, for {sent.recipient}"
        for sent in disclosures(s)
        if any(_covers(sent.covers, op) for op in done.ops)
    ]
    waiting = [*listed(s), *listed(s, discarded=True)]
    return Reach(
        backups=tuple(f"{name}, {short_moment(at)}" for name, at in backups if at >= done.since),
        bundles=tuple(bundles),
        laptops=tuple(f"{names.get(one.id, one.name)} of {one.person}" for one in colleagues),
        central=f"central of {roster.org}" if roster else "",
        drafts=tuple(
            "one whose name holds the words" if quotes_any(one.label, done.pieces) else one.label
            for one in waiting
            if quotes_any(one.text, done.pieces)
        ),
        files=tuple(f"{one.name}, kept {at_words(one.at)}" for one in attachments(s)),
    )


def _covers(covers: dict[str, object], op: OpId) -> bool:
    to = covers.get(str(op.feed))
    return type(to) is int and to >= op.seq


def quoted_elsewhere(vault: Vault, done: Redaction) -> list[Quoted]:
    """Return other records, or earlier wordings of them, that hold some of the words.

    Looks through every op in slices; not to be called on the clerk's own thread.
    """
    places: dict[Quotation, None] = {}
    after: OpId | None = START
    while after is not None:
        after, some = vault.read_now(quotations_after, done.pieces, done.record, after)
        places.update(dict.fromkeys(some))
    return vault.read_now(_quoted, done, list(places))


def _quoted(s: Session, done: Redaction, places: list[Quotation]) -> list[Quoted]:
    quoted = []
    for kind, record, name in places:
        if name not in redactable(kind):
            continue
        now = s.get(KINDS[kind], record)
        texts = texts_of(getattr(now, name)) if now is not None else []
        is_earlier = not any(quotes_any(text, done.pieces) for text in texts)
        title = called(s, kind, record, name, done.pieces)
        quoted.append(Quoted(kind, record, name, title, is_earlier))
    return quoted


def redaction_text(called: str, done: Redaction, far: Reach, also: list[Quoted]) -> str:
    """Return what was done and what it does not reach, in lines for a person."""
    count = len(done.ops)
    ops = "one entry" if count == 1 else f"{count} entries"
    lines = [
        f"Redacted: {called}, {field_label(done.kind, done.field)}. The bytes of {ops} are gone on "
        "this laptop, and wherever the redaction arrives."
    ]
    places = [
        *(f"backup {one}" for one in far.backups),
        *(f"bundle {one}" for one in far.bundles),
        *(f"{one}, until it merges your next bundle" for one in far.laptops),
        *([f"{far.central}, until it takes your next bundle in"] if far.central else []),
        *(f"text being typed: {one}" for one in far.drafts),
        *(f"the file of an import, which may hold them: {one}" for one in far.files),
    ]
    places.append("what a solid-state disk keeps of old blocks")
    lines += ["", "It does not reach:", *(f"  {one}" for one in places)]
    if also:
        lines += ["", "The words also stand in these, which you may redact too:"]
        lines += [f"  {one.text}  ({one.command})" for one in also]
    if far.backups or far.bundles:
        lines += ["", "Delete those files yourself where you may."]
    return "\n".join(lines)
