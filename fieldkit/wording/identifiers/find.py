"""Find what in a text could say who somebody is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from fieldkit.wording.identifiers.births import find_births
from fieldkit.wording.identifiers.dates import find_moments
from fieldkit.wording.identifiers.emails import find_emails
from fieldkit.wording.identifiers.identifier import BIRTH, EMAIL, NAME, POLICE, Identifier
from fieldkit.wording.identifiers.names import find_names
from fieldkit.wording.identifiers.numbers import find_national_insurance, find_nhs, find_phones
from fieldkit.wording.identifiers.plain_form import PlainForm, plain_form, put_together
from fieldkit.wording.identifiers.police_references import find_police_references
from fieldkit.wording.identifiers.postcodes import find_postcodes

_CODE = re.compile(r"[^\W\d_]{2,4}/?\d{4,}(?:/\d{2,4})?")
"""A reference that was written letter by letter."""


def find_identifiers(
    text: str,
    names: Sequence[str],
    *,
    own: Collection[str] = (),
    today: date | None = None,
) -> list[Identifier]:
    """Return the identifiers in a text in their order; none of them overlap.

    Args:
        text: what was written.
        names: the names of the inspection's list.
        own: the inspection's own references of cases and documents, which identify nobody.
        today: the day by which the age of a date is told; default: today.
    """
    form, day = plain_form(text), today or date.today()
    found = _find(form.text, names, day)
    if "\n" in form.text:
        # Numbers run on over the end of a line where a text was copied with its lines.
        joined = _find_numbers(form.text.replace("\n", " "), day)
        found += [one for one in joined if not _overlaps(one, found)]
    placed = _placed(found, form, text, own)
    closer, parts = put_together(form)
    if parts:
        found = [*_find(closer.text, names, day), *_codes(closer.text, parts)]
        within = [one for one in found if any(one.start < e and s < one.end for s, e in parts)]
        for one in _placed(within, closer, text, own):
            if not _overlaps(one, placed):
                placed.append(one)
    return sorted(placed, key=lambda one: one.start)


def _placed(
    found: Iterable[Identifier], form: PlainForm, text: str, own: Collection[str]
) -> list[Identifier]:
    """Return what was found in a form of a text as it stands in the text; the own left out."""
    placed = []
    for one in sorted(found, key=lambda one: one.start):
        if not _is_of_own(one, form.text, own):
            start, end = form.span(one.start, one.end)
            placed.append(replace(one, start=start, end=end, text=text[start:end]))
    return placed


def _codes(text: str, parts: Iterable[tuple[int, int]]) -> Iterator[Identifier]:
    """Return numbers behind letters that were set apart: nobody writes a reference so by chance."""
    for start, end in parts:
        if _CODE.fullmatch(text[start:end]):
            yield Identifier(POLICE, start, end, text[start:end])


def _is_of_own(one: Identifier, text: str, own: Iterable[str]) -> bool:
    """Say whether what was found is one of the own references, or a number that stands in one."""
    written = one.text.casefold()
    for reference in map(str.casefold, own):
        if written == reference:
            return True
        start = one.start - reference.find(written)
        if written in reference and start >= 0 and _may_be_code(one):
            if text[start : start + len(reference)].casefold() == reference:
                return True
    return False


def _may_be_code(one: Identifier) -> bool:
    """Say whether what was found may be a part of a reference: a number, perhaps with letters."""
    if one.name or one.kind in (BIRTH, EMAIL) or not any(map(str.isdigit, one.text)):
        return False
    return one.kind != NAME or one.text.isalnum()


def _find(text: str, names: Sequence[str], day: date) -> list[Identifier]:
    """Return the identifiers in the plain form of a text."""
    found: list[Identifier] = []
    found += find_emails(text)
    # What stands in an address is no name of its own beside it.
    rest = text
    for one in found:
        rest = rest[: one.start] + ";" * len(one.text) + rest[one.end :]
    named = [replace(one, text=text[one.start : one.end]) for one in find_names(rest, names)]
    ends = [one.end for one in named]
    for one in (*find_births(text, day, ends), *_find_numbers(text, day)):
        if not _overlaps(one, found):
            found.append(one)
    return found + [one for one in named if not _overlaps(one, found)]


def _find_numbers(text: str, day: date) -> Iterator[Identifier]:
    """Return what is given by the state, the police or a network; the surer a form, the earlier.

    A moment is none of them, whatever part of it looks like a number.
    """
    if not any(character.isdigit() for character in text):
        return
    moments = list(find_moments(text))
    for one in chain(
        find_national_insurance(text),
        find_police_references(text, day),
        find_nhs(text),
        find_phones(text),
        find_postcodes(text),
    ):
        if not any(start <= one.start and one.end <= end for start, end in moments):
            yield one


def _overlaps(one: Identifier, others: Sequence[Identifier]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
