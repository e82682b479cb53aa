"""The text of a .csv file in UTF-8, UTF-16 or Windows-1252, read round single wrong bytes."""

from __future__ import annotations

import codecs
import re

from fieldkit.workbook.errors import WorkbookKindUnknown

_MARK = 0x10FF00
"""Stands before a byte that is none of its encoding: private characters that no text has."""
_MARKED = re.compile(f"[{chr(_MARK)}-{chr(_MARK + 0xFF)}\ufffd]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_UTF_8_FOR = 3
"""Wrong bytes for each right sequence of UTF-8 up to which a text is UTF-8."""
_FEW = 2
"""Control characters that any text may have by accident."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.end
    return "".join(chr(_MARK + byte) for byte in error.object[error.start : end]), end


codecs.register_error("fieldkit-mark", _mark)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and the name of its encoding; what is wrong in it is marked (`repaired`).

    A byte order mark decides; without one UTF-16 is known by its zero bytes, then UTF-8 is tried,
    then Windows-1252. Raises `WorkbookKindUnknown` for bytes that are no text in any of them.
    """
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _wide(data, encoding, name), encoding.upper()
    if data.startswith(codecs.BOM_UTF8):
        return _plain(data[3:].decode("utf-8", "fieldkit-mark"), name), "UTF-8"
    start = data[:4096]
    if start.count(0) > len(start) // 4:
        even, odd = start[0::2].count(0), start[1::2].count(0)
        return _wide(data, "utf-16-le" if odd > even else "utf-16-be", name), "UTF-16"
    text = data.decode("utf-8", "fieldkit-mark")
    wrong = len(_MARKED.findall(text)) if not text.isascii() else 0
    right = len(text) - len(re.sub(r"[^\x00-\x7f]", "", text)) - wrong if wrong else 0
    if wrong <= _UTF_8_FOR * right:
        return _plain(text, name), "UTF-8"
    return _plain(data.decode("cp1252", "fieldkit-mark"), name), "Windows-1252"


def _wide(data: bytes, encoding: str, name: str) -> str:
    return _plain(data.decode(encoding, "replace"), name)


def _plain(text: str, name: str) -> str:
    few = max(_FEW, len(text) // 1000)
    controls = len(_CONTROL.findall(text))
    wrong = len(_MARKED.findall(text)) if not text.isascii() else 0
    if controls > few or wrong > max(_FEW, len(text) // 20):
        raise WorkbookKindUnknown(
            f"{name} is neither a workbook nor text in UTF-8, UTF-16 or Windows-1252, so nothing "
            "of it was read. Open it in the program that made it and save it as .xlsx or .csv."
        )
    return text.replace("\x1a", "").replace("\x0c", "")


def has_wrong(text: str) -> bool:
    """Say whether a text has anything for `repaired` to do."""
    return _CONTROL.search(text) is not None or (
        not text.isascii() and _MARKED.search(text) is not None
    )


def repaired(text: str) -> tuple[str, int]:
    """Return a text with a sign in place of each wrong byte, and how many there were.

    A byte is read as in Windows-1252 where that has a sign for it; control characters go.
    """
    wrong = len(_MARKED.findall(text)) + len(_CONTROL.findall(text))
    return _MARKED.sub(_sign, _CONTROL.sub("", text)), wrong


def _sign(match: re.Match[str]) -> str:
    if match[0] == "\ufffd":
        return match[0]
    return bytes([ord(match[0]) - _MARK]).decode("cp1252", "replace")
