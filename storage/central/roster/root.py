"""The organisation's root key: signs rosters and nothing else, and is kept away from everything.

It rests in a folder of its own, behind the same slots as a vault, so that it can lie on a stick in
a safe.
"""

from __future__ import annotations

from pathlib import Path

from storage.crypto.fingerprint import fingerprint
from storage.crypto.keyslots.kdf import DEFAULT, Argon2Params
from storage.crypto.signing import Signed
from storage.database.facts import Fact
from storage.errors import FieldkitError
from storage.ops.canonical_json import dumps, loads
from storage.trust.roster import Roster, RosterError
from storage.trust.roster_changes import Change, changes, refuse_foreign_keys
from storage.trust.roster_document import roster_from_value
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

_SIGNED = Fact.raw("signed")
"""The root's own fact: the version signed last, and the document."""


_NAME = "root"
"""Whose vault it is: no person's. A laptop's has its inspector's name, central's its own."""


class NotRootError(FieldkitError):
    """A folder was taken for the root key's that holds another vault."""


class Root:
    """An unlocked root key; ended by :meth:`lock`."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @classmethod
    def create(
        cls, folder: Path, passphrase: str, *, params: Argon2Params = DEFAULT
    ) -> tuple[Root, str]:
        """Make a root key in a folder; returns it and its recovery code.

        Raises as :func:`storage.vault.unlock.create_vault` does.
        """
        vault, code = create_vault(folder, passphrase, _NAME, params=params)
        return cls(vault), code

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Root:
        """Unlock; raises as :func:`storage.vault.unlock.open_vault` does.

        Raises:
            NotRootError: the vault in the folder is a laptop's or central's.
        """
        vault = open_vault(folder, passphrase)
        if vault.person.name != _NAME:
            vault.lock()
            raise NotRootError(
                f"The vault in {folder} does not hold the organisation's root key. Nothing was "
                "changed and nothing was signed. Name the folder that “fieldkit central root init” "
                "made."
            )
        return cls(vault)

    @property
    def public(self) -> bytes:
        """Return the public root key."""
        return self._vault.identity.public

    @property
    def fingerprint(self) -> str:
        """Return the words that every laptop's person compares once."""
        return fingerprint(self.public)

    def changes(self, proposal: Roster, *, unsigned_keys: bool = False) -> list[Change]:
        """Return what a proposal says otherwise than the roster that this key signed last.

        Args:
            proposal: from central, which is not believed for being central.
            unsigned_keys: somebody compared the words of new laptops that signed no keys.

        Raises:
            RosterError: it has a laptop's keys that this laptop did not sign.
        """
        kept = self._vault.fact_now(_SIGNED)
        before = None if kept is None else roster_from_value(loads(kept))
        if before is not None and before.version > proposal.version:
            return []
        refuse_foreign_keys(before, proposal, all_signed=not unsigned_keys)
        return changes(before, proposal)

    def sign(self, proposal: Roster, *, unsigned_keys: bool = False) -> Signed:
        """Sign a roster, remembering its version; raises as :meth:`changes` does.

        Raises:
            RosterError: this root has signed that version, or a later one, otherwise.
        """
        self.changes(proposal, unsigned_keys=unsigned_keys)
        signed = proposal.sign(self._vault.identity.signing)
        roster_from_value(signed.value())
        kept = self._vault.fact_now(_SIGNED)
        if kept is not None:
            before = roster_from_value(loads(kept))
            if before.version > proposal.version or (
                before.version == proposal.version and kept != signed.body
            ):
                raise RosterError(
                    f"The root key has signed version {before.version} of the roster already, so "
                    f"it does not sign another version {proposal.version}. Nothing was changed. "
                    "Take the signed roster into central first, and repeat the change there."
                )
        self._vault.set_fact_now(_SIGNED, dumps(signed.value()))
        return signed

    def lock(self) -> None:
        """Forget the key."""
        self._vault.lock()

    def __enter__(self) -> Root:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()
