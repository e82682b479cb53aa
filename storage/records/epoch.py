"""The beginning of another life of a vault: the first op of its new feeds."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.records.base import Form, Moment, Record, Text


class EpochForm(Form):
    """Validates the beginning of an epoch."""

    at: Moment
    why: Text
    before: dict[str, Any] = Field(default_factory=dict)


class Epoch(EpochForm, Record, table=True):
    """That a laptop went on from a backup; ``before`` names the heads of its earlier feeds."""

    KIND: ClassVar[str] = "epoch"

    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
