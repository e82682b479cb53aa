"""Central's own keys: those in use, those that were replaced, and how one follows another.

All of them rest in the encrypted database behind ``vault.keys``, wherever the records lie. A new
key counts from the roster on that names it, so bundles made by an older roster still open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.crypto import age
from storage.crypto.age import KeyIdentity
from storage.database.facts import Fact
from storage.ops import canonical_json
from storage.ops.clock import days_after, wall_ms, wall_text
from storage.trust.identity import AGE_PQ, AGE_X25519, public_bytes
from storage.trust.roster import Central as CentralEntry
from storage.trust.roster import Roster
from storage.vault.vault import Vault

KIND = Fact.text("central_kind")
"""The fact that says this is central's vault, and whether its keys are ``pq`` or ``x25519``."""
_AGE, _SIGNING = (
    Fact[list[dict[str, Any]]](key, canonical_json.dumps, canonical_json.loads)
    for key in ("central_age", "central_signing")
)


@dataclass(frozen=True)
class OpeningKey:
    """A key that opens bundles.

    Attributes:
        identity: the key.
        replaced: when another took its place, ISO 8601 in UTC; empty for the one in use.
    """

    identity: KeyIdentity
    replaced: str = ""

    @property
    def recipient(self) -> str:
        """Return its public text."""
        return self.identity.recipient().encode()


class Keys:
    """The keys in central's vault. Facts are read anew each time: another process may write."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def kind(self) -> str:
        """Return ``pq`` or ``x25519``."""
        return KIND.needed(self._vault.facts_now())

    def opening(self) -> tuple[OpeningKey, ...]:
        """Return every key that opens bundles, the one in use last."""
        stored = self._vault.fact_now(_AGE)
        if not stored:
            own = self._vault.identity
            return (OpeningKey(own.age_pq if self.kind == "pq" else own.age_x25519),)
        return tuple(OpeningKey(age.parse_identity(one["key"]), one["replaced"]) for one in stored)

    def signing(self, roster: Roster | None = None) -> Ed25519PrivateKey:
        """Return the key that signs: the newest, or the one that a roster names."""
        keys = self._signing()
        if roster is not None:
            for one in keys:
                if public_bytes(one) == roster.central.sign_pk:
                    return one
        return keys[-1]

    def _signing(self) -> list[Ed25519PrivateKey]:
        stored = self._vault.fact_now(_SIGNING)
        if not stored:
            return [self._vault.identity.signing]
        return [Ed25519PrivateKey.from_private_bytes(bytes.fromhex(one["key"])) for one in stored]

    def entry(self) -> CentralEntry:
        """Return what the next roster says of central."""
        newest = self.opening()[-1]
        return CentralEntry(public_bytes(self.signing()), (newest.recipient,), self.kind)

    def are_named_by(self, roster: Roster) -> bool:
        """Say whether all that a roster says of central are keys of ours."""
        known = {one.recipient for one in self.opening()}
        signing = {public_bytes(one) for one in self._signing()}
        named = roster.central
        return named.sign_pk in signing and set(named.recipients) <= known

    def rotate(self, *, signing: bool) -> None:
        """Make a new key for bundles, and with ``signing`` one for receipts as well."""
        now = wall_text(wall_ms())
        before = [_kept(one, one.replaced or now) for one in self.opening()]
        fresh = OpeningKey(age.generate_identity(post_quantum=self.kind == "pq"))
        self._vault.set_fact_now(_AGE, [*before, _kept(fresh, "")])
        if signing:
            seeds = [one.private_bytes_raw().hex() for one in self._signing()]
            seeds.append(Ed25519PrivateKey.generate().private_bytes_raw().hex())
            self._vault.set_fact_now(_SIGNING, [{"key": one} for one in seeds])

    def forget(self, roster: Roster, days: int) -> int:
        """Destroy keys that were replaced so many days ago and that the roster no longer names.

        A bundle made for them opens nowhere afterwards. Returns how many keys went.
        """
        latest = in_days(-days)
        keys = self.opening()
        staying = [
            one
            for one in keys
            if not one.replaced
            or one.replaced > latest
            or one.recipient in roster.central.recipients
        ]
        if len(staying) == len(keys):
            return 0
        self._vault.set_fact_now(_AGE, [_kept(one, one.replaced) for one in staying])
        self._forget_first({one.recipient for one in staying})
        # What was deleted may still stand in an older page of the file or of its log.
        self._vault.upkeep_now(lambda store: store.scrub())
        return len(keys) - len(staying)

    def forgettable_from(self, roster: Roster, days: int) -> str:
        """Return the first day on the whole of which :meth:`forget` would find a key to destroy.

        Empty where none was replaced that the roster no longer names.
        """
        named = roster.central.recipients
        keys = self.opening()
        replaced = [one.replaced for one in keys if one.replaced and one.recipient not in named]
        if not replaced:
            return ""
        return days_after(min(replaced), days + 1)[:10]

    def _forget_first(self, staying: set[str]) -> None:
        """Put a key that was never used in the place of the vault's first, in a fact of its own."""
        own = self._vault.identity
        pq = self.kind == "pq"
        first = own.age_pq if pq else own.age_x25519
        if first.recipient().encode() not in staying:
            fact = AGE_PQ if pq else AGE_X25519
            self._vault.set_fact_now(fact, age.generate_identity(post_quantum=pq))


def _kept(key: OpeningKey, replaced: str) -> dict[str, str]:
    return {"key": key.identity.encode(), "replaced": replaced}


def in_days(days: int) -> str:
    """Return the moment so many days from now, ISO 8601 in UTC."""
    return days_after(wall_text(wall_ms()), days)
