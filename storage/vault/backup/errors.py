"""What can stand in the way of a backup, of a check and of restoring."""

from __future__ import annotations

from storage.errors import FieldkitError


class BackupError(FieldkitError):
    """There is no new backup; the vault and every earlier backup are as they were."""


class BackupNotWrittenError(BackupError):
    """The place for the backup did not take it."""


class BackupStoppedError(BackupError):
    """The vault was locked before the backup was whole."""


class BackupUnsoundError(BackupError):
    """What was written is not what the vault holds, so it was thrown away."""


class UnsoundVaultError(BackupError):
    """The vault's own database cannot be read in full."""

    code = "damaged"


class NoBackupError(FieldkitError):
    """There is no backup where one was named."""


class RestoreRefusedError(FieldkitError):
    """Nothing was restored; the backup is as it was, and the new folder was not made."""


class UnsoundBackupError(RestoreRefusedError):
    """The backup named is damaged or in parts; it is as it was, and nothing was restored."""

    code = "damaged"
