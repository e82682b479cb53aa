"""Counts the sentences of a text, as somebody who reads it out would."""

from __future__ import annotations

import re
from itertools import pairwise

_BEFORE_A_NAME = frozenset(
    "mr mrs ms mx dr prof rev hon st messrs cllr sgt insp det supt ch con dep asst dir cdr "
    "eg ie cf viz vs v nb ca al".split()
)
"""Abbreviations that end no sentence: something always follows them."""

_BEFORE_A_NUMBER = frozenset(
    "no nos art arts para paras s ss sch reg regs pt vol p pp fig figs app ref refs tel ext r "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat "
    "sun".split()
)
"""Words that are abbreviations only where a number follows: “No. 5”, but “They said no.”"""

_MAY_END = frozenset(
    "am pm a.m p.m u.k e.u etc ltd plc co inc dept div min mins hr hrs sec secs max approx "
    "est".split()
)
"""Abbreviations that end a sentence where a capital letter follows."""

_INITIALS = re.compile(r"(?:\w\.)*\w")
_END = re.compile(r"[.!?…]+(?P<closing>[”’\"')\]]*)(?=\s|$)|\n\s*(?=[-•*]\s|\d+[.)]\s|\n)")
_WORD = re.compile(r"[\w.]*\w$")
_OPENING = "“‘\"'([ \t\n\r\f\v"


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each without the space around it.

    A full stop ends none in “e.g.”, “at 5 p.m. on”, “Sgt. Jones”, “No. 5”, “3.5”, initials and the
    number of a line; and what ends within quotation marks ends none where the sentence goes on.
    """
    ends = [match.end() for match in _END.finditer(text) if _ends(text, match)]
    parts = (text[start:end].strip() for start, end in pairwise([0, *ends, len(text)]))
    return [part for part in parts if re.search(r"\w", part)]


def _ends(text: str, match: re.Match[str]) -> bool:
    """Say whether a mark ends a sentence, by the word before it and what follows."""
    mark, after = match[0], text[match.end() :].lstrip(_OPENING)
    if mark.startswith("\n") or not after:
        return True
    if after[0].islower() and (match["closing"] or "…" in mark or ".." in mark):
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    word = found[0].casefold() if (found := _WORD.search(text[: match.start()])) else ""
    if word in _MAY_END:
        return after[0].isupper()
    if word in _BEFORE_A_NUMBER and not after[0].isdigit():
        return True
    if word in _BEFORE_A_NAME or word in _BEFORE_A_NUMBER:
        return False
    line = text[: match.start()].rpartition("\n")[2].strip()
    numbers_a_line = word.isdigit() and line == word
    return not numbers_a_line and not (_INITIALS.fullmatch(word) and not word.isdigit())
