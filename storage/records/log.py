"""What left, what central confirmed, and what was looked at: section 62's operations as records."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, col, select

from storage.records.base import Form, Moment, Record, Text, Texts


class EpochForm(Form):
    """Validates the beginning of an epoch."""

    at: Moment
    why: Text
    before: dict[str, Any] = Field(default_factory=dict)


class Epoch(EpochForm, Record, table=True):
    """That a laptop went on from a backup; ``before`` names the heads of its earlier feeds."""

    KIND: ClassVar[str] = "epoch"

    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ConsultationForm(Form):
    """Validates a consultation."""

    of_kind: Text
    of_id: str


class Consultation(ConsultationForm, Record, table=True):
    """That a record was opened: one for each record and unlocking (DPA 2018, section 62)."""

    KIND: ClassVar[str] = "consultation"
    MADE: ClassVar[str] = "consult"


class DisclosureForm(Form):
    """Validates a disclosure; ``to`` names colleagues' laptops, and nobody where it is central."""

    inspection_id: str = ""
    what: Text
    recipient: Text
    at: Moment
    bundle: str = ""
    sha256: str = ""
    with_key: bool = False
    to: Texts = Field(default_factory=list)
    covers: dict[str, Any] = Field(default_factory=dict)
    counts: dict[str, Any] = Field(default_factory=dict)


class Disclosure(DisclosureForm, Record, table=True):
    """What left this laptop, when and to whom; ``covers`` says up to which op of which feed."""

    KIND: ClassVar[str] = "disclosure"
    MADE: ClassVar[str] = "disclose"

    to: Texts = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    covers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ReceiptForm(Form):
    """Validates a receipt taken back from central."""

    central: Text
    at: Moment
    covers: dict[str, Any] = Field(default_factory=dict)
    sha256: str = ""


class Receipt(ReceiptForm, Record, table=True):
    """That central has verified and kept everything up to an op of a feed."""

    KIND: ClassVar[str] = "receipt"

    covers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ErasureForm(Form):
    """Validates an erasure; ``receipt`` is the SHA-256 of the receipt it rests on."""

    inspection_id: str
    at: Moment
    covers: dict[str, Any] = Field(default_factory=dict)
    counts: dict[str, Any] = Field(default_factory=dict)
    ops: int = 0
    receipt: str = ""
    keys: int = 0


class Erasure(ErasureForm, Record, table=True):
    """That the bytes of an inspection's ops were taken off the laptop that says so.

    Metadata only: how many records of each kind, up to which op of which feed, and how many of
    them (``keys``) central never had. It changes nothing on any other laptop.
    """

    KIND: ClassVar[str] = "erasure"
    MADE: ClassVar[str] = "erase"

    covers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def disclosures(session: Session) -> list[Disclosure]:
    """What left, in order."""
    return list(session.exec(select(Disclosure).order_by(col(Disclosure.at), col(Disclosure.id))))


def receipts(session: Session) -> list[Receipt]:
    """The receipts taken back, in order."""
    return list(session.exec(select(Receipt).order_by(col(Receipt.at), col(Receipt.id))))
