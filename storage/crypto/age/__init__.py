"""The age v1 file format (c2sp.org/age) on the ``cryptography`` package.

age keeps a file's content from everyone but its recipients; it says nothing about the sender, so
what is inside must be signed. What arrives is taken in with ``decrypt``, which refuses files locked
with a passphrase, the text form ("armor") and mixed kinds of keys.
"""

from storage.crypto.age.errors import (
    AgeError,
    HeaderError,
    KeyTextError,
    MacError,
    NoMatchError,
    PayloadError,
    PolicyError,
)
from storage.crypto.age.file import (
    Reader,
    Writer,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
)
from storage.crypto.age.header import MAX_STANZAS
from storage.crypto.age.key_text import (
    KeyIdentity,
    KeyRecipient,
    generate_identity,
    parse_identity,
    parse_recipient,
)
from storage.crypto.age.recipients import Identity, Recipient

__all__ = [
    "MAX_STANZAS",
    "AgeError",
    "HeaderError",
    "Identity",
    "KeyIdentity",
    "KeyRecipient",
    "KeyTextError",
    "MacError",
    "NoMatchError",
    "PayloadError",
    "PolicyError",
    "Reader",
    "Recipient",
    "Writer",
    "decrypt",
    "decrypt_bytes",
    "encrypt",
    "encrypt_bytes",
    "generate_identity",
    "parse_identity",
    "parse_recipient",
]
