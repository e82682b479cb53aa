"""Bundles made by hand, for what no fieldkit would write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.bundle.limits import padded_size
from storage.bundle.manifest import (
    RECEIPT,
    Item,
    Manifest,
    Segment,
    audience_id,
    signed_head,
)
from storage.bundle.write import Content, Draft, Row, SignedSegment
from storage.crypto import age
from storage.crypto.signing import MANIFEST, SEGMENT, Signed, sign, signature_line
from storage.ops import canonical_json
from storage.ops.clock import stamp, wall_ms, wall_text
from storage.ops.op import MAIN, FeedId, Op, OpId, digest, first_head, next_head
from storage.trust.receipt import document_digest as sha256
from storage.trust.roster import Roster
from storage.vault.vault import Vault


def an_op(vault: Vault, seq: int, kind: str = MAIN, **over: Any) -> Op:
    values: dict[str, Any] = {
        "id": OpId(vault.author.device, vault.author.epoch, kind, seq),
        "hlc": stamp(wall_ms(), seq),
        "wall": wall_text(wall_ms()),
        "who": vault.person.id,
        "op": "create",
        "record": ("note", f"00000000-0000-4000-8000-{seq:012}"),
        "fields": {"inspection_id": "i", "parent_kind": "case", "parent_id": "c", "text": "t"},
    }
    return Op(**(values | over))


def craft(
    vault: Vault,
    roster: Roster,
    folder: Path,
    ops: Sequence[bytes | Op],
    *,
    first: int = 1,
    prev: bytes | None = None,
    kind: str = MAIN,
    epoch: int | None = None,
    to: Vault | None = None,
    along: Signed | None = None,
    signed_by: Ed25519PrivateKey | None = None,
    **over: Any,
) -> Path:
    """A bundle of one segment by ``vault``'s laptop, soundly signed and chained.

    It is for central, or for a colleague; a receipt may travel ``along``, and the whole may be
    ``signed_by`` another key.
    """
    feed = FeedId(vault.author.device, epoch or vault.author.epoch, kind)
    rows: list[Row] = []
    before = head = first_head(feed) if prev is None else prev
    for seq, one in enumerate(ops, first):
        data = one.encode() if isinstance(one, Op) else one
        head = next_head(head, digest(data))
        rows.append((seq, data, digest(data)))
    segment = Segment(feed, first, first + len(rows) - 1, before, head)
    key = vault.identity.signing
    said = sign(key, SEGMENT, signed_head(feed, segment.last, head))
    own = to.identity.age_x25519 if to else None
    recipient = own.recipient().encode() if own else roster.central.recipients[0]
    items = (segment,) if along is None else (Item(RECEIPT, 2, sha256(along)), segment)
    values: dict[str, Any] = {
        "team": roster.team,
        "sender": vault.author.device,
        "created": wall_text(wall_ms()),
        "roster": roster.version,
        "audience": (audience_id(recipient),),
        "items": items,
    }
    content = Content(
        Manifest(**(values | over)),
        (SignedSegment(segment, vault.identity.public, said),),
        () if along is None else (along,),
        lambda _: iter([rows]),
    )
    draft = Draft(folder).write(content, signed_by or key, [age.parse_recipient(recipient)])
    return draft.publish()


def lines_of(path: Path, identity: age.Identity) -> list[bytes]:
    """The lines of a bundle, padding left out."""
    plain = age.decrypt_bytes(path.read_bytes(), [identity], limit=2**28)
    lines = plain.split(b"\n")
    return lines[: lines.index(b'{"t":"end"}') + 1]


def reseal(path: Path, lines: Sequence[bytes], recipient: str, *, pad: bool = True) -> Path:
    """Write other lines into a bundle, encrypted and padded as it must be."""
    plain = b"\n".join(lines) + b"\n"
    if pad:
        plain += b"\n" * (padded_size(len(plain)) - len(plain))
    path.write_bytes(age.encrypt_bytes(plain, [age.parse_recipient(recipient)]))
    return path


def remanifest(
    lines: list[bytes], vault: Vault, change: Callable[[dict[str, Any]], Any]
) -> list[bytes]:
    """The same lines with a changed manifest, signed anew by the laptop."""
    value = canonical_json.loads(lines[0])
    change(value)
    line = canonical_json.dumps(value)
    signature = sign(vault.identity.signing, MANIFEST, line)
    return [line, signature_line(vault.identity.public, signature), *lines[2:]]


def spellings(text: str) -> Iterator[bytes]:
    """A text as it might lie in a file by mistake: UTF-8, UTF-16, JSON and base 64."""
    import base64
    import json

    yield text.encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield json.dumps(text)[1:-1].encode()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + text.encode())
        # What depends on the neighbouring bytes is cut off at both ends.
        yield encoded[4 if offset else 0 : -4]
