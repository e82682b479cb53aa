"""Find what in a text could say who somebody is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from fieldkit.wording.identifiers.births import find_births
from fieldkit.wording.identifiers.emails import find_emails
from fieldkit.wording.identifiers.identifier import Identifier
from fieldkit.wording.identifiers.names import find_names
from fieldkit.wording.identifiers.numbers import find_national_insurance, find_nhs, find_phones
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
    day = today or date.today()
    found: list[Identifier] = []
    found += find_emails(text)
    # What stands in an address is no name of its own beside it.
    rest = text
    for one in found:
        rest = rest[: one.start] + ";" * len(one.text) + rest[one.end :]
    named = [replace(one, text=text[one.start : one.end]) for one in find_names(rest, names)]
    if any(character.isdigit() for character in text):
        # The surer a form, the earlier it claims its place.
        for several in (
            find_births(text, day, [one.end for one in named]),
            find_national_insurance(text),
            find_police_references(text, day),
            find_nhs(text),
            find_phones(text),
            find_postcodes(text),
        ):
            for one in several:
                if not _overlaps(one, found):
                    found.append(one)
    found += [one for one in named if not _overlaps(one, found)]
    ours = {one.casefold() for one in own}
    return sorted(
        (one for one in found if one.text.casefold() not in ours), key=lambda one: one.start
    )


def _overlaps(one: Identifier, others: Sequence[Identifier]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
