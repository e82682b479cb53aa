"""The short code that opens a covered screen: a few digits, kept inside the encrypted vault.

It opens nothing once the vault is locked, so it stands in for no passphrase. docs/threats.md weighs
it against what people do without it.
"""

from __future__ import annotations

import hmac
import re

from fieldkit.service import RefusedError
from fieldkit.vault.settings import read_settings
from storage.database.facts import Fact
from storage.vault.vault import Vault

LONGEST = 5 * 60
"""Seconds that it opens the cover; then the vault is locked, and the passphrase is needed."""
TRIES = 3
"""Wrong codes after which the vault is locked."""
_FORM = re.compile(r"[0-9]{4,12}")
_FACT = Fact.text("short_code")


def short_code(vault: Vault) -> str:
    """Return the code, or nothing where none is set or an administrator allows none.

    Not to be called on the clerk's own thread.
    """
    return (vault.fact_now(_FACT) or "") if read_settings().short_code else ""


def set_short_code(vault: Vault, code: str) -> None:
    """Keep a code of 4 to 12 digits; an empty one takes it away. Raises `RefusedError`."""
    if code and not read_settings().short_code:
        raise RefusedError(
            "The settings of this computer allow no short code. Nothing was kept; lock with ctrl+l "
            "and unlock with the passphrase."
        )
    if code and not _FORM.fullmatch(code):
        raise RefusedError("A short code is 4 to 12 digits. Nothing was kept; type it once more.")
    vault.set_fact_now(_FACT, code)


def same(typed: str, code: str) -> bool:
    """Say whether what was typed is the code, in a time that does not tell how much of it."""
    return hmac.compare_digest(typed.encode(), code.encode())
