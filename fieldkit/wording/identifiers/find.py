"""Find what in a text could say who somebody is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from fieldkit.wording.identifiers.births import find_births
from fieldkit.wording.identifiers.emails import find_emails
from fieldkit.wording.identifiers.identifier import Identifier
from fieldkit.wording.identifiers.names import find_names
from fieldkit.wording.identifiers.numbers import find_national_insurance, find_nhs, find_phones
from fieldkit.wording.identifiers.plain_form import plain_form
from fieldkit.wording.identifiers.police_references import find_police_references
from fieldkit.wording.identifiers.postcodes import find_postcodes


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
        own: the inspection's own references of cases, which identify nobody.
        today: the day by which the age of a date is told; default: today.
    """
    form = plain_form(text)
    found = _find(form.text, names, today or date.today())
    if "\n" in form.text:
        # Numbers run on over the end of a line where a text was copied with its lines.
        joined = _find_numbers(form.text.replace("\n", " "), today or date.today())
        found += [one for one in joined if not _overlaps(one, found)]
    ours = {one.casefold() for one in own}
    placed = []
    for one in sorted(found, key=lambda one: one.start):
        if one.text.casefold() not in ours:
            start, end = form.span(one.start, one.end)
            placed.append(replace(one, start=start, end=end, text=text[start:end]))
    return placed


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
    """Return what is given by the state, the police or a network; the surer a form, the earlier."""
    if any(character.isdigit() for character in text):
        yield from find_national_insurance(text)
        yield from find_police_references(text, day)
        yield from find_nhs(text)
        yield from find_phones(text)
        yield from find_postcodes(text)


def _overlaps(one: Identifier, others: Sequence[Identifier]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
