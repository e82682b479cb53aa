"""What a file is that is no workbook, by its first bytes, and what to do about it."""

from __future__ import annotations

import re

_SAVE_AS = "Open it in a spreadsheet program and save it as .xlsx, then try again."
_ASK = "Nothing was changed; ask for the workbook itself."
_START = 4096
"""Bytes that are looked at."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "is a PDF, not a workbook: ask the force for the workbook it was made from."),
    (
        b"L\0\0\0\x01\x14\x02\0",
        "is a shortcut to a file, not the file: nothing of it is on this computer or stick. Copy "
        "the workbook that it points to.",
    ),
    (
        b"book\0\0\0\0mark",
        "is an alias of a file, not the file. Copy the workbook that it points to.",
    ),
    (b"{\\rtf", f"is a text document, not a workbook. {_SAVE_AS}"),
    (b"ID;P", f"is a SYLK file, not a workbook. {_SAVE_AS}"),
    (b"TABLE\r\n0,1", f"is a DIF file, not a workbook. {_SAVE_AS}"),
    (b"\x89PNG", f"is a picture, not a workbook. {_ASK}"),
    (b"\xff\xd8\xff", f"is a picture, not a workbook. {_ASK}"),
    (b"GIF8", f"is a picture, not a workbook. {_ASK}"),
    (b"7z\xbc\xaf\x27\x1c", "is a packed archive. Unpack it and choose the workbook in it."),
    (b"Rar!\x1a\x07", "is a packed archive. Unpack it and choose the workbook in it."),
    (b"\x1f\x8b", "is a packed archive. Unpack it and choose the workbook in it."),
    (b"\0\x01\0\0Standard ", f"is a database, not a workbook. {_ASK}"),
    (b"SQLite format 3\0", f"is a database, not a workbook. {_ASK}"),
    *(
        (start, f"is a workbook of a very old program (Excel 4 or before). {_SAVE_AS}")
        for start in (b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0")
    ),
)
_PAGE = re.compile(
    r"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|meta|body|table|div|style|center|font|p|h1)\b",
    re.DOTALL,
)
_MAIL_PAGE = re.compile(r"(?:from:|mime-version:|content-type:\s*multipart/)")
_SHORTCUT = re.compile(
    r"\[internetshortcut\]|\[desktop entry\]"
    r'|\{\s*"(?:url|doc_id|resource_id)"\s*:|<\?xml.{0,400}<plist.{0,400}<key>url</key>',
    re.DOTALL,
)
_XML_WORKBOOK = ("urn:schemas-microsoft-com:office:spreadsheet", "excel.sheet")


def what_else(data: bytes, name: str) -> str | None:
    """Return the sentence why a file of these bytes is not read; None where it may be.

    Args:
        data: the whole file, which is not empty.
        name: how it is called.
    """
    if name.startswith("~$") and len(data) < 1024:
        return (
            f"{name} only says that somebody has a workbook open. Choose the file of that name "
            "without “~$”."
        )
    if not data.strip(b"\0"):
        return (
            f"{name} holds nothing but zeros: it was never copied whole. Copy it again from where "
            "it came. Nothing was changed."
        )
    for start, what in _SIGNATURES:
        if data.startswith(start):
            return f"{name} {what}"
    text = _beginning(data)
    if not text and len(data) < _START:
        return f"{name} is empty: ask for the file again. Nothing was changed."
    if _SHORTCUT.match(text):
        return (
            f"{name} is a shortcut to a page or file, not the file. Open the page and save the "
            "workbook from there, or ask the force to send the workbook itself."
        )
    if _PAGE.match(text) or (_MAIL_PAGE.match(text) and "text/html" in text):
        return f"{name} is a web page under the name of a workbook. {_SAVE_AS}"
    if _MAIL_PAGE.match(text) and "\nmime-version:" in text:
        return f"{name} is an e-mail message, not a workbook. Save the workbook out of it."
    if text.startswith("<?xml") or text.startswith("<workbook") or text.startswith("<office:"):
        kind = "an XML file"
        if any(word in text for word in _XML_WORKBOOK):
            kind = "a workbook of 2003 in XML"
        elif "office:document" in text:
            kind = "a flat OpenDocument file"
        return f"{name} is {kind}, which is not read. {_SAVE_AS}"
    return None


def _beginning(data: bytes) -> str:
    """Return the beginning as text in lower case, without mark and blanks; empty for none."""
    start = data[:_START]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = start[: len(start) // 2 * 2].decode("utf-16", "replace")
    elif start[:40].count(0) >= 15:
        little = start[0:40:2].count(0) < start[1:40:2].count(0)
        text = start.decode("utf-16-le" if little else "utf-16-be", "replace")
    else:
        text = start.decode("utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n\0").lower()
