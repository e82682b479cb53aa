"""Dates, grade words, case types and column proposals, one value at a time."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.workbook.problems import SEVERITIES, Code, answer_in, is_answer
from fieldkit.workbook.table.meaning import heading_scores
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import address, column_number, letters
from fieldkit.workbook.values.dates import read_date_text
from fieldkit.workbook.values.grades import read_grade

THREE = ("good", "requires improvement", "inadequate")
FOUR = ("good", "adequate", "requires improvement", "inadequate")
DATES = st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31))


@pytest.mark.parametrize("form", [
    "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%d %b %Y",
    "%d-%b-%y", "%a %d %b %Y", "%d/%m/%y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%B %d, %Y",
    "%d / %m / %Y",
])  # fmt: skip
@settings(max_examples=25)
@given(day=DATES)
def test_every_form_reads_back(form: str, day: dt.date) -> None:
    assert read_date_text(dt.datetime.combine(day, dt.time(14, 30)).strftime(form))[0] == str(day)


@pytest.mark.parametrize(("text", "expected"), [
    ("1st March 2026", "2026-03-01"),
    ("8 Chwefror 2026", "2026-02-08"),
    ("29 February 2026", None),
    ("31/11/2026", None),
    ("02/25/2026", None),
    ("2026", None),
    ("March 2026", None),
    ("between 1 and 3 May 2026", None),
    ("46051", "2026-01-29"),
    ("42/42099/26", None),
    ("", None),
    ("TBC", None),
])  # fmt: skip
def test_dates(text: str, expected: str | None) -> None:
    assert read_date_text(text)[0] == expected


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_reason(text: str) -> None:
    date, why = read_date_text(text)
    assert (date is None) != (why == "")


@pytest.mark.parametrize(("written", "three", "four"), [
    ("Good", "good", "good"),
    ("G", "good", "good"),
    (" GOOD ", "good", "good"),
    ("Graded good", "good", "good"),
    ("1. Good", "good", "good"),
    ("Good - prompt and child-centred", "good", "good"),
    ("RI", "requires improvement", "requires improvement"),
    ("R.I.", "requires improvement", "requires improvement"),
    ("Req. Improvement", "requires improvement", "requires improvement"),
    ("to requires improvement", "requires improvement", "requires improvement"),
    ("requires improvment", "requires improvement", "requires improvement"),
    ("Inadequte", "inadequate", "inadequate"),
    ("Angen gwella", "requires improvement", "requires improvement"),
    ("Adequate", None, "adequate"),
    ("adequte", None, "adequate"),
    ("A", None, "adequate"),
    ("Not adequate", "inadequate", "inadequate"),
    ("not good", None, None),
    ("Good/RI", None, None),
    ("RI (was good)", None, None),
    ("good with areas that are inadequate", None, None),
    ("Good?", None, None),
    ("3", None, None),
    ("n/a", None, None),
    ("TBC", None, None),
    ("", None, None),
    ("Outstanding", None, None),
    ("amber", None, None),
    ("food", None, None),
])  # fmt: skip
def test_grades(written: str, three: str | None, four: str | None) -> None:
    assert read_grade(written, THREE)[0] == three
    assert read_grade(written, FOUR)[0] == four


@given(st.text(max_size=40))
def test_any_text_is_a_grade_of_the_scale_or_a_reason(text: str) -> None:
    grade, why = read_grade(text, THREE)
    assert grade in THREE if grade is not None else why


@pytest.mark.parametrize(("written", "expected"), [
    ("DA", ("Domestic abuse",)),
    ("domestic abuse (high risk)", ("Domestic abuse",)),
    ("Domestic abuse / CSE", ("Domestic abuse", "Child sexual exploitation")),
    ("Online child sexual exploitation", ("Online child sexual abuse",)),
    ("Child sexual exploitaton", ("Child sexual exploitation",)),
    ("Burglary", ()),
    ("abuse", ()),
])  # fmt: skip
def test_case_types(written: str, expected: tuple[str, ...]) -> None:
    types = CaseTypes({
        "Domestic abuse": ["DA"],
        "Child sexual exploitation": ["CSE"],
        "Online child sexual abuse": ["online child sexual exploitation"],
    })  # fmt: skip
    assert types.read(written) == expected


@pytest.mark.parametrize(("heading", "field"), [
    ("Force case ref", "ref"),
    ("Niche occurrence no.", "ref"),
    ("Date of birth", None),
    ("Date graded", None),
    ("HMICFRS judgement", None),
    ("Reason for judgement", "rationale"),
    ("Risk grading", None),
    ("Officer in case", None),
    ("Self-Assessment Grade", "grade"),
    ("Inspector comments", None),
])  # fmt: skip
def test_headings(heading: str, field: str | None) -> None:
    scores = heading_scores("self_assessment", heading)
    sure = {name for name, score in scores.items() if score >= 0.75}
    assert sure == ({field} if field else set())


@given(st.integers(1, 18_278), st.integers(1, 1_048_576))
def test_addresses(column: int, row: int) -> None:
    assert column_number(letters(column)) == column
    assert address(row, column) == f"{letters(column)}{row}"


def test_every_kind_of_problem_has_one_sentence_and_is_known_by_it() -> None:
    for code in Code:
        assert code.severity in SEVERITIES and code.sentence.strip() == code.sentence
        parts: Any = dict.fromkeys(re.findall(r"{(\w+)}", code.sentence), "x")
        problem = code.at("Cases", "A2", **parts)
        known = Code.by_sentence(problem.reason)
        assert known is code or (known is Code.OTHER and code.sentence.find("{") in range(10))
    assert Code("of a later version") is Code.OTHER
    passed = Code.ROW_HIDDEN.at("Cases", "A2").passed_over("sent: “twice”")
    assert answer_in(passed.reason) == passed.answer == "sent: “twice”"
    assert "twice" not in passed.open_reason and is_answer(passed)
    skipped = Code.ROW_SKIPPED.at("Cases", "A2", said="x", answer="x")
    assert answer_in(skipped.reason) == "x" and not answer_in("A person skipped this row.")
