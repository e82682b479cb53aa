"""What was looked at, how it is, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "beware", "mend"]
"""As it should be; worth knowing; to be mended before fieldkit is relied on."""


@dataclass(frozen=True)
class Finding:
    """Says how one part of the computer is.

    Attributes:
        subject: what was looked at, in a word or two.
        state: how it is.
        text: what is so.
        way: what to do about it; empty where it is as it should be.
    """

    subject: str
    state: State
    text: str
    way: str = ""
