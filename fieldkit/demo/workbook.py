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

from fieldkit.demo.cases import FIRST_NUMBER, NUMBERS, SEED, STATION, Table, draw, shuffled
from fieldkit.demo.practice import Practice

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
    """Says what a row of the workbook really is.

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
    """Holds the answers to a workbook: every row, its two bad cells and its wrong total."""

    rows: tuple[TrueRow, ...]
    problems: tuple[str, str]
    """The addresses of the blank cell and of the one that says "TBC"."""
    wrong_grade: str
    """The grade of which the summary sheet counts one too many."""

    @property
    def queue(self) -> tuple[TrueRow, ...]:
        """Return the rows that a person must decide: damaged references, and no case of ours."""
        return tuple(one for one in self.rows if not one.exact)


def write_workbook(path: Path, practice: Practice) -> Truth:
    """Write the force's workbook to that path and say what is true of it.

    The same practice inspection always gives the same cells. Raises ``OSError`` when the path
    cannot be written.
    """
    rng = random.Random(SEED + 1)
    ours = [one for one in practice.cases if one["force_grade"]]
    taken = {one["force_ref"] for one in practice.cases}
    lines = shuffled(rng, [*ours, *_strangers(rng, ours, taken)])
    blank = _first_agreed(lines, "good")
    tbc = _first_agreed(lines, "requires improvement")
    ways = _ways(rng, lines)

    book = Workbook()
    book.properties.creator = practice.force
    _guidance(book)
    sheet = book.create_sheet(SHEET)
    _titles(sheet, practice.force)
    rows, problems = [], {"": "", "TBC": ""}
    for number, (line, (write, exact)) in enumerate(zip(lines, ways, strict=True), start=1):
        row = HEADER_ROW + number
        written = write(line["force_ref"], rng, taken)
        grade = draw(rng, _SPELLINGS[line["force_grade"]])
        if line in (blank, tbc):
            grade = "TBC" if line is tbc else ""
            problems[grade] = f"E{row}"
        _line(sheet, row, number, line, written, grade, rng)
        meant = "" if line in (blank, tbc) else line["force_grade"]
        case = line["reference"]
        rows.append(TrueRow(row, written, case, meant, exact and bool(case)))
    sheet.cell(HEADER_ROW + len(lines) + 2, 1, "Total")
    sheet.cell(HEADER_ROW + len(lines) + 2, 2, len(lines))
    wrong = _summary(book, rows)
    book.save(path)
    return Truth(tuple(rows), (problems[""], problems["TBC"]), wrong)


def _first_agreed(lines: Sequence[Table], grade: str) -> Table:
    """Return the first case that we and the force give that grade."""
    return next(one for one in lines if one["force_grade"] == grade == one["overall"])


def _strangers(rng: random.Random, ours: Sequence[Table], taken: set[str]) -> list[Table]:
    """Return two rows of the force that are no case of ours, among the same numbers."""
    strangers: list[Table] = []
    for grade, model in (("requires improvement", ours[3]), ("inadequate", ours[17])):
        year = model["force_ref"][-2:]
        numbers = range(FIRST_NUMBER, FIRST_NUMBER + NUMBERS)
        refs = (f"{STATION}/{number}/{year}" for number in numbers)
        stranger = {
            "reference": "",
            "force_ref": draw(rng, [ref for ref in refs if ref not in taken]),
            "overall": "",
            "force_grade": grade,
            "force_rationale": "Added at the request of the district.",
        }
        strangers.append({**model, **stranger})
    return strangers


_Write = Callable[[str, random.Random, set[str]], str]
"""Writes a reference by hand; never as another case's, which are given."""


def _swap(ref: str, rng: random.Random, taken: set[str]) -> str:
    """Let two digits of the number change places."""
    station, number, year = ref.split("/")
    for n in shuffled(rng, range(len(number) - 1)):
        other = number[:n] + number[n + 1] + number[n] + number[n + 2 :]
        written = f"{station}/{other}/{year}"
        if other != number and written not in taken:
            return written
    return _move(ref, rng, taken)


def _mistype(ref: str, rng: random.Random, taken: set[str]) -> str:
    """Write another digit for one."""
    station, number, year = ref.split("/")
    for n in shuffled(rng, range(2, len(number))):
        for digit in shuffled(rng, "0123456789"):
            written = f"{station}/{number[:n]}{digit}{number[n + 1 :]}/{year}"
            if written not in taken:
                return written
    return _move(ref, rng, taken)


def _move(ref: str, rng: random.Random, taken: set[str]) -> str:
    """Let the first stroke slip by one digit."""
    station, number, year = ref.split("/")
    return f"{station}{number[0]}/{number[1:]}/{year}"


_TIDY: tuple[tuple[int, _Write], ...] = (
    (2, lambda ref, rng, taken: ref.replace("/", " / ")),
    (4, lambda ref, rng, taken: f"Crime no. {ref}"),
    (3, lambda ref, rng, taken: f"{ref} "),
    (2, lambda ref, rng, taken: ref.replace("/", "–")),
    (1, lambda ref, rng, taken: "/20".join(ref.rsplit("/", 1))),
)
"""Ways of writing that tidying makes right, and how many rows are written so."""
_DAMAGED: tuple[tuple[int, _Write], ...] = ((2, _swap), (2, _mistype), (1, _move))
"""Ways of writing that it does not."""


def _ways(rng: random.Random, lines: Sequence[Table]) -> list[tuple[_Write, bool]]:
    """Return a way of writing for each row, and whether tidying makes it right."""
    ways = [(write, True) for count, write in _TIDY for _ in range(count)]
    ways += [(write, False) for count, write in _DAMAGED for _ in range(count)]
    plain: tuple[_Write, bool] = (lambda ref, rng, taken: ref), True
    of_ours = sum(bool(one["reference"]) for one in lines)
    dealt = iter(shuffled(rng, [*ways, *[plain] * (of_ours - len(ways))]))
    return [next(dealt) if one["reference"] else plain for one in lines]


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
    line: Table,
    ref: str,
    grade: str,
    rng: random.Random,
) -> None:
    day = date.fromisoformat(line["incident_on"])
    as_text = rng.random() < 0.35
    values: list[Any] = [
        number,
        ref,
        line["types"][0],
        f"{day:%d/%m/%Y}" if as_text else day,
        grade or None,
        line["force_rationale"],
        line["unit"],
    ]
    for column, value in enumerate(values, start=1):
        sheet.cell(row, column, value)
    if not as_text:
        sheet.cell(row, 4).number_format = "dd/mm/yyyy"


def _summary(book: Workbook, rows: Sequence[TrueRow]) -> str:
    """Write the force's own counts, one too many of the best grade; return that grade."""
    sheet = book.create_sheet("Summary")
    sheet.append(["Grade", "Number"])
    wrong = next(iter(_SPELLINGS))
    for grade, spellings in _SPELLINGS.items():
        n = sum(one.grade == grade for one in rows)
        sheet.append([spellings[0], n + (grade == wrong)])
    return wrong
