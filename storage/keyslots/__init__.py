"""The key file of a vault: slots that each open it, and the keys derived from what they hold."""

from storage.keyslots.code import GROUPS, check_group, read_code
from storage.keyslots.derive import (
    DEFAULT,
    FLOOR,
    Argon2Params,
    calibrate,
    database_key,
    zero,
)
from storage.keyslots.document import Anchor
from storage.keyslots.keyfile import KeyFile
from storage.keyslots.replacing import destroy
from storage.keyslots.slot import AgeSlot, OtherSlot, Slot, WordSlot

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
