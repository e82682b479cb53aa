"""A row beside the cases it may be: which characters differ, how far, and what is known besides."""

from __future__ import annotations

import pytest

from fieldkit.selfassessment.matching.differences import ANOTHER, OTHERWISE, difference
from fieldkit.selfassessment.pairs import OTHER, SAME, UNKNOWN, pairs_of
from tests.fieldkit.selfassessment.pairs import case, row


def marked(theirs: str, ours: str) -> str:
    """Our reference with what differs in brackets."""
    parts = difference(theirs, ours).parts
    return "".join(f"[{one.text}]" if one.differs else one.text for one in parts)


@pytest.mark.parametrize(
    ("theirs", "ours", "shown", "words"),
    [
        ("71/36917/26", "71/36917/26", "71/36917/26", ""),
        ("71/36917/26", "71/36315/26", "71/36[3]1[5]/26", "2 digits differ"),
        ("71/36917/26", "71/36157/26", "71/36[1][5]7/26", "2 digits differ"),
        ("71/36917/26", "71/36919/26", "71/3691[9]/26", "1 digit differs"),
        ("71/36917/26", "71/3691/26", "71/3691[]/26", "1 digit fewer"),
        ("71/36917/26", "71/369177/26", "71/36917[7]/26", "1 digit more"),
        ("71/36917/26", "71/36971/26", "71/369[7][1]/26", "2 digits swapped"),
        ("ABC/36917", "abc/36917", "abc/36917", ""),
        ("ABC/36917", "ABD/36917", "AB[D]/36917", "1 character differs"),
        ("Crime no. 71/36917/26", "71/36917/26", "[]71/36917/26", OTHERWISE),
        ("71/36917/2026", "71/36917/26", "71/36917/2[]6", OTHERWISE),
        ("12/99999/25", "71/36848/26", "[71/36848/26]", ANOTHER),
        ("", "71/36917/26", "71/36917/26", "none there"),
        ("71/36917/26", "", "", "none kept"),
    ],
)
def test_the_characters_that_differ_are_found(
    theirs: str, ours: str, shown: str, words: str
) -> None:
    assert marked(theirs, ours).replace("][", "") == shown.replace("][", "")
    assert difference(theirs, ours).words == words


@pytest.mark.parametrize("theirs", ["", "7", "ß/İ/71", "x" * 900, "71/36917/26", "—/—"])
@pytest.mark.parametrize("ours", ["", "SS/i/71", "y" * 900, "71-36917-26", "71/36917/26"])
def test_no_character_of_ours_is_lost(theirs: str, ours: str) -> None:
    assert "".join(one.text for one in difference(theirs, ours).parts) == ours


def test_each_field_says_whether_it_is_the_same() -> None:
    cases = (
        case(),
        case(types=("Missing children",), incident_on="2026-07-23"),
        case(types=(), incident_on="soon"),
    )
    told = [(one.type, one.days) for one in pairs_of(row(candidates=cases))]
    assert told == [(SAME, 14), (OTHER, 0), (UNKNOWN, None)]


def test_a_reference_that_is_partly_hidden_is_compared_with_nothing() -> None:
    [pair] = pairs_of(row("71/··· 36917", candidates=(case(),)))
    assert pair.reference.words == "partly hidden"
    assert not any(part.differs for part in pair.reference.parts)


def test_our_own_reference_in_the_row_is_said() -> None:
    [pair] = pairs_of(row("WSH-064", candidates=(case(),)))
    assert pair.reference.words == "our own reference"
