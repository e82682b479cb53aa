"""What an identifier is, and how its kinds are told and replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.wording.identifiers.word_lists import WORDS

NAME = "name"
BIRTH = "date of birth"
PHONE = "phone"
EMAIL = "email"
POSTCODE = "postcode"
NATIONAL_INSURANCE = "national insurance"
NHS = "nhs"
POLICE = "police reference"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Holds a place in a text that could say who somebody is.

    Attributes:
        kind: one of the kinds above.
        start: its first character.
        end: one past its last.
        text: the characters themselves.
        name: the name of the inspection's list that it looks like; empty for every other kind.
    """

    kind: str
    start: int
    end: int
    text: str
    name: str = ""


def kinds_in_words(identifiers: Iterable[Identifier]) -> str:
    """Return what a text holds: "a date of birth and a postcode"; each kind once."""
    kinds = list(dict.fromkeys(WORDS.kinds[one.kind].noun for one in identifiers))
    head, last = kinds[:-1], kinds[-1:]
    return " and ".join([", ".join(head), *last] if head else last)


def replacement(kind: str) -> str:
    """Return what is offered in the place of an identifier."""
    return WORDS.kinds[kind].instead
