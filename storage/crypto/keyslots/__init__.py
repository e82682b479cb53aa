"""The key file of a vault: slots that each open it, and the keys derived from what they hold."""

from storage.crypto.keyslots.atomic_write import destroy
from storage.crypto.keyslots.document import Anchor
from storage.crypto.keyslots.kdf import (
    DEFAULT,
    FLOOR,
    Argon2Params,
    calibrate,
    database_key,
    zero,
)
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.recovery_code import GROUPS, check_group, read_code
from storage.crypto.keyslots.slot import AgeSlot, OtherSlot, Slot, WordSlot

__all__ = [
    "DEFAULT",
    "FLOOR",
    "GROUPS",
    "AgeSlot",
    "Anchor",
    "Argon2Params",
    "KeyFile",
    "OtherSlot",
    "Slot",
    "WordSlot",
    "calibrate",
    "check_group",
    "database_key",
    "destroy",
    "read_code",
    "zero",
]
