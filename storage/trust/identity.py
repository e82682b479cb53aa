"""Who a laptop is: its signing key, its age identities, and the person who holds the vault.

All of it rests inside the encrypted database, never in a file of its own.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import asdict, dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy import Connection

from storage.crypto import age
from storage.crypto.fingerprint import keys_fingerprint
from storage.database.connection import driver
from storage.database.facts import CLOCK, CREATED, EPOCH, VAULT_ID, Fact
from storage.database.remembered import worked_out
from storage.ops import canonical_json
from storage.ops.clock import wall_ms, wall_text


@dataclass(frozen=True)
class Person:
    """Describes the vault's one person: an id that ops carry, and the name shown."""

    id: str
    name: str


def _age_identity(key: str) -> Fact[age.KeyIdentity]:
    return Fact(
        key, lambda one: one.encode().encode(), lambda data: age.parse_identity(data.decode())
    )


SIGNING = Fact(
    "signing_seed", lambda key: key.private_bytes_raw(), Ed25519PrivateKey.from_private_bytes
)
"""The laptop's signing key."""
AGE_PQ, AGE_X25519 = _age_identity("age_pq"), _age_identity("age_x25519")
"""The laptop's age identities."""
PERSON = Fact(
    "person",
    lambda person: canonical_json.dumps(asdict(person)),
    lambda data: Person(*map(canonical_json.loads(data).__getitem__, ("id", "name"))),
)
"""The vault's one person."""


def device_id(public: bytes) -> str:
    """Return a laptop's id: the first 16 hexadecimal digits of its signing key's SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def own_device(connection: Connection) -> str:
    """Return the id of the laptop whose vault this is."""
    ((seed,),) = driver(connection).execute(_FACT, (SIGNING.key,)).fetchall()
    known, digest = worked_out(connection, "own device"), hashlib.sha256(seed).digest()
    if digest not in known:
        known[digest] = device_id(public_bytes(SIGNING.decode(seed)))
    return str(known[digest])


_FACT = "SELECT value FROM meta WHERE key = ?"


def own_recipients(connection: Connection) -> dict[str, str]:
    """Return whom bundles for the laptop whose vault this is are encrypted to, by kind."""
    run = driver(connection).execute
    return {
        kind: _recipient(connection, *run(_FACT, (fact.key,)).fetchone())
        for kind, fact in (("pq", AGE_PQ), ("x25519", AGE_X25519))
    }


def _recipient(connection: Connection, secret: bytes) -> str:
    """Return the public half of a key; of the other nothing is kept but its digest."""
    known, digest = worked_out(connection, "own recipients"), hashlib.sha256(secret).digest()
    if digest not in known:
        known[digest] = age.parse_identity(secret.decode()).recipient().encode()
    return str(known[digest])


def public_bytes(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of a public signing key."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw()


class Identity:
    """Holds a laptop's keys, as they are kept in the vault's own facts."""

    def __init__(self, facts: dict[str, bytes]) -> None:
        self.signing = SIGNING.needed(facts)
        self.age_pq = AGE_PQ.needed(facts)
        self.age_x25519 = AGE_X25519.needed(facts)
        self.device = device_id(self.public)
        self.person = PERSON.needed(facts)

    @property
    def public(self) -> bytes:
        """Return the public signing key."""
        return public_bytes(self.signing)

    @property
    def recipients(self) -> dict[str, str]:
        """Return whom bundles for this laptop are encrypted to, by kind, as a roster has them."""
        keys = {"pq": self.age_pq, "x25519": self.age_x25519}
        return {kind: key.recipient().encode() for kind, key in keys.items()}

    @property
    def fingerprint(self) -> str:
        """Return the words of its keys, which its person reads to central's administrator."""
        return keys_fingerprint(self.public, self.recipients.values())

    @property
    def identities(self) -> list[age.Identity]:
        """Return every identity that may open a bundle made for this laptop."""
        return [self.age_pq, self.age_x25519]


def new_facts(vault_id: str, person_name: str) -> dict[str, bytes]:
    """Make the facts of a new vault: keys made here and now, and a person with a random id."""
    return (
        VAULT_ID.item(vault_id)
        | SIGNING.item(Ed25519PrivateKey.generate())
        | AGE_PQ.item(age.generate_identity(post_quantum=True))
        | AGE_X25519.item(age.generate_identity(post_quantum=False))
        | PERSON.item(Person(uuid.uuid4().hex[:12], person_name))
        | EPOCH.item(1)
        | CLOCK.item("")
        | CREATED.item(wall_text(wall_ms()))
    )
