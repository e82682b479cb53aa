"""The key file opens with what was set up for it, and says in words why it does not."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage.crypto.age import generate_identity
from storage.crypto.keyslots import atomic_write, errors
from storage.crypto.keyslots.atomic_write import destroy
from storage.crypto.keyslots.document import Anchor
from storage.crypto.keyslots.escrow import sealer, unsealer
from storage.crypto.keyslots.kdf import database_key, zero
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import AgeSlot, OtherSlot, WordSlot
from tests.storage.crypto.keyslots.conftest import CHEAP, NOW, PASSPHRASE, Made


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_created_file_opens_by_passphrase_and_by_code(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    assert file.unlock(PASSPHRASE) == made.key()
    assert file.unlock_recovery(made.code.lower().replace("-", " ").replace("0", "o")) == made.key()
    assert [slot.type for slot in file.slots] == ["passphrase", "recovery"]
    assert file.created == NOW


def test_create_writes_a_private_file_and_its_copy_only(tmp_path: Path) -> None:
    path = tmp_path / "vault.keys"
    _, vault_key, code = KeyFile.create(path, PASSPHRASE, params=CHEAP, now=NOW)
    assert names(tmp_path) == ["vault.keys", "vault.keys.bak"]
    data = path.read_bytes()
    assert path.with_name("vault.keys.bak").read_bytes() == data
    for secret in (bytes(vault_key), vault_key.hex().encode(), PASSPHRASE.encode(), code.encode()):
        assert secret not in data
    if os.name == "posix":
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("there", ["vault.keys", "vault.keys.bak"])
def test_create_never_replaces_a_key_file(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_bytes(b"somebody's only key")
    with pytest.raises(errors.ExistingKeyFile):
        KeyFile.create(tmp_path / "vault.keys", PASSPHRASE, params=CHEAP, now=NOW)
    assert names(tmp_path) == [there]
    assert (tmp_path / there).read_bytes() == b"somebody's only key"


@pytest.mark.parametrize("empty", ["", "   ", "\t"])
def test_an_empty_passphrase_is_refused(made: Made, tmp_path: Path, empty: str) -> None:
    with pytest.raises(errors.EmptyPassphrase):
        KeyFile.create(tmp_path / "vault.keys", empty, params=CHEAP, now=NOW)
    assert names(tmp_path) == []
    file = made.at(tmp_path)
    with pytest.raises(errors.EmptyPassphrase):
        file.change_passphrase(made.key(), empty)
    assert file.path.read_bytes() == made.data


def test_wrong_passphrase_and_wrong_code(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    for wrong in (PASSPHRASE + " ", PASSPHRASE.upper(), "", "\udcff"):
        with pytest.raises(errors.WrongPassphrase):
            file.unlock(wrong)
    with pytest.raises(errors.WrongRecoveryCode):
        file.unlock_recovery("00000-00000-00000-00000-00000-00000-00JMS")
    with pytest.raises(errors.MistypedCode):
        file.unlock_recovery(made.code[:-1])
    assert file.path.read_bytes() == made.data


def test_missing_unreadable_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(errors.MissingKeyFile):
        KeyFile.load(tmp_path / "vault.keys")
    with pytest.raises(errors.UnreadableKeyFile):
        KeyFile.load(tmp_path)
    (tmp_path / "vault.keys").touch()
    with pytest.raises(errors.DamagedKeyFile, match="is empty"):
        KeyFile.load(tmp_path / "vault.keys")


def test_no_such_slot(made: Made, tmp_path: Path) -> None:
    with pytest.raises(errors.NoSuchSlot):
        made.at(tmp_path).unlock_escrow(lambda sealed: sealed)
    with pytest.raises(errors.NoSuchSlot):
        made.at(tmp_path).remove_escrow(made.key(), "none")


def test_accents_may_be_typed_either_way(tmp_path: Path) -> None:
    words = "Cwmtŷ·Dŵr ÅÉ ﬁ"
    composed, apart = (unicodedata.normalize(form, words) for form in ("NFC", "NFD"))
    assert composed != apart
    file, vault_key, _ = KeyFile.create(tmp_path / "k", composed, params=CHEAP, now=NOW)
    assert file.unlock(apart) == vault_key


def test_changed_passphrase(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    file.change_passphrase(made.key(), "gizmo blog reptilian backfire")
    again = KeyFile.load(file.path)
    assert again.generation == 2
    assert again.unlock("gizmo blog reptilian backfire") == made.key()
    assert again.unlock_recovery(made.code) == made.key()
    with pytest.raises(errors.WrongPassphrase):
        again.unlock(PASSPHRASE)
    assert KeyFile.load(atomic_write.copy_path(file.path)).unlock(PASSPHRASE) == made.key()
    assert again.is_copy_stale
    (tmp_path / ".vault.keys.left.tmp").write_bytes(b"half-written")
    again.update_copy(made.key())
    assert not KeyFile.load(file.path).is_copy_stale
    assert names(tmp_path) == ["vault.keys", "vault.keys.bak"]
    with pytest.raises(errors.WrongPassphrase):
        KeyFile.load(atomic_write.copy_path(file.path)).unlock(PASSPHRASE)


def test_the_cost_stays_unless_another_is_given(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    file.change_passphrase(made.key(), PASSPHRASE)
    assert cost(file) == CHEAP
    dearer = type(CHEAP)(64 * 1024, 2, 2)
    file.change_passphrase(made.key(), PASSPHRASE, params=dearer)
    assert cost(file) == dearer
    assert KeyFile.load(file.path).unlock(PASSPHRASE) == made.key()


def cost(file: KeyFile) -> object:
    return next(s.params for s in file.slots if isinstance(s, WordSlot) and s.type == "passphrase")


def test_renewed_code(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    code = file.renew_recovery(made.key())
    again = KeyFile.load(file.path)
    assert again.unlock_recovery(code) == made.key()
    with pytest.raises(errors.WrongRecoveryCode):
        again.unlock_recovery(made.code)
    assert again.unlock(PASSPHRASE) == made.key()


@pytest.mark.parametrize("post_quantum", [True, False])
def test_escrow_with_age(made: Made, tmp_path: Path, post_quantum: bool) -> None:
    identity = generate_identity(post_quantum)
    recipient = identity.recipient().encode()
    file = made.at(tmp_path)
    slot = file.add_escrow(made.key(), recipient, sealer(recipient), label="HMICFRS 2024")
    again = KeyFile.load(file.path)
    assert again.escrows == (slot,)
    assert again.unlock_escrow(unsealer(identity)) == made.key()
    with pytest.raises(errors.EscrowNotOpened):
        again.unlock_escrow(unsealer(generate_identity(post_quantum)))
    again.change_passphrase(made.key(), "gizmo blog reptilian backfire")
    assert KeyFile.load(file.path).unlock_escrow(unsealer(identity)) == made.key()
    again.remove_escrow(made.key(), slot.id)
    assert KeyFile.load(file.path).escrows == ()


def test_escrow_is_bound_to_its_vault_and_slot(made: Made, tmp_path: Path) -> None:
    identity = generate_identity(False)
    file = made.at(tmp_path)
    slot = file.add_escrow(made.key(), "age1x", sealer(identity.recipient().encode()))
    place = file._document.place
    assert slot.open(place, unsealer(identity)) == made.key()
    moved = type(place)(place.version, "00000000-0000-0000-0000-000000000000")
    assert slot.open(moved, unsealer(identity)) is None
    renamed = AgeSlot("other", slot.recipient, slot.sealed, slot.label)
    assert renamed.open(place, unsealer(identity)) is None


@pytest.mark.parametrize("bad", [bytes, lambda plain: b"age-encryption.org/v1\n" + plain])
def test_a_seal_that_does_not_seal_is_refused(
    made: Made, tmp_path: Path, bad: Callable[[bytes], bytes]
) -> None:
    file = made.at(tmp_path)
    with pytest.raises(ValueError, match="age file"):
        file.add_escrow(made.key(), "age1x", bad)
    assert file.path.read_bytes() == made.data


def test_slots_have_a_limit(made: Made, tmp_path: Path) -> None:
    identity = generate_identity(False)
    file = made.at(tmp_path)
    for _ in range(6):
        file.add_escrow(made.key(), "age1x", sealer(identity.recipient().encode()))
    before = file.path.read_bytes()
    with pytest.raises(errors.KeyFileNotWritten, match="no room"):
        file.add_escrow(made.key(), "age1x", sealer(identity.recipient().encode()))
    assert file.path.read_bytes() == before
    assert len(file.slots) == 8


def test_anchors_are_kept(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    anchors = {"device/1/main": Anchor(41, "ab" * 32), "device/1/key": Anchor(0, "")}
    file.set_anchors(made.key(), anchors)
    written = file.path.read_bytes()
    file.set_anchors(made.key(), anchors)
    assert file.path.read_bytes() == written
    again = KeyFile.load(file.path)
    assert again.anchors == anchors
    assert again.unlock(PASSPHRASE) == made.key()


def test_another_vaults_key_changes_nothing(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    foreign = bytearray(range(32))
    for change in (
        lambda: file.change_passphrase(foreign, "gizmo blog reptilian backfire"),
        lambda: file.renew_recovery(foreign),
        lambda: file.set_anchors(foreign, {"a": Anchor(1, "")}),
        lambda: file.update_copy(foreign),
    ):
        with pytest.raises(errors.ForeignVaultKey):
            change()
    assert file.path.read_bytes() == made.data


def test_keys_are_separate_and_can_be_zeroed(made: Made) -> None:
    key = made.key()
    database = database_key(key)
    assert len(database) == 64
    assert bytes.fromhex(database) != made.vault_key
    assert database_key(made.key()) == database
    zero(key)
    assert key == bytes(32)
    assert database_key(key) != database
    with pytest.raises(ValueError, match="32 bytes"):
        database_key(bytearray(31))


def test_destroyed(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    (tmp_path / ".vault.keys.left.tmp").write_bytes(made.data)
    destroy(file.path)
    assert names(tmp_path) == []
    destroy(file.path)


def test_unknown_slots_of_a_later_fieldkit_are_kept(made: Made, tmp_path: Path) -> None:
    file = made.at(tmp_path)
    card = OtherSlot("s9", "smartcard", {"id": "s9", "type": "smartcard", "x": [1, {"a": None}]})
    later = replace(
        file._document,
        slots=(*file.slots, card),
        unknown_members={"hint": "ŵ"},
        version=1,
        min_reader=1,
    )
    file.path.write_bytes(later.to_bytes(made.key()))
    again = KeyFile.load(file.path)
    again.set_anchors(made.key(), {"a": Anchor(1, "")})
    kept = KeyFile.load(file.path)
    assert kept.slots[-1] == card
    assert kept._document.unknown_members == {"hint": "ŵ"}
    assert kept.unlock(PASSPHRASE) == made.key()
