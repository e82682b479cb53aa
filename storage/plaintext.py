"""Text as it is kept, whoever wrote it; needs no database."""

from __future__ import annotations

import re
import unicodedata

LONGEST_TEXT = 256 * 1024
"""Bytes of UTF-8 in one text, the bundle format's own limit (``docs/format.md``)."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean_text(value: str) -> str:
    """Text as it is kept: NFC, line ends as LF, no control characters but tab and line feed.

    Escape sequences would otherwise reach a terminal that merely prints the record. Raises
    ``ValueError`` for text of more than :data:`LONGEST_TEXT` bytes.
    """
    if value.isascii() and len(value) <= LONGEST_TEXT and not _CONTROLS.search(value):
        return value
    tidy = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    # Last: what stood between a letter and its accent is gone by then.
    tidy = unicodedata.normalize("NFC", tidy.encode("utf-8", "ignore").decode("utf-8"))
    if len(tidy.encode()) > LONGEST_TEXT:
        raise ValueError("the text is longer than 256 KiB")
    return tidy
