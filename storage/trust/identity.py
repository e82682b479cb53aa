"""Who a laptop is: its signing key, its age identities, and the person who holds the vault.

All of it rests inside the encrypted database, never in a file of its own.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy import Connection, select

from storage.crypto import age
from storage.database.tables import meta
from storage.ops import canonical_json
from storage.ops.clock import wall_ms, wall_text


@dataclass(frozen=True)
class Person:
    """Describes the vault's one person: an id that ops carry, and the name shown."""

    id: str
    name: str


def device_id(public: bytes) -> str:
    """Return a laptop's id: the first 16 hexadecimal digits of its signing key's SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def own_device(connection: Connection) -> str:
    """Return the id of the laptop whose vault this is."""
    seed = connection.execute(select(meta.c.value).where(meta.c.key == "signing_seed")).scalar_one()
    return device_id(public_bytes(Ed25519PrivateKey.from_private_bytes(seed)))


def public_bytes(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of a public signing key."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw()


class Identity:
    """Holds a laptop's keys, as they are kept in the vault's own facts."""

    def __init__(self, facts: dict[str, bytes]) -> None:
        self.signing = Ed25519PrivateKey.from_private_bytes(facts["signing_seed"])
        self.age_pq = age.parse_identity(facts["age_pq"].decode())
        self.age_x25519 = age.parse_identity(facts["age_x25519"].decode())
        self.device = device_id(self.public)
        person = canonical_json.loads(facts["person"])
        self.person = Person(person["id"], person["name"])

    @property
    def public(self) -> bytes:
        """Return the public signing key."""
        return public_bytes(self.signing)

    @property
    def identities(self) -> list[age.Identity]:
        """Return every identity that may open a bundle made for this laptop."""
        return [self.age_pq, self.age_x25519]


def new_facts(vault_id: str, person_name: str) -> dict[str, bytes]:
    """Make the facts of a new vault: keys made here and now, and a person with a random id."""
    signing = Ed25519PrivateKey.generate()
    person = {"id": uuid.uuid4().hex[:12], "name": person_name}
    return {
        "vault_id": vault_id.encode(),
        "signing_seed": signing.private_bytes_raw(),
        "age_pq": age.generate_identity(post_quantum=True).encode().encode(),
        "age_x25519": age.generate_identity(post_quantum=False).encode().encode(),
        "person": canonical_json.dumps(person),
        "epoch": b"1",
        "clock": b"",
        "created": wall_text(wall_ms()).encode(),
    }
