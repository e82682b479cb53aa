"""What each sentence rests on: written beside it while the report is made, printed or left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from fieldkit.comparison.numbers import plain, series
from fieldkit.feedback.document.blocks import Block, Bullets, Facts, Heading, Paragraph
from fieldkit.wording.sentences import sentences

BEGINS, ENDS = "\ue000", "\ue001"
"""Stand round a basis until it is printed; private characters, which no text of a person keeps."""
_MARKED = re.compile(f" ?{BEGINS}([^{ENDS}]*){ENDS}")
_QUOTED = "”’\"'"
_CLOSING = re.compile(r"[.!?…:]+$")

AnyBlock = TypeVar("AnyBlock", bound=Block)


def rests_on(text: str, basis: str) -> str:
    """Return a text each of whose sentences says what it rests on, before its full stop."""
    if not text.strip():
        return ""
    return " ".join(_with(one, basis) for one in sentences(_without_signs(text)) or [text])


def numbers_words(noun: str, numbers: Iterable[object]) -> str:
    """Return “finding 3” or “findings 1, 4 and 7”."""
    known = [str(one) for one in numbers]
    return f"{noun}{'s' * (len(known) > 1)} {series(known)}" if known else ""


def with_basis(block: AnyBlock, basis: str) -> AnyBlock:
    """Return a block whose every sentence says what it rests on; headings and tables as they are.

    Words that lead on to a list or a table, with a colon, say it too.
    """
    if isinstance(block, Paragraph):
        return replace(block, text=rests_on(block.text, basis))
    if isinstance(block, Bullets):
        return replace(block, texts=tuple(rests_on(one, basis) for one in block.texts))
    return block


def printed(block: Block, *, shown: bool) -> Block:
    """Return a block as it is printed, with what each sentence rests on in brackets or without."""

    def text(one: str) -> str:
        return _MARKED.sub(lambda m: f" [{m[1]}]" if shown else "", one)

    if isinstance(block, Heading):
        return replace(block, text=text(block.text))
    if isinstance(block, Paragraph):
        return replace(block, text=text(block.text), lead=text(block.lead))
    if isinstance(block, Bullets):
        return replace(block, texts=tuple(map(text, block.texts)))
    if isinstance(block, Facts):
        return replace(block, rows=tuple((text(one), text(two)) for one, two in block.rows))
    return replace(block, rows=tuple(tuple(map(text, row)) for row in block.rows))


def _with(sentence: str, basis: str) -> str:
    marked = f" {BEGINS}{basis}{ENDS}"
    closing = _CLOSING.search(sentence)
    if closing is None:
        # It ends in a quotation, or in nothing at all.
        return f"{sentence}{marked}{'' if sentence[-1] in _QUOTED else '.'}"
    return f"{sentence[: closing.start()]}{marked}{closing[0]}"


def _without_signs(text: str) -> str:
    return plain(text).replace(BEGINS, "").replace(ENDS, "")
