"""Why an age file, or a key for one, was refused: one class per kind of failure.

The classes are those of the public age test vectors (C2SP CCTV: "header failure", "no match",
"HMAC failure", "payload failure"), so that another program's verdict on the same file can be
compared with ours, and two of our own: a file that is in order but that our rules refuse, and a key
that cannot be read.
"""

from __future__ import annotations

from storage.errors import FieldkitError


class AgeError(FieldkitError):
    """Is the base of every refusal to read or write an age file."""


class HeaderError(AgeError):
    """The header does not keep to the age v1 format, or the file ends before its payload."""

    def __init__(self, detail: str) -> None:
        """``detail`` is a clause: what about the header is wrong."""
        super().__init__(
            f"This is not a sound age file: {detail}. Nothing was taken from it. "
            "Ask the sender for a fresh copy."
        )


class NoMatchError(AgeError):
    """The header is well formed, but none of the keys at hand opens it."""

    def __init__(self) -> None:
        super().__init__(
            "This file is not addressed to any key held here, or was damaged on the "
            "way. Nothing was taken from it. Check with the sender whom it was made for."
        )


class MacError(AgeError):
    """The header's own seal is wrong ("HMAC failure"): it was changed after it was made."""

    def __init__(self) -> None:
        super().__init__(
            "The header of this file was changed after it was made (HMAC failure). Nothing was "
            "taken from it. Ask the sender for a fresh copy."
        )


class PayloadError(AgeError):
    """The encrypted content is damaged, cut short, or followed by bytes that do not belong."""

    def __init__(self, detail: str) -> None:
        """``detail`` is a clause: what about the content is wrong."""
        super().__init__(
            f"The content of this file is not as it was made: {detail}. Nothing in it may be "
            "used. Ask the sender for a fresh copy."
        )


class PolicyError(AgeError):
    """The file may be a proper age file, but it is of a kind or size that is refused here."""


class KeyTextError(AgeError):
    """A recipient or identity that was typed or pasted cannot be read, or cannot be used."""
