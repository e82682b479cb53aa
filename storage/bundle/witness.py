"""A witness to the writing of a file: opens it again without being one of its addressees.

The sender of a bundle is never among its recipients, so that a stolen laptop opens no captured
bundle; and yet what was written must be read back before anyone is told that it was.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.age import Recipient
from storage.age.header import Stanza


class Witness:
    """Sees the file key while a recipient wraps it, and is an identity for that one file."""

    def __init__(self) -> None:
        self._file_key: bytes | None = None

    def beside(self, recipient: Recipient) -> Recipient:
        """The same recipient, watched."""
        return _Watched(recipient, self)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key that was seen; the header's own seal then proves that it is this file's."""
        return self._file_key

    def see(self, file_key: bytes) -> None:
        """Remember the key until the witness is let go."""
        self._file_key = file_key


class _Watched:
    def __init__(self, recipient: Recipient, witness: Witness) -> None:
        self._recipient = recipient
        self._witness = witness

    @property
    def kind(self) -> str:
        """The stanza kind."""
        return self._recipient.kind

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap as the recipient does."""
        self._witness.see(file_key)
        return self._recipient.wrap(file_key)
