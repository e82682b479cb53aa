"""The recovery code: 160 random bits that a person can copy, read aloud and type.

Seven groups of five characters of Crockford's base 32 (https://www.crockford.com/base32.html): 32
of code and three that check them.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from storage.crypto.keyslots.errors import MistypedCode

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")
_BITS = 160
_BODY = 32
_CHECK = 3
_GROUP = 5

GROUPS = (_BODY + _CHECK) // _GROUP
"""Groups in a code."""


def new_code() -> str:
    """Make a recovery code, in groups joined by hyphens."""
    number = secrets.randbits(_BITS)
    body = "".join(_ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    return in_groups(body + _check(body))


def in_groups(letters: str) -> str:
    """Return the letters of a code in groups of five, joined by hyphens."""
    return "-".join(letters[i : i + _GROUP] for i in range(0, len(letters), _GROUP))


def read_code(typed: str) -> str:
    """Read the code as it was printed from what somebody typed.

    Small letters, spaces, hyphens and O for 0, I or L for 1 are forgiven. Raises ``MistypedCode``
    with what to look for.
    """
    letters = _tidy(typed)
    wrong = sorted({letter for letter in letters if letter not in _ALPHABET})
    if wrong:
        raise MistypedCode(
            f"A recovery code never contains {' or '.join(wrong)}; nothing was changed. Compare "
            "what you typed with the printed code."
        )
    if len(letters) != _BODY + _CHECK:
        raise MistypedCode(
            f"A recovery code has {_BODY + _CHECK} characters in {GROUPS} groups of {_GROUP}, and "
            f"{len(letters)} were typed; nothing was changed. Compare group by group."
        )
    if _check(letters[:_BODY]) != letters[_BODY:]:
        raise MistypedCode(
            "This code has been mistyped: its last characters do not match the rest. Nothing was "
            "changed. Compare it with the printed code group by group."
        )
    return in_groups(letters)


def check_group(code: str, index: int, typed: str) -> bool:
    """Say whether ``typed`` is group ``index`` (from 0) of ``code``, so it was written down."""
    return _tidy(typed) == _tidy(code)[index * _GROUP : (index + 1) * _GROUP]


def _tidy(typed: str) -> str:
    upper = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKES)
    return "".join(letter for letter in upper if letter.isalnum())


def _check(body: str) -> str:
    digest = hashlib.sha256(b"fieldkit recovery code " + body.encode("ascii")).digest()
    bits = int.from_bytes(digest[:2], "big") >> 1
    return "".join(_ALPHABET[bits >> shift & 31] for shift in (10, 5, 0))
