"""What can be wrong with a key file or with what was typed to open it."""

from __future__ import annotations

from storage.errors import FieldkitError


class KeyFileRefused(FieldkitError):
    """The key file was not opened, or not changed."""


class MissingKeyFile(KeyFileRefused):
    """There is no key file."""

    code = "damaged"


class UnreadableKeyFile(KeyFileRefused):
    """The system does not let the key file be read."""


class DamagedKeyFile(KeyFileRefused):
    """The key file is not as fieldkit wrote it."""

    code = "damaged"


class NewerKeyFile(KeyFileRefused):
    """The key file was written by a later fieldkit."""


class WrongPassphrase(KeyFileRefused):
    """The passphrase does not open its slot."""

    code = "wrong_passphrase"


class WrongRecoveryCode(KeyFileRefused):
    """A well-formed recovery code is not this vault's present one."""

    code = "wrong_passphrase"


class MistypedCode(KeyFileRefused):
    """What was typed cannot be a recovery code."""

    code = "wrong_passphrase"


class NoSuchSlot(KeyFileRefused):
    """The key file has no slot of the kind asked for."""


class EscrowNotOpened(KeyFileRefused):
    """None of the escrow slots opens with the key given."""

    code = "wrong_passphrase"


class ForeignVaultKey(KeyFileRefused):
    """The vault key given is not the one in this key file."""


class KeyFileChanged(KeyFileRefused):
    """The file on disk is no longer the one that was read."""


class KeyFileNotWritten(KeyFileRefused):
    """The key file could not be written; the old one stands."""


class ExistingKeyFile(KeyFileRefused):
    """A new key file was asked for where one already lies."""


class EmptyPassphrase(KeyFileRefused):
    """An empty passphrase protects nothing."""


class NotEnoughMemory(KeyFileRefused):
    """The computer has not the memory that this slot's key derivation needs."""
