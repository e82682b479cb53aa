"""What is found is told once, in order, with its place; the same date may be a birth or not."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from itertools import pairwise

import pytest

from fieldkit.wording.identifiers.find import find_identifiers
from fieldkit.wording.identifiers.identifier import kinds_in_words, replacement

NAMES = ["Dafydd Llewelyn", "Will Thornton", "May Chester"]
TODAY = date(2026, 11, 30)


def test_places_are_those_of_the_text_and_do_not_overlap() -> None:
    text = "Dafydd Llewelyn, dob 3/4/11, of SA1 1AA: ring 07700 900123"
    found = find_identifiers(text, NAMES, today=TODAY)
    kinds = ["name", "date of birth", "postcode", "phone"]
    assert [one.kind for one in found] == kinds
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert len(find_identifiers("We rang 0161 496 0123.", NAMES, today=TODAY)) == 1
    assert found[0].name == "Dafydd Llewelyn"
    said = "a name, a date of birth, a postcode and a phone number"
    assert kinds_in_words(found) == said
    assert [replacement(kind) for kind in kinds[:2]] == ["child 1", "[date of birth]"]


def test_the_own_references_of_cases_are_no_identifiers() -> None:
    text = "See crime ref NW/2026/00123 of the list"
    assert find_identifiers(text, (), today=TODAY)
    assert not find_identifiers(text, (), own=["nw/2026/00123"], today=TODAY)


def test_a_part_of_an_own_reference_is_no_identifier_and_one_like_it_is() -> None:
    own = ["Misper 26/004471-A"]
    assert not find_identifiers("See MISPER 26/004471-A of the list", (), own=own, today=TODAY)
    for text in ("26/004471-A", "Misper 26/004471-A-99", "Misper 26/004472-A"):
        assert find_identifiers(text, (), own=own, today=TODAY), text
    assert find_identifiers("Mrs Prosser", (), own=["Mrs Prosser 26/0044"], today=TODAY)
    for document in ("NCPI 20FD2192", "NCPI BA36B1FC", "NCPI 93413A07", "NCPI 46478232"):
        text = f"Our reference: {document}, version 1"
        assert not find_identifiers(text, (), own=[document], today=TODAY), text


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+14:00",
        "99991231T235959Z",
        "9999-12-31 23:59",
        "2026-07-08T14:30",
        "1234-05-06T07:08:09,5+0100",
    ],
)
def test_a_moment_is_no_number_of_anybody(moment: str) -> None:
    for text in (moment, f"told on {moment}, closed", f"({moment})"):
        assert not find_identifiers(text, (), today=TODAY), text
    beside = find_identifiers(f"{moment} 42/10001/26", (), today=TODAY)
    assert [one.text for one in beside] == ["42/10001/26"]
    assert find_identifiers("9999-13-31T23:59:59", (), today=TODAY), "on no calendar"


@pytest.mark.parametrize(
    "text", ["Will he?", "We will thorn it.", "May 2026", "in Chester", "Thornbury", "chestnut"]
)
def test_words_that_are_also_names_are_left_alone(text: str) -> None:
    assert not find_identifiers(text, NAMES, today=TODAY)


def test_the_same_date_is_a_birth_or_an_incident_by_its_words() -> None:
    for text, births in [
        ("seen on 3/4/2011", 0),
        ("dob 3/4/2011", 1),
        ("born on 3 April 2026", 1),
        ("seen on 3 April 2026", 0),
        ("father 3/4/1981 and child 5/6/2011", 2),
        ("policy of 3/4/1981", 0),
        ("Llewelyn (3/4/2011)", 1),
    ]:
        found = find_identifiers(text, NAMES, today=TODAY)
        assert sum(one.kind == "date of birth" for one in found) == births, text


def test_nothing_heavy_is_imported_for_a_text_without_digits() -> None:
    code = (
        "import sys; from fieldkit.wording.identifiers.find import find_identifiers as f; "
        "f('The child was seen.', []); "
        "print([m for m in ('phonenumbers', 'nhs_number', 'rapidfuzz') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
