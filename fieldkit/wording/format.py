"""Text and times as a person is shown them: nothing that a terminal obeys, cut to one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from storage.ops.text import CONTROLS, many

_EMOJI = r"\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_FLAG = r"[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f(?![\U000e0000-\U000e007f])"
"""The rest of the flag of Wales, Scotland or England: its letters in tags (Unicode TS 51, C.1)."""

_SUSPECT = re.compile(
    rf"[{CONTROLS}\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff"
    r"\ufdd0-\ufdef\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Every sign that may have to go: a text without one is looked through ten times as fast."""
_NOT_SHOWN = re.compile(
    rf"[{CONTROLS}\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
    rf"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])"
    rf"|(?<![\U0001f3f4\U000e0000-\U000e007f])[\U000e0000-\U000e007f]+"
    rf"|(?<=\U0001f3f4)(?!{_FLAG})[\U000e0000-\U000e007f]+"
)
"""What no text is shown with: control characters, marks that turn the direction of writing (Unicode
TR 36, section 2.6), what has no width, by which two texts that differ would look the same, and
halves of characters and what is none, which no terminal and no document can take. A joiner between
two emoji stays, and so do the tags of a flag: without them one sign would be shown as several."""


def clean(text: str, put: str | Callable[[re.Match[str]], str] = "") -> str:
    """Return the text without what a terminal would obey and what has no width.

    ``put`` stands in the place of each such sign.
    """
    return _NOT_SHOWN.sub(put, text) if _SUSPECT.search(text) else text


def flat(text: str) -> str:
    """Return the text cleaned and on one line."""
    return " ".join(clean(text).split())


def set_in(entry: str) -> str:
    """Return an entry of a list with its further lines set in four columns below its first.

    A line break in somebody's words would otherwise make an entry that nobody wrote.
    """
    first, *more = entry.splitlines() or [""]
    margin = " " * (len(first) - len(first.lstrip()) + 4)
    return "\n".join([first, *(f"{margin}{line.strip()}" for line in more if line.strip())])


def with_facts(text: str, *facts: str) -> str:
    """Return somebody's words with what is known of them in brackets.

    Those words may be a sentence: its full stop goes, since what is in brackets belongs to it.
    """
    known = [fact for fact in map(without_stop, facts) if fact]
    return f"{without_stop(text)} ({', '.join(known)})" if known else text.strip()


def without_stop(text: str) -> str:
    """Return the text without the full stop or the comma at its end, where a sentence goes on."""
    return text.strip().rstrip(".,;: ")


def entries(count: int) -> str:
    """Return a number of entries in words."""
    return many(count, "entry", "entries")


def shorten(text: str, width: int) -> str:
    """Return a text of at most ``width`` characters, cut with an ellipsis between two signs."""
    return text if len(text) <= width else text[: _sign_start(text, max(width - 1, 0))] + "…"


def _sign_start(text: str, end: int) -> int:
    """Return where the sign begins that a cut at ``end`` would go through, or ``end``."""
    while 0 < end < len(text) and (_goes_on(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    flags = 0  # a flag of a country is two letters of its own alphabet
    while flags < end and "\U0001f1e6" <= text[end - 1 - flags] <= "\U0001f1ff":
        flags += 1
    between = end < len(text) and "\U0001f1e6" <= text[end] <= "\U0001f1ff" and flags % 2
    return end - 1 if between else end


def _goes_on(character: str) -> bool:
    """Say whether a character belongs to the sign before it: an accent, a joiner, a skin colour."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def line(text: str, width: int = 60) -> str:
    """Return the text on one line of at most ``width`` columns, cut with an ellipsis."""
    start = text[: 4 * width + 200]  # a long text is not gone through for one line
    shown = flat(start)
    return shown if len(shown) <= width and start == text else shorten(shown + " ", width)
