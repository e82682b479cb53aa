"""``fieldkit vault``: the encrypted vault itself."""

from __future__ import annotations

from fieldkit.cli.kit.command_parser import CommandParser

_COMMANDS = {
    "create": ("create", "make a vault; prints the recovery code"),
    "info": ("info", "show what can be seen without unlocking"),
    "check": (
        "check",
        "check the whole vault: ends with 6 where something is not sound",
    ),
    "backup": ("backup", "make an encrypted backup and read it back; the last three are kept"),
    "restore": ("backup", "make a vault of a backup, in a new folder"),
    "passphrase": ("passphrase", "change the passphrase"),
    "code": ("recovery_code", "make a new recovery code; the one before opens nothing any more"),
    "recover": (
        "passphrase",
        "set a new passphrase, when the old is forgotten, with the recovery code or with the "
        "organisation's recovery key",
    ),
    "escrow": ("escrow", "let the organisation's recovery key open the vault too, or no longer"),
    "destroy": ("destroy", "overwrite the keys of the vault and remove it, for good"),
}
"""The module that completes each command, and the command's help."""


def define_vault(parser: CommandParser) -> None:
    """Say what “vault” takes."""
    for name, (module, help) in _COMMANDS.items():
        parser.later(name, f"fieldkit.cli.vault.{module}", help)
