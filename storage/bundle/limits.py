"""Limits of a bundle, demanded while streaming, and the padding that blurs its size."""

from __future__ import annotations

from storage.ops.op import MAX_OP_BYTES

FORMAT = "fieldkit/1"
READER = 1
"""The format this fieldkit writes, and the highest ``min_reader`` it accepts."""

MAX_LINE_BYTES = MAX_OP_BYTES
"""Bytes of one line."""
MAX_CONTROL_BYTES = 2 * 1024 * 1024
"""Bytes of a line that is not an op: manifest, roster, receipt."""
MAX_BUNDLE_BYTES = 256 * 1024 * 1024
"""Bytes of plaintext of a whole bundle."""
MAX_OPS = 1_000_000
MAX_ITEMS = 10_000

MAX_HELD_OPS = 1_000_000
"""Ops that wait behind gaps at central, of all laptops together."""
MAX_ASIDE_BYTES = 256 * 1024 * 1024
"""Bytes of bundles of unknown laptops that a laptop keeps aside."""

MIN_BUNDLE_BYTES = 4096
"""Every bundle is padded at least to this many bytes."""


def padded_size(length: int) -> int:
    """Return the padded size of so many bytes: Padmé, at most 12 % more, never under 4 KiB.

    Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
    PURBs" (PoPETs 2019), algorithm 1.
    """
    length = max(length, MIN_BUNDLE_BYTES)
    exponent = length.bit_length() - 1
    low = exponent - exponent.bit_length()
    mask = (1 << low) - 1
    return (length + mask) & ~mask
