"""What is printed and stands in none of the texts that are known to leave: titles, names of files.

A document is put together in many places. So the guard looks at the words as they are printed
too, whatever they were made of: what it finds there and not in a text that is known to leave is
sought in the records, so that it can be taken out, or stops as typed for this alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from fieldkit.evidence.identifiers import Search, search_of
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.stops import all_texts

PRINTED = "words_printed"
"""The field that a stop names where no record holds what is printed."""


def with_printed(
    s: Session, inspection_id: str, texts: Sequence[LeavingText], printed: Iterable[str]
) -> list[LeavingText]:
    """Return texts that leave, and those beside them by which somebody could be known in print.

    Args:
        s: a session.
        inspection_id: of which inspection.
        texts: what is known to leave, with its records.
        printed: every line, cell and name as it is printed.
    """
    search = search_of(s, inspection_id)
    known = {
        one.text.casefold() for leaving in dict.fromkeys(texts) for one in search.find(leaving.text)
    }
    unknown: list[str] = []
    for line in dict.fromkeys(printed):
        if any(one.text.casefold() not in known for one in search.find(line)):
            unknown.append(line)
    if not unknown:
        return list(texts)
    written = all_texts(s, inspection_id)
    more = [_of_record(line, written, search) for line in unknown]
    return [*texts, *more]


def _of_record(line: str, written: Iterable[LeavingText], search: Search) -> LeavingText:
    """Return the longest text of a record that a line prints and that tells; else the line."""
    inside = [one for one in written if one.text.strip() in line and search.find(one.text)]
    longest = max(inside, key=lambda one: len(one.text), default=None)
    return longest or LeavingText("", "", PRINTED, line)
