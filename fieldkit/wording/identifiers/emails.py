"""E-mail addresses, whole: before the sign stands often a name, behind it perhaps a school.

The form is the usual one of RFC 5322 (a local part of letters, digits and signs; a domain of
labels). People also write the sign and the dots as words, or leave a space beside the sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.wording.identifiers.identifier import EMAIL, Identifier

_LOCAL = r"[^\W_](?:[\w.+%'’\-]{0,62}[\w+\-])?"
_LABELS = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_BEGINS = r"(?<![\w.+%\-])"
_WRITTEN = re.compile(rf"{_BEGINS}{_LOCAL} ?@ ?{_LABELS}(?:\.{_LABELS})+")
_ENDLESS = re.compile(rf"{_BEGINS}{_LOCAL}@{_LABELS}(?![\w.])")
"""Without the end of the domain: “jane.doe@hotmail”."""
_AT, _DOT = r"\s?(?:@|\bat\b|[\[(]at[\])])\s?", r"\s?(?:\bdot\b|[\[(]dot[\])])\s?"
_IN_WORDS = re.compile(
    rf"{_BEGINS}{_LOCAL}(?:{_DOT}{_LOCAL})?{_AT}{_LABELS}(?:(?:{_DOT}|\.){_LABELS})*{_DOT}"
    r"(?:com|net|org|uk|co|info|email|school|cymru|wales|eu|pl|ro)\b",
    re.IGNORECASE,
)
_AT_IN_BRACKETS = re.compile(
    rf"{_BEGINS}{_LOCAL}\s?[\[(]at[\])]\s?{_LABELS}(?:\.{_LABELS})+", re.IGNORECASE
)


def find_emails(text: str) -> Iterator[Identifier]:
    """Return the e-mail addresses in a text."""
    spans: list[tuple[int, int]] = []
    patterns = [_WRITTEN, _ENDLESS] if "@" in text else []
    if "dot" in text.lower() or "at]" in text.lower() or "at)" in text.lower():
        patterns += [_IN_WORDS, _AT_IN_BRACKETS]
    for pattern in patterns:
        for match in pattern.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end in spans):
                spans.append(match.span())
    for start, end in spans:
        yield Identifier(EMAIL, start, end, text[start:end])
