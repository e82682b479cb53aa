"""Changes what opens an unlocked vault: passphrase, recovery code, the organisation's escrow.

The vault key stays; only the slots of ``vault.keys`` are written anew. Each function is durable
when it returns, and none is to be called on the clerk's own thread.
"""

from __future__ import annotations

from storage.crypto.keyslots.escrow import sealer
from storage.crypto.keyslots.kdf import zero
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import AgeSlot
from storage.errors import FieldkitError
from storage.vault.vault import CODE_UNCONFIRMED, Vault


class NoEscrowError(FieldkitError):
    """An escrow was to be taken away and there is none."""


class KnownEscrowError(FieldkitError):
    """The recipient can open the vault already."""


def prove(vault: Vault, passphrase: str) -> None:
    """Make sure that somebody knows the present passphrase; changes nothing.

    Takes as long as an unlocking. Raises :class:`storage.crypto.keyslots.errors.WrongPassphrase`.
    """
    zero(KeyFile.load(vault.keys.path).unlock(passphrase))


def code_unconfirmed(vault: Vault) -> bool:
    """Say whether nobody has shown yet to have the present recovery code on paper."""
    return vault.fact_now(CODE_UNCONFIRMED) is True


def confirm_code(vault: Vault) -> None:
    """Note that somebody has typed back a part of the present recovery code."""
    vault.set_fact_now(CODE_UNCONFIRMED, False)


def renew_code(vault: Vault) -> str:
    """Make a new recovery code, which counts as unconfirmed until :func:`confirm_code`.

    The one before opens nothing any more. The note is written first: somebody who is interrupted
    before the new code is on paper hears of it at the next unlocking.
    """
    vault.set_fact_now(CODE_UNCONFIRMED, True)
    return vault.with_key(lambda keys, key: keys.renew_recovery(key))


def parse(recipient: str) -> None:
    """Raise ``KeyTextError`` unless the text is a recipient that an escrow can be made for."""
    sealer(recipient.strip())


def add_escrow(vault: Vault, recipient: str, label: str = "") -> AgeSlot:
    """Let the holder of an age identity open the vault too.

    Args:
        vault: unlocked.
        recipient: the organisation's public key, ``age1pq1…`` or ``age1…``.
        label: what people call it.

    Raises:
        KeyTextError: the recipient cannot be read.
        KnownEscrowError: it has an escrow already.
    """
    recipient = recipient.strip()
    seal = sealer(recipient)
    if any(slot.recipient == recipient for slot in vault.keys.escrows):
        raise KnownEscrowError(
            "The organisation's recovery key given can open this vault already. Nothing was "
            "changed."
        )
    return vault.with_key(lambda keys, key: keys.add_escrow(key, recipient, seal, label=label))


def remove_escrows(vault: Vault, recipient: str = "") -> int:
    """Take the escrow of a recipient away, or all of them; says how many there were.

    It does not help against somebody who has opened the vault before: they may have its key.
    Raises :class:`NoEscrowError`.
    """
    wanted = recipient.strip()
    slots = [slot for slot in vault.keys.escrows if wanted in ("", slot.recipient)]
    if not slots:
        raise NoEscrowError(
            "This vault has no such escrow. Nothing was changed. “fieldkit vault info” lists what "
            "opens it."
        )

    def take_away(keys: KeyFile, key: bytearray) -> None:
        for slot in slots:
            keys.remove_escrow(key, slot.id)

    vault.with_key(take_away)
    return len(slots)
