"""What left or may leave, what central confirmed, what was looked at (DPA 2018, section 62)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from sqlmodel import Field, Session, col, select

from storage.records.model.base import Answers, Record
from storage.records.model.fields import (
    By,
    Code,
    Facts,
    Moment,
    OpPlace,
    Text,
    Texts,
    json_dict,
    json_list,
)


class LogRecord(Record):
    """Is the base of the records about sending and looking; they follow by themselves."""

    COUNTED = False
    REDACTABLE = False
    EXPLAINED = False
    UNDOABLE = False
    REMOVED_BY = "maker"


class Epoch(LogRecord, table=True):
    """Says that a laptop went on from a backup; ``before`` names the heads it had then."""

    KIND = "epoch"

    at: Annotated[Moment, Facts("time")]
    why: Text
    before: dict[str, Any] = json_dict()


class Consultation(LogRecord, table=True):
    """Says that a record was opened, once for each unlocking (DPA 2018, section 62)."""

    KIND = "consultation"
    UNDER = "of_id"
    ONCE = ("of_kind", "of_id")
    MADE = "consult"

    of_kind: Code
    of_id: Annotated[str, Facts(code=True)]


class Disclosure(LogRecord, table=True):
    """Says what left this laptop, when and to whom; ``covers``, up to which op of each feed.

    ``to`` names colleagues' laptops, and nobody where it is central. What left as a file that
    anybody can read has no ``bundle``; ``whereabouts`` is what a person said of that file since.
    """

    KIND = "disclosure"
    LABEL = "{what}"
    ONCE = ("inspection_id",)
    MADE = "disclose"
    OPERATIONS: ClassVar[Answers] = {"disclosure": ("whereabouts",)}

    inspection_id: str = ""
    what: Text
    recipient: Text
    at: Annotated[Moment, Facts("time")]
    bundle: str = ""
    sha256: str = ""
    with_key: bool = False
    to: Texts = json_list()
    covers: dict[str, Any] = json_dict()
    counts: dict[str, Any] = json_dict()
    whereabouts: Annotated[Text, Facts("where the file is now")] = ""


class Receipt(LogRecord, table=True):
    """Says that central has verified and kept everything up to an op of a feed."""

    KIND = "receipt"

    central: Code
    at: Annotated[Moment, Facts("time")]
    covers: dict[str, Any] = json_dict()
    sha256: str = ""


class Erasure(LogRecord, table=True):
    """Says that the bytes of an inspection's ops were taken off the laptop that says so.

    Metadata only: how many records of each kind, up to which op of which feed, and how many of
    them (``keys``) central never had; ``receipt`` is the SHA-256 of the one it rests on. It changes
    nothing on any other laptop.
    """

    KIND = "erasure"
    UNDER = "inspection_id"
    ONCE = ("inspection_id",)
    MADE = "erase"

    inspection_id: str
    at: Annotated[Moment, Facts("time")]
    covers: dict[str, Any] = json_dict()
    counts: dict[str, Any] = json_dict()
    ops: int = 0
    receipt: str = ""
    keys: int = 0


class LetPass(Record, table=True):
    """Says that a person lets something pass that looks like an identifier, and why.

    It holds no word of it: ``text_op`` names the op that wrote the text, ``place`` and ``length``
    where in it. Whoever writes the text anew is asked again.
    """

    KIND = "let_pass"
    PLURAL = "identifiers let pass"
    LABEL = "let pass in {of_id}"
    # It holds its own reason.
    EXPLAINED = False
    UNDER = "of_id"
    ORDER = ("at", "id")
    ONCE = ("inspection_id", "of_kind", "of_id", "field", "text_op", "place", "length")

    inspection_id: str = Field(index=True)
    of_kind: Code
    of_id: Annotated[str, Facts(code=True, tacit=True)]
    field: Code
    text_op: Annotated[OpPlace, Facts(code=True, tacit=True)]
    place: Annotated[int, Facts(tacit=True)] = 0
    length: Annotated[int, Facts(tacit=True)] = 0
    looks_like: Code = ""
    reason: Text
    at: Annotated[Moment, Facts("time")] = ""
    by: By = ""


def disclosures(session: Session) -> list[Disclosure]:
    """Return what left, in order."""
    return list(session.exec(select(Disclosure).order_by(col(Disclosure.at), col(Disclosure.id))))


def receipts(session: Session) -> list[Receipt]:
    """Return the receipts taken back, in order."""
    return list(session.exec(select(Receipt).order_by(col(Receipt.at), col(Receipt.id))))
