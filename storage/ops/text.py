"""Says which texts a record may hold, how counts are written, and how letters are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.ops.canonical_json import MalformedError

MAX_TEXT_BYTES = 256 * 1024
"""Bytes of UTF-8 in one text, the bundle format's own limit (``docs/format.md``)."""
MAX_LINE_CHARS = 100
"""Characters of a name, an id or another single line in a document."""

CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Control characters but tab and line feed, for the set of a pattern."""
_CONTROLS = re.compile(f"[{CONTROLS}]")

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Every line end but the line feed (Unicode 15, section 5.8): a vertical tab is Word's line break
within a paragraph, a form feed its page break."""
_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr((plane << 16) + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""Code points that are no characters (Unicode 15, section 23.7); XML, so a .docx, refuses two."""

UNSEEN = re.compile(
    f"[{CONTROLS}"
    # Tab and line ends, and every blank but the plain one.
    r"\t\n\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    # What shows nothing: soft hyphen, fillers, joiners, selectors, marks for programs (the
    # Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt), and Braille's blank.
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
"""Control characters, line ends, direction marks (Unicode TR 36, section 2.6), and what cannot be
told from nothing or from a blank: by any of them one name could pass for another, or for a line of
ours. The format names these characters (docs/format.md, section 10), so none comes or goes with a
version of Unicode."""


def many(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: “1 case”, “1,200 cases”."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def size(number: int) -> str:
    """Return a number of bytes as a person reads it: “12 KiB”, “1.5 MiB”, “512 MiB”, “56 GiB”."""
    if number < 1024:
        return f"{number} bytes"
    if number < 2**20:
        return f"{number / 1024:.0f} KiB"
    if number < 2**30:
        return f"{number / 2**20:.{1 if number % 2**20 else 0}f} MiB"
    return f"{number / 2**30:.{1 if number % 2**30 and number < 10 * 2**30 else 0}f} GiB"


def read_text(value: object, longest: int = MAX_LINE_CHARS) -> str:
    """Return a text of a signed document: one line, fit for a terminal, nothing unseen in it.

    Every text of a roster, a request, a manifest and a receipt is read by this. Raises
    :class:`MalformedError`.
    """
    if not isinstance(value, str) or not is_one_line(value, longest):
        raise _unfit()
    return value


def read_name(value: object) -> str:
    """Return what :func:`read_text` does, for a name or id: never empty."""
    if not value:
        raise _unfit()
    return read_text(value)


def _unfit() -> MalformedError:
    return MalformedError(
        "A name or another text in the document is missing, longer than one line of 100 "
        "characters, begins or ends with a blank, or holds signs that do not show. Nothing was "
        "changed. Ask whoever made the document to make it again with a plain name."
    )


def is_one_line(text: str, longest: int = MAX_LINE_CHARS) -> bool:
    """Say whether a text is what :func:`read_text` accepts."""
    return (
        len(text) <= longest
        and UNSEEN.search(text) is None
        and text.strip(" ") == text
        and settled_text(text) == text
    )


def comparable(text: str) -> str:
    """Return what two names have in common that a person would take for the same one.

    Small and large letters, wide and narrow ones, ligatures and blanks make no difference.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def tidy_line(text: str) -> str:
    """Return the text as :func:`read_text` accepts it: blanks for line ends, cut, all seen."""
    flat = " ".join(UNSEEN.sub("", " ".join(text.split())).split())
    return clean_text(flat)[:MAX_LINE_CHARS].rstrip()


def with_line_feeds(text: str) -> str:
    """Return a text in which every line end is a line feed: no two words run together."""
    return _BREAKS.sub("\n", text)


def clean_text(value: str) -> str:
    """Return text as it is kept: what :func:`settled_text` does, each line end as a line feed.

    Raises ``ValueError`` for text of more than :data:`MAX_TEXT_BYTES` bytes.
    """
    if value.isascii() and len(value) <= MAX_TEXT_BYTES and not _CONTROLS.search(value):
        return value
    return settled_text(_NONCHARACTERS.sub("", with_line_feeds(value)))


def settled_text(value: str) -> str:
    """Return text as the format demands it: NFC, no control characters but tab and line feed.

    Escape sequences would otherwise reach a terminal that merely prints the record. A reader
    demands no more than this: an earlier fieldkit kept other line ends (``docs/format.md``).
    Raises ``ValueError`` for text of more than :data:`MAX_TEXT_BYTES` bytes.
    """
    tidy = _CONTROLS.sub("", value)
    # Last: what was between a letter and its accent is gone by then.
    tidy = unicodedata.normalize("NFC", tidy.encode("utf-8", "ignore").decode("utf-8"))
    if len(tidy.encode()) > MAX_TEXT_BYTES:
        raise ValueError("the text is longer than 256 KiB")
    return tidy


@dataclass(frozen=True)
class Folded:
    """Is a text in the letters that people type; each knows where it stands in the text."""

    text: str
    starts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where letters from ``start`` to before ``end`` stand in the text they are from."""
        return self.starts[start], self.starts[end - 1] + 1


def folded(text: str) -> Folded:
    """Return a text in small letters without diacritics, ligatures and signs that do not show.

    “ﬁ” becomes “fi”, “ß” “ss”, wide letters plain ones; a soft hyphen and an accent go (Unicode's
    compatibility decomposition and full case folding, UAX 15 and chapter 3.13).
    """
    if text.isascii():
        return Folded(text.lower(), range(len(text)))
    letters = [(place, one) for place, sign in enumerate(text) for one in _folded(sign)]
    return Folded("".join(one for _, one in letters), [place for place, _ in letters])


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(
        one
        for one in unicodedata.normalize("NFKD", plain)
        if unicodedata.category(one) not in ("Mn", "Me", "Cf")
    )


@lru_cache(maxsize=4096)
def without_mark(character: str) -> str:
    """Return a letter as the index itself folds it: small, without the marks it is composed of."""
    return unicodedata.normalize("NFD", character)[0].lower()[0]
