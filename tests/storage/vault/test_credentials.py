"""What opens a vault, changed from inside: passphrase, code, escrow; a lock never cuts in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.crypto import age
from storage.crypto.age import KeyTextError
from storage.crypto.keyslots.errors import EscrowNotOpened, NoSuchSlot, WrongPassphrase
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import WordSlot
from storage.vault import credentials, unlock
from storage.vault.clerk import ClosedError
from storage.vault.unlock import open_vault, open_with_recovery
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE


def test_the_passphrase_is_proved_without_changing_anything(vault: Vault) -> None:
    before = vault.keys.path.read_bytes()
    credentials.prove(vault, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        credentials.prove(vault, "somebody else's words")
    assert vault.keys.path.read_bytes() == before


def test_a_vault_is_made_at_the_cost_that_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unlock, "calibrate", lambda: CHEAP)
    vault, _ = unlock.create_vault(tmp_path / "new", PASSPHRASE, "Ann", code_unconfirmed=True)
    with vault:
        assert credentials.code_unconfirmed(vault)
        credentials.confirm_code(vault)
        assert not credentials.code_unconfirmed(vault)
        (slot,) = [one for one in vault.keys.slots if one.type == "passphrase"]
        assert isinstance(slot, WordSlot) and slot.params == CHEAP


def test_a_new_code_is_unconfirmed_until_it_is_typed_back(vault: Vault) -> None:
    assert not credentials.code_unconfirmed(vault)
    code = credentials.renew_code(vault)
    assert credentials.code_unconfirmed(vault)
    vault.lock()
    with open_with_recovery(vault.folder, code) as again:
        assert credentials.code_unconfirmed(again)
        credentials.confirm_code(again)
        assert not credentials.code_unconfirmed(again)


@pytest.mark.parametrize("post_quantum", [True, False])
def test_the_organisations_key_opens_it_too(vault: Vault, post_quantum: bool) -> None:
    identity = age.generate_identity(post_quantum=post_quantum)
    other = age.generate_identity(post_quantum=post_quantum)
    recipient = identity.recipient().encode()
    with pytest.raises(KeyTextError):
        credentials.add_escrow(vault, "age1notakey")
    credentials.add_escrow(vault, f" {recipient}\n", "the force's safe")
    with pytest.raises(credentials.KnownEscrowError):
        credentials.add_escrow(vault, recipient)
    vault.lock()
    before = vault.keys.path.read_bytes()
    with pytest.raises(EscrowNotOpened):
        unlock.open_with_escrow(vault.folder, other.encode())
    with pytest.raises(KeyTextError):
        unlock.open_with_escrow(vault.folder, "# nothing here\n")
    assert vault.keys.path.read_bytes() == before
    written = f"# created: today\n# public key: {recipient}\n{identity.encode()}\n"
    with unlock.open_with_escrow(vault.folder, written) as again:
        again.change_passphrase("entirely other words now")
        assert [one.label for one in again.keys.escrows] == ["the force's safe"]
        assert credentials.remove_escrows(again, recipient) == 1
        with pytest.raises(credentials.NoEscrowError):
            credentials.remove_escrows(again)
    with pytest.raises(NoSuchSlot):
        unlock.open_with_escrow(vault.folder, identity.encode())
    open_vault(vault.folder, "entirely other words now").lock()


def test_a_lock_waits_for_a_change_that_is_under_way(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    whole: Callable[[KeyFile, bytearray, str], None] = KeyFile.change_passphrase

    def slow(self: KeyFile, key: bytearray, new: str) -> None:
        begun.set()
        assert go_on.wait(300)
        assert any(key), "the lock took the key away in the middle of the change"
        whole(self, key, new)

    monkeypatch.setattr(KeyFile, "change_passphrase", slow)
    changing = threading.Thread(target=vault.change_passphrase, args=("entirely other words",))
    changing.start()
    assert begun.wait(300)
    locking = threading.Thread(target=vault.lock)
    locking.start()
    locking.join(0.05)
    assert locking.is_alive()
    go_on.set()
    changing.join()
    locking.join()
    assert vault.locked
    open_vault(vault.folder, "entirely other words").lock()
    with pytest.raises(ClosedError, match="locked"):
        vault.change_passphrase("and yet other words")
