"""Texts of one line: what may stand in a signed document and be shown on a terminal as it is."""

from __future__ import annotations

import re

from storage.canonical import MalformedError
from storage.plaintext import clean_text

LONGEST_LINE = 100
"""Characters of a name, an id or another single line in a document."""

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""Control characters, line ends, direction marks (Unicode TR 36, section 2.6), and what has no
width: by any of them one name could pass for another, or for a line of ours."""


def read_text(value: object, longest: int = LONGEST_LINE) -> str:
    """A text of a signed document that may be shown on a terminal: one line, nothing unseen in it.

    Every name and id of a roster, a request, a manifest and a receipt is read by this. Raises
    :class:`MalformedError`.
    """
    if not isinstance(value, str) or not one_line(value, longest):
        raise MalformedError(
            "A name or another text in the document is missing, longer than one line of 100 "
            "characters, or holds signs that do not show. Nothing was changed. Ask whoever made "
            "the document to make it again with a plain name."
        )
    return value


def one_line(text: str, longest: int = LONGEST_LINE) -> bool:
    """Whether a text is what :func:`read_text` accepts."""
    return len(text) <= longest and _UNSEEN.search(text) is None and clean_text(text) == text


def tidy_line(text: str) -> str:
    """The text as :func:`read_text` accepts it: blanks for line ends, cut, nothing unseen."""
    flat = " ".join(_UNSEEN.sub("", " ".join(text.split())).split())
    return clean_text(flat)[:LONGEST_LINE].rstrip()
