"""Which age files are let in: the limits and kinds that a reader demands."""

from __future__ import annotations

from dataclasses import dataclass

MAX_STANZAS = 20
"""Most addressees of one file, written or read: a team, central, and room to spare."""

MAX_HEADER = 64 * 1024
"""Longest header in bytes: twenty post-quantum stanzas take about 32 KiB."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a reader accepts beyond what the age format itself demands.

    The defaults are those of the importer: a bundle is binary, is made for keys rather than for a
    passphrase (an scrypt stanza would let a stranger set us a very slow sum), and its addressees
    are all of one kind (one X25519 addressee undoes the post-quantum protection of the rest).
    """

    scrypt: bool = False
    armor: bool = False
    mixed: bool = False
    max_stanzas: int = MAX_STANZAS
    max_header: int = MAX_HEADER


IMPORT = Policy()
"""For bundles and everything else that arrives from outside."""

ANY_AGE_FILE = Policy(scrypt=True, armor=True, mixed=True)
"""For files that a person chose to open, and for the public test vectors."""
