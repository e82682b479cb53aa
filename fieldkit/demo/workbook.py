"""The force's workbook: the practice cases' grades as an untidy self-assessment return.

Untidy in the ways that real returns are: a guidance sheet first, title rows above the header,
grades in many spellings, references typed by hand, two cells without a grade, two rows that are no
case of ours, a total row, and a summary sheet that is wrong by one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from fieldkit.demo.cases import FIRST_NUMBER, NUMBERS, SEED, STATION, draw, shuffled
from fieldkit.demo.model import Practice, PracticeCase

SHEET = "Case self-assessment"
HEADER_ROW = 5
HEADINGS = (
    "No.",
    "Force case ref",
    "Type of case",
    "Date of incident",
    "Force judgement",
    "Why we graded it so",
    "Team",
)

_SPELLINGS = {
    "good": ("Good", "good", "GOOD ", "G"),
    "requires improvement": (
        "Requires Improvement",
        "Requires  improvement",
        "RI",
        "Req. Improvement",
        "requires improvement",
    ),
    "inadequate": ("Inadequate", "INADEQUATE", "inadequate", "I"),
}


@dataclass(frozen=True, slots=True)
class TrueRow:
    """What a row of the workbook really is.

    ``case`` is empty for a row that is no case of ours, ``grade`` where the cell holds none;
    ``exact`` says that tidying the reference alone makes it that of its case.
    """

    row: int
    written: str
    case: str
    grade: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """The answers to a workbook: every row, its two bad cells and its wrong total."""

    rows: tuple[TrueRow, ...]
    problems: tuple[str, str]
    """The addresses of the blank cell and of the one that says "TBC"."""
    wrong_grade: str
    """The grade of which the summary sheet counts one too many."""

    @property
    def queue(self) -> tuple[TrueRow, ...]:
        """The rows that a person must decide: damaged references, and no case of ours."""
        return tuple(one for one in self.rows if not one.exact)


def write_workbook(path: Path, practice: Practice) -> Truth:
    """Write the force's workbook to that path and say what is true of it.

    The same practice inspection always gives the same cells. Raises ``OSError`` when the path
    cannot be written.
    """
    rng = random.Random(SEED + 1)
    ours = [one for one in practice.cases if one.force_grade]
    taken = {one.force_ref for one in practice.cases}
    lines = shuffled(rng, [*ours, *_strangers(rng, ours, taken)])
    blank = next(one for one in lines if one.force_grade == "good" == one.overall)
    tbc = next(one for one in lines if one.force_grade == "requires improvement" == one.overall)
    damage = _damage(rng, lines)

    book = Workbook()
    book.properties.creator = practice.force
    _guidance(book)
    sheet = book.create_sheet(SHEET)
    _titles(sheet, practice.force)
    rows, problems = [], {"": "", "TBC": ""}
    for number, (line, harm) in enumerate(zip(lines, damage, strict=True), start=1):
        row = HEADER_ROW + number
        written, exact = harm(line.force_ref, rng, taken)
        grade = draw(rng, _SPELLINGS[line.force_grade])
        if line in (blank, tbc):
            grade = "TBC" if line is tbc else ""
            problems[grade] = f"E{row}"
        _line(sheet, row, number, line, written, grade, rng)
        meant = "" if line in (blank, tbc) else line.force_grade
        rows.append(TrueRow(row, written, line.reference, meant, exact and bool(line.reference)))
    sheet.cell(HEADER_ROW + len(lines) + 2, 1, "Total")
    sheet.cell(HEADER_ROW + len(lines) + 2, 2, len(lines))
    wrong = _summary(book, rows)
    book.save(path)
    return Truth(tuple(rows), (problems[""], problems["TBC"]), wrong)


def _strangers(
    rng: random.Random, ours: Sequence[PracticeCase], taken: set[str]
) -> list[PracticeCase]:
    """Two rows of the force that are no case of ours, among the same numbers."""
    made = []
    for grade, model in (("requires improvement", ours[3]), ("inadequate", ours[17])):
        year = model.force_ref[-2:]
        free = [
            ref
            for ref in (
                f"{STATION}/{number}/{year}"
                for number in range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS)
            )
            if ref not in taken
        ]
        made.append(
            PracticeCase(
                reference="",
                force_ref=draw(rng, free),
                types=model.types,
                origin="self-assessed",
                incident_on=model.incident_on,
                child_label="",
                child_age="",
                unit=model.unit,
                auditor="",
                overall="",
                rationale="",
                judgments={},
                audit={},
                force_grade=grade,
                force_rationale="Added at the request of the district.",
            )
        )
    return made


_Harm = Callable[[str, random.Random, set[str]], tuple[str, bool]]
"""Writes a reference by hand: what stands in the cell, and whether tidying makes it right."""


def _as_it_is(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    return ref, True


def _spaced(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    return ref.replace("/", " / "), True


def _prefixed(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    return f"Crime no. {ref}", True


def _trailing(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    return f"{ref} ", True


def _dashed(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    return ref.replace("/", "–"), True


def _full_year(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    station, number, year = ref.split("/")
    return f"{station}/{number}/20{year}", True


def _swapped(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    """Two digits of the number change places, where that makes no other case's reference."""
    station, number, year = ref.split("/")
    for n in shuffled(rng, range(len(number) - 1)):
        other = number[:n] + number[n + 1] + number[n] + number[n + 2 :]
        written = f"{station}/{other}/{year}"
        if other != number and written not in taken:
            return written, False
    return _moved(ref, rng, taken)


def _mistyped(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    """One digit is another one, where that makes no other case's reference."""
    station, number, year = ref.split("/")
    for n in shuffled(rng, range(2, len(number))):
        for digit in shuffled(rng, "0123456789"):
            written = f"{station}/{number[:n]}{digit}{number[n + 1 :]}/{year}"
            if written not in taken:
                return written, False
    return _moved(ref, rng, taken)


def _moved(ref: str, rng: random.Random, taken: set[str]) -> tuple[str, bool]:
    """The first stroke slips by one digit."""
    station, number, year = ref.split("/")
    return f"{station}{number[0]}/{number[1:]}/{year}", False


def _damage(rng: random.Random, lines: Sequence[PracticeCase]) -> list[_Harm]:
    """A way of writing for each row: about half as it is, a handful beyond tidying."""
    ways: list[_Harm] = [
        *[_spaced] * 2,
        *[_prefixed] * 4,
        *[_trailing] * 3,
        *[_dashed] * 2,
        _full_year,
        *[_swapped] * 2,
        *[_mistyped] * 2,
        _moved,
    ]
    of_ours = sum(bool(one.reference) for one in lines)
    dealt = iter(shuffled(rng, [*ways, *[_as_it_is] * (of_ours - len(ways))]))
    return [next(dealt) if one.reference else _as_it_is for one in lines]


def _guidance(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.title = "Guidance"
    sheet["A1"] = "How to complete this return"
    sheet["A3"] = "Grade each case good, requires improvement or inadequate and say why."
    sheet["A4"] = "One row for each case. Do not change the headings."
    sheet["A6"] = "Return to the inspection liaison officer by Friday."


def _titles(sheet: Worksheet, force: str) -> None:
    sheet["A1"] = "OFFICIAL-SENSITIVE"
    sheet.merge_cells("A2:G2")
    sheet["A2"] = f"{force} – child protection case self-assessment"
    sheet["A2"].alignment = Alignment(horizontal="center")
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.cell(HEADER_ROW, column, heading).font = Font(bold=True)


def _line(
    sheet: Worksheet,
    row: int,
    number: int,
    line: PracticeCase,
    ref: str,
    grade: str,
    rng: random.Random,
) -> None:
    day = date.fromisoformat(line.incident_on)
    as_text = rng.random() < 0.35
    values: list[Any] = [
        number,
        ref,
        line.types[0],
        f"{day:%d/%m/%Y}" if as_text else day,
        grade or None,
        line.force_rationale,
        line.unit,
    ]
    for column, value in enumerate(values, start=1):
        sheet.cell(row, column, value)
    if not as_text:
        sheet.cell(row, 4).number_format = "dd/mm/yyyy"


def _summary(book: Workbook, rows: Sequence[TrueRow]) -> str:
    """The force's own counts, one too many of the best grade; returns that grade."""
    sheet = book.create_sheet("Summary")
    sheet.append(["Grade", "Number"])
    wrong = next(iter(_SPELLINGS))
    for grade, spellings in _SPELLINGS.items():
        n = sum(one.grade == grade for one in rows)
        sheet.append([spellings[0], n + (grade == wrong)])
    return wrong
