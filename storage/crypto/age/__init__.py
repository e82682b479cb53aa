"""The age v1 file format (c2sp.org/age) on the ``cryptography`` package.

age keeps a file's content from everyone but its recipients; it says nothing about the sender, so
what is inside must be signed. Bundles are written with ``encrypt`` and taken in with
``decrypt_to``, whose default policy refuses passphrases, text armor and mixed kinds of keys.
"""

from storage.crypto.age.errors import (
    AgeError,
    ArmorError,
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
    decrypt_to,
    encrypt,
    encrypt_bytes,
)
from storage.crypto.age.keys import (
    KeyIdentity,
    KeyRecipient,
    generate_identity,
    parse_identity,
    parse_recipient,
)
from storage.crypto.age.policy import ANY_AGE_FILE, IMPORT, MAX_STANZAS, Policy
from storage.crypto.age.recipients import Identity, Recipient
from storage.crypto.age.scrypt import ScryptIdentity, ScryptRecipient

__all__ = [
    "ANY_AGE_FILE",
    "IMPORT",
    "MAX_STANZAS",
    "AgeError",
    "ArmorError",
    "HeaderError",
    "Identity",
    "KeyIdentity",
    "KeyRecipient",
    "KeyTextError",
    "MacError",
    "NoMatchError",
    "PayloadError",
    "Policy",
    "PolicyError",
    "Reader",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "Writer",
    "decrypt",
    "decrypt_bytes",
    "decrypt_to",
    "encrypt",
    "encrypt_bytes",
    "generate_identity",
    "parse_identity",
    "parse_recipient",
]
