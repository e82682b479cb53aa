"""The place in a text where the words searched for stand.

FTS5 has a function for this; with memory security on it takes longer than the search itself.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

SHOWN = 24
"""Words of an excerpt."""
BEFORE = 6
"""Of these, at most so many stand before the first that was searched for."""

_WORD = re.compile(r"[^\W_]+")


class Finder:
    """Finds words in texts as the index does: capitals and diacritics make no difference.

    Args:
        words: each to be found whole.
        begun: the last of them may be the beginning of a word.
    """

    def __init__(self, words: Sequence[str], *, begun: bool) -> None:
        texts = [re.escape(one) for each in words for one in _WORD.findall(folded(each))]
        if texts and begun:
            texts[-1] += r"[^\W_]*"
        # The longest first, so that a word is not taken for the one it begins with.
        either = "|".join(sorted(texts, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])" if texts else "(?!)")

    def excerpt(self, text: str) -> str:
        """The place around the first of the words; each word found is between ``«`` and ``»``."""
        found = [one.span() for one in self._pattern.finditer(folded(text))]
        starts = [one.start() for one in _WORD.finditer(text)]
        first, after = 0, len(text)
        if found and len(starts) > SHOWN:
            at = min(bisect_left(starts, found[0][0]) - BEFORE, len(starts) - SHOWN)
            if at > 0:
                first = starts[at]
            if max(at, 0) + SHOWN < len(starts):
                after = starts[max(at, 0) + SHOWN]
        parts = ["…" if first else ""]
        done = first
        for start, end in found:
            if end <= after:
                parts += [text[done:start], "«", text[start:end], "»"]
                done = end
        parts.append(text[done:after].rstrip() + "…" if after < len(text) else text[done:])
        return "".join(parts)


def folded(text: str) -> str:
    """The text in small letters without diacritics, as long as it was, character by character."""
    return text.lower() if text.isascii() else "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0].lower()[0]
