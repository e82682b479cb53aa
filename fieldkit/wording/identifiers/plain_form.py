"""A text as it is read by a person: what shows nothing is left out, look-alike signs are one.

Word, web pages and PDF files leave soft hyphens, narrow blanks, wide figures and words cut at the
end of a line in what is copied out of them. Nobody sees these, so they keep nothing from being
found. Letters of another script that look like Latin ones are read as these.

Letters and digits that stand each for itself, as in “J o h n” and “W C 1 2 3 4”, are put together
in a second form, which is looked through besides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from fieldkit.wording.identifiers.word_lists import WORDS
from storage.ops.text import UNSEEN

_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2044\u2215", "/"),
}
"""Hyphens and slashes that look like those of the keyboard (Unicode 15, section 6.2)."""
_PARTS = re.compile(
    r"(?P<cut>(?<=[^\W\d_])[\-\u2010\xad][ \t]*\n[ \t]*(?=[^\W\d_]))"
    # A sign with the accents, rings or frames that are set on it.
    r"|(?s:.)[\u0300-\u036f\u20d0-\u20ff]*"
)
_APART = re.compile(
    r"(?<![\w/])[^\W_](?P<by> {1,3}|[.\-·*_] ?)(?:[^\W_]|/)(?:(?P=by)(?:[^\W_]|/))*"
    r"(?P=by)[^\W_](?![\w/])"
)
"""Single letters, digits and slashes with the same between each two of them; three at least."""


@dataclass(frozen=True, slots=True)
class PlainForm:
    """Holds the plain form of a text, and where each of its characters stands in the text.

    Attributes:
        text: the plain form.
        starts: where each of its characters begins in the text written.
        ends: one past where each of them ends there.
    """

    text: str
    starts: range | list[int]
    ends: range | list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text written a part of the plain form stands."""
        return self.starts[start], self.ends[end - 1]


def plain_form(text: str) -> PlainForm:
    """Return the plain form of a text; ASCII in which no word is cut is its own."""
    if text.isascii() and ("-" not in text or "\n" not in text):
        return PlainForm(text, range(len(text)), range(1, len(text) + 1))
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _PARTS.finditer(text):
        if match["cut"]:
            # “Pros-” and “ser” are one word; “Mary-” and “Ann” are two with a hyphen.
            read = "" if text[match.end()].islower() else "-"
        else:
            read = match[0] if match[0].isascii() else _read(match[0])
        plain.append(read)
        starts += [match.start()] * len(read)
        ends += [match.end()] * len(read)
    return PlainForm("".join(plain), starts, ends)


def _read(written: str) -> str:
    """Return how a sign, with what is set on it, is read."""
    composed = unicodedata.normalize("NFC", written)
    if len(composed) > 1:
        return composed if composed[0].isalpha() else composed[0]
    if composed in _SIGNS:
        return _SIGNS[composed]
    if ord(composed) in WORDS.look_alikes:
        return WORDS.look_alikes[ord(composed)]
    if UNSEEN.match(composed):
        return " " if composed.isspace() else ""
    kind = unicodedata.category(composed)
    if kind == "Nd":
        return str(unicodedata.digit(composed))
    wide = unicodedata.normalize("NFKC", composed)
    # “½” and “²” are no figures of a number.
    is_letters = wide.isalnum() and kind != "No"
    return wide if is_letters or (len(wide) == 1 and wide.isascii()) else composed


def put_together(form: PlainForm) -> tuple[PlainForm, list[tuple[int, int]]]:
    """Return a text with letters that stand apart put together, and where it does so.

    Digits alone are left: numbers are found with whatever stands between their digits.
    """
    kept: list[int] = []
    parts: list[tuple[int, int]] = []
    end = 0
    for match in _APART.finditer(form.text):
        if not any(map(str.isalpha, match[0])) and "/" not in match[0]:
            continue
        kept += range(end, match.start())
        step = len(match["by"]) + 1
        parts.append((len(kept), len(kept) + len(match[0]) // step + 1))
        kept += range(match.start(), match.end(), step)
        end = match.end()
    if not parts:
        return form, []
    kept += range(end, len(form.text))
    return (
        PlainForm(
            "".join(form.text[place] for place in kept),
            [form.starts[place] for place in kept],
            [form.ends[place] for place in kept],
        ),
        parts,
    )
