"""Which column is which field: the heading settles it, and a person has the last word."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.table.column_fit import (
    BESIDE_GRADES,
    FIELD_WORDS,
    GRADE,
    SENTENCES,
    Look,
    fit,
    is_area,
    look_at,
    tick_columns,
    why_not_taken,
)
from fieldkit.workbook.table.meaning import BIRTH, tick_word, why_nobodys
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import Sheet, column_number, letters
from fieldkit.workbook.values.words import field_words, limit, plain

IGNORE = "ignore"
_BODY = 200  # rows looked at to judge a column by its values
_PROPOSE = 0.45  # confidence from which a field is proposed
_CLOSE = 0.08  # two columns this near for one field are said aloud
_WITHDRAWN = 0.2
"""What a column loses whose cells are struck out, so that one that stands goes before it."""
_PROPOSED_TICKS = 0.9
"""How sure columns of ticks are."""


@dataclass(frozen=True, slots=True)
class Column:
    """Holds one column: its letter, heading, the field it is taken for, how sure (0 to 1), samples.

    ``mask_reason`` is a clause why it tells of the force's grades, whatever it is taken for; empty
    where it does not. ``tick`` is the word for the grade that a mark in the column gives, ``why``
    a clause why the column is not taken, ``below`` what it is taken for in tables further down.
    """

    column: str
    heading: str
    field: str
    confidence: float
    samples: tuple[str, ...]
    hidden: bool = False
    chosen: bool = False
    rival: str | None = None
    mask_reason: str = ""
    tick: str = ""
    why: str = ""
    below: tuple[str, ...] = ()

    @property
    def shown_as(self) -> str:
        """Return the field by which its values may be shown: the most guarded of those it has."""
        return most_guarded((self.field, *self.below))

    @property
    def number(self) -> int:
        """Return the column's number, from 1."""
        return column_number(self.column) or 0

    def to_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        return {
            "column": self.column,
            "heading": self.heading,
            "field": self.field,
            "confidence": self.confidence,
            "samples": list(self.samples),
            "hidden": self.hidden,
            "chosen": self.chosen,
            "why": self.why,
        }


def most_guarded(fields: Sequence[str]) -> str:
    """Return that of the fields of a column by which its values are shown least."""
    guarded = ("grade", "overall_grade", "rationale", IGNORE)
    return next((field for field in guarded if field in fields), fields[0])


def map_columns(
    kind: str,
    sheet: Sheet,
    headings: Mapping[int, str],
    body: Sequence[int],
    types: CaseTypes,
    base_1904: bool = False,
    chosen: Mapping[str, str] | None = None,
    beside: Container[int] = (),
) -> tuple[Column, ...]:
    """Return a field for every column with a heading or a value; each field has at most one column.

    The grade alone may have several, one for each grade, with ticks in them. `chosen` maps a
    column letter or a heading to a field and wins over every proposal; columns `beside` are of
    another table. Raises `MappingRefused` when `chosen` names a column or field that is not there,
    a column of dates of birth, or would have a column that tells of the force's grades shown by
    row.
    """
    rows = body[:_BODY]
    filled = set(headings).union(*map(sheet.filled, body))
    numbers = sorted(number for number in filled if number not in beside)
    everywhere = {*numbers}.union(*sheet.cells.values()) if chosen else {*numbers}
    chosen_fields = _chosen_fields(kind, headings, numbers, everywhere, chosen)
    looks: dict[int, Look] = {}
    for number in numbers:
        cells = [sheet.at(row, number) for row in rows]
        looks[number] = look_at(kind, number, headings.get(number, ""), cells, types, base_1904)
        _check_choice(looks[number], chosen_fields.get(number, IGNORE), kind)
    areas = {number for number, look in looks.items() if is_area(kind, look, looks.values())}
    offers = [
        (round(confidence, 3), number, words.field)
        for number, look in looks.items()
        for words in field_words(kind)
        if not (number in areas and words.field == GRADE[kind])
        and (confidence := fit(kind, look, words.field, base_1904)
             - 0.1 * (number in sheet.hidden_columns)
             - _WITHDRAWN * _is_withdrawn(look)) >= _PROPOSE
    ]  # fmt: skip
    ticks = tick_columns(kind, looks, chosen_fields, offers)
    offers = [offer for offer in offers if offer[1] not in ticks]
    taken = _assign(kind, numbers, offers, chosen_fields)
    taken.update(dict.fromkeys(ticks, ("grade", _PROPOSED_TICKS, None)))
    by_field = {field for field, _, _ in taken.values()}
    return tuple(
        Column(
            column=letters(number),
            heading=headings.get(number, ""),
            field=field,
            confidence=confidence,
            samples=samples_of(sheet, rows, number),
            hidden=number in sheet.hidden_columns,
            chosen=number in chosen_fields,
            rival=letters(rival) if rival else None,
            mask_reason="" if field == GRADE["case_list"] else looks[number].mask_reason,
            tick=ticks.get(number, ""),
            why=""
            if field != IGNORE or number in chosen_fields
            else why_not_taken(kind, looks[number], by_field, number in areas, rival, base_1904),
        )
        for number, (field, confidence, rival) in taken.items()
    )


def _is_withdrawn(look: Look) -> bool:
    """Say whether all that stands in a column is struck out."""
    filled = [cell for cell in look.cells if not cell.blank]
    return bool(filled) and all(cell.withdrawn for cell in filled)


def _check_choice(look: Look, field: str, kind: str) -> None:
    """Refuse what a person chose for a column where it may never be taken for that."""
    name = letters(look.number)
    if field != IGNORE and why_nobodys(look.heading) == BIRTH:
        raise MappingRefused(
            f"Column {name} was not taken: {BIRTH}, which are not read. Nothing was changed; "
            "take the column out of the file."
        )
    if look.mask_reason and field in BESIDE_GRADES and kind == "self_assessment":
        raise MappingRefused(
            f"Column {name} was not taken for the {FIELD_WORDS[field]}: {look.mask_reason}, and "
            "the force's grades stay hidden until ours are committed. Nothing was changed; take "
            "it for the grade, the rationale or nothing."
        )


def likely_grades(columns: Sequence[Column]) -> str:
    """Say which columns may hold the grades where none is taken for them; or nothing."""
    return " ".join(
        f"Column {column.column} may be it: {column.mask_reason}."
        for column in columns
        if column.field == IGNORE and column.mask_reason and column.mask_reason != SENTENCES
    )


def _assign(
    kind: str,
    numbers: Sequence[int],
    offers: list[tuple[float, int, str]],
    chosen_fields: Mapping[int, str],
) -> dict[int, tuple[str, float, int | None]]:
    taken: dict[int, tuple[str, float, int | None]] = {
        number: (field, 1.0, None) for number, field in chosen_fields.items()
    }
    fields = {field for field in chosen_fields.values() if field != IGNORE}
    offers.sort(key=lambda offer: (-offer[0], offer[1]))
    for confidence, number, field in offers:
        if number in taken or field in fields:
            continue
        rival = next(
            (
                n
                for c, n, f in offers
                if f == field and n != number and n not in taken and confidence - c <= _CLOSE
            ),
            None,
        )
        fields.add(field)
        if rival is not None and kind == "case_list" and field == GRADE[kind]:
            # A grade of ours is committed, so a person says which of two columns holds them.
            taken[number], taken[rival] = (IGNORE, 0.0, rival), (IGNORE, 0.0, number)
            continue
        taken[number] = (field, confidence, rival)
    return {n: taken.get(n, (IGNORE, 0.0, None)) for n in numbers}


def _chosen_fields(
    kind: str,
    headings: Mapping[int, str],
    numbers: Sequence[int],
    everywhere: Container[int],
    chosen: Mapping[str, str] | None,
) -> dict[int, str]:
    fields = [words.field for words in field_words(kind)] + [IGNORE]
    chosen_fields: dict[int, str] = {}
    for name, field in (chosen or {}).items():
        if field not in fields:
            raise MappingRefused(
                f"“{field}” is not a field; the fields are {', '.join(fields)}. "
                "Nothing was changed."
            )
        same = [n for n in numbers if plain(headings.get(n, "")) == plain(name) != ""]
        number = column_number(name) if column_number(name) in numbers else None
        if number is None and len(same) == 1:
            number = same[0]
        if number is None and field == IGNORE and column_number(name) in everywhere:
            continue  # a column of a table further down alone
        if number is None:
            raise MappingRefused(
                f"There is no single column “{name}”; name it by its letter. Nothing was changed."
            )
        ticked = field == "grade" and tick_word(headings.get(number, ""))
        if field != IGNORE and field in chosen_fields.values() and not ticked:
            raise MappingRefused(
                f"Two columns were given for “{field}”; one must be ignored. Nothing was changed."
            )
        chosen_fields[number] = field
    return chosen_fields


def samples_of(sheet: Sheet, rows: Sequence[int], number: int) -> tuple[str, ...]:
    """Return the first few different values of a column in these rows, each cut."""
    most = limit("say", "sample_characters")
    distinct: dict[str, None] = {}
    for row in rows:
        if (cell := sheet.filled(row).get(number)) is not None:
            distinct.setdefault(cell.text().strip()[:most])
            if len(distinct) == limit("say", "samples"):
                break
    return tuple(distinct)
