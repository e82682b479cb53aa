"""References that look the same brought to one text: what names a case is made of it."""

from __future__ import annotations

import re
import unicodedata

from storage.ops.text import UNSEEN

_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*")
_DASHES = re.compile(
    r"[\u2010-\u2015\u2043\u2212\u02d7\u2796\u23af\u2500\u2501\u058a\u05be\u1400\u1806"
    r"\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d"
    r"\U00010ead]"
)
"""What is read as a dash: the dashes of Unicode (category Pd), minus signs, the hyphen bullet and
bars. The format names these characters (docs/format.md, section 3), so none comes or goes with a
version of Unicode."""
_AROUND = re.compile(r"\s*(-)[\s-]*|\s*([/.\\])\s*")
_QUOTES = "'\"`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2032\u00b4 "


def with_plain_dashes(text: str) -> str:
    """Return a text in which whatever is read as a dash is “-”."""
    return _DASHES.sub("-", text)


def tidy_reference(text: str) -> str:
    """Return a reference as it is kept: wide letters narrow, every dash “-”, nothing unseen in it.

    Blanks around a dash, slash or full stop go, and so do quotation marks around the whole. Small
    and large letters stay. A reference of plain letters, digits and single dashes stays as it is.
    """
    if _PLAIN.fullmatch(text):
        return text
    flat = unicodedata.normalize("NFKC", " ".join(text.split()))
    flat = " ".join(UNSEEN.sub("", " ".join(flat.split())).split())
    flat = _AROUND.sub(lambda sign: sign[1] or sign[2], with_plain_dashes(flat)).strip(_QUOTES)
    return unicodedata.normalize("NFC", flat)


def comparable_reference(text: str) -> str:
    """Return what is the same of references that look the same: tidy, and in large letters.

    Leading noughts and missing dashes count: “WST-4” and “WST-004” differ, and a person is asked.
    """
    large = tidy_reference(text).upper()
    return large if large.isascii() else unicodedata.normalize("NFKC", large)
