"""From a passphrase to a key, and from the vault key to the keys under it.

Argon2id costs follow RFC 9106, section 4; its second recommendation (64 MiB, three passes, four
lanes) is the floor of what calibration chooses.
"""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.crypto.keyslots.errors import NotEnoughMemory
from storage.ops.text import size

KEY_BYTES = 32
SALT_BYTES = 16
MIB = 1024
"""KiB in a MiB: Argon2's memory is counted in KiB."""

_DATABASE = b"fieldkit/db/v1"
_KEY_FILE = b"fieldkit/slots/v1"


@dataclass(frozen=True)
class Argon2Params:
    """Says the cost of one derivation: memory in KiB, passes, lanes."""

    m_kib: int = 256 * MIB
    t: int = 3
    p: int = 4

    def within_bounds(self) -> bool:
        """Say whether a key file may ask for this: 64 MiB to 1 GiB, 1 to 10 passes, 1 to 8 lanes.

        A file that asks for more could hold the computer up for hours before it is found false.
        """
        return 64 * MIB <= self.m_kib <= 1024 * MIB and 1 <= self.t <= 10 and 1 <= self.p <= 8


DEFAULT = Argon2Params()
FLOOR = Argon2Params(64 * MIB, 3, 4)
"""The least that ``calibrate`` chooses."""


FOR_CODES = Argon2Params(64 * MIB, 1, 4)
"""The cost for recovery codes: 160 random bits gain nothing from more."""


_one_at_a_time = threading.Lock()
"""OpenSSL's threads for the lanes are shared by a process: two derivations at once wait for each
other for ever, or one is told that there is no memory."""


def zero(buffer: bytearray) -> None:
    """Overwrite a key in place. Copies that Python made of it elsewhere are not reached."""
    buffer[:] = bytes(len(buffer))


def stretch(words: str, salt: bytes, params: Argon2Params) -> bytearray:
    """Derive the 32-byte key of a passphrase, in a buffer that the caller zeroes.

    The passphrase is normalised to Unicode NFC first, so that an accented letter typed on another
    keyboard is the same letter. Raises ``NotEnoughMemory``.
    """
    if not params.within_bounds():
        raise ValueError("Argon2id parameters out of bounds")
    # A byte that the terminal could not decode arrives as a lone surrogate, and counts as typed.
    typed = unicodedata.normalize("NFC", words).encode("utf-8", "surrogatepass")
    key = bytearray(KEY_BYTES)
    try:
        with _one_at_a_time:
            Argon2id(
                salt=salt,
                length=KEY_BYTES,
                iterations=params.t,
                lanes=params.p,
                memory_cost=params.m_kib,
            ).derive_into(typed, key)
    except (MemoryError, UnsupportedAlgorithm) as error:
        raise NotEnoughMemory(
            f"This vault's key needs {size(params.m_kib * 1024)} of free memory to work out, and "
            "the computer did not give it. Nothing was changed. Close other programs and try again."
        ) from error
    return key


def subkey(vault_key: bytearray, purpose: bytes) -> bytearray:
    """Derive a 32-byte key for one purpose, by HKDF-SHA256; the caller zeroes it."""
    if len(vault_key) != KEY_BYTES:
        raise ValueError("a vault key is 32 bytes")
    key = bytearray(KEY_BYTES)
    HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive_into(
        vault_key, key
    )
    return key


def database_key(vault_key: bytearray) -> str:
    """SQLCipher's raw key for this vault, as 64 lower-case hex digits.

    The text cannot be wiped: keep it no longer than the opening takes.
    """
    key = subkey(vault_key, _DATABASE)
    try:
        return key.hex()
    finally:
        zero(key)


def key_file_key(vault_key: bytearray) -> bytearray:
    """Return the key that authenticates the whole key file; the caller zeroes it."""
    return subkey(vault_key, _KEY_FILE)


def measure(params: Argon2Params) -> float:
    """Return the seconds that one derivation takes here and now."""
    began = time.perf_counter()
    zero(stretch("calibration", bytes(SALT_BYTES), params))
    return time.perf_counter() - began


def calibrate(
    seconds: float = 1.0, *, measure: Callable[[Argon2Params], float] = measure
) -> Argon2Params:
    """Return the dearest cost that takes about ``seconds`` here, never under ``FLOOR``.

    Memory first, because memory is what an attacker's hardware lacks: up to 256 MiB with three
    passes, then more passes. Takes about as long as two derivations.
    """
    spent = measure(FLOOR)
    # The time is close to proportional to memory times passes.
    affordable = seconds / max(spent, 1e-6) * FLOOR.m_kib * FLOOR.t
    if affordable < DEFAULT.m_kib * DEFAULT.t:
        steps = int(affordable / FLOOR.t) // (16 * MIB)
        return Argon2Params(max(FLOOR.m_kib, steps * 16 * MIB), FLOOR.t, FLOOR.p)
    spent = measure(DEFAULT)
    passes = int(seconds / max(spent, 1e-6) * DEFAULT.t)
    return Argon2Params(DEFAULT.m_kib, max(DEFAULT.t, min(10, passes)), DEFAULT.p)
