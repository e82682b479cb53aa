"""Names and numbers written so that nobody finds them by chance, and what only looks like them."""

# ruff: noqa: RUF001  the letters of other scripts are what is tried

from __future__ import annotations

from datetime import date

import pytest

from fieldkit.wording.identifiers.find import find_identifiers

NAMES = ["John Prosser", "Ellie-Mae Hughes", "Agnieszka Kowalska", "Ann Lee", "Олена Коваль"]
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "kind", "identifier"),
    [
        # Letters that stand apart.
        ("The mother of J o h n rang.", "name", "J o h n"),
        ("we asked j o h n again", "name", "j o h n"),
        ("J O H N", "name", "J O H N"),
        ("J.o.h.n said so", "name", "J.o.h.n"),
        ("J  o  h  n was seen", "name", "J  o  h  n"),
        ("seen with P r o s s e r at home", "name", "P r o s s e r"),
        ("the file of J o h n P r o s s e r is thin", "name", "J o h n P r o s s e r"),
        ("E*l*l*i*e was heard", "name", "E*l*l*i*e"),
        ("A n n was heard", "name", "A n n"),
        ("W C 1 2 3 4", "police reference", "W C 1 2 3 4"),
        ("see W.C.1.2.3.4 of May", "police reference", "W.C.1.2.3.4"),
        ("crime W C 1 2 3 4 / 2 4 is closed", "police reference", "W C 1 2 3 4 / 2 4"),
        ("A B 1 2 3 4 5 6 C", "national insurance", "A B 1 2 3 4 5 6 C"),
        ("lives in S W 1 A 1 A A now", "postcode", "S W 1 A 1 A A"),
        ("d o b 1 2 / 3 / 2 0 1 2", "date of birth", "1 2 / 3 / 2 0 1 2"),
        # Letters of another script that look like Latin ones.
        ("Јоhn was heard", "name", "Јоhn"),
        ("Ρrosser rang", "name", "Ρrosser"),
        ("met Agnieszka Kоwаlskа", "name", "Agnieszka Kоwаlskа"),
        ("met Εllie", "name", "Εllie"),
        ("number АВ 12 34 56 С", "national insurance", "АВ 12 34 56 С"),
        ("of ЅА1 1АА", "postcode", "ЅА1 1АА"),
        ("crime ref РС/1234/24", "police reference", "РС/1234/24"),
        ("J о h n was heard", "name", "J о h n"),
        ("Олена was heard", "name", "Олена"),
        # Blanks in a reference.
        ("Crime ref. WC 1234 /24", "police reference", "WC 1234 /24"),
        ("crime number WC 1234 / 24 is closed", "police reference", "WC 1234 / 24"),
        ("Crime ref: 42 / 36917 / 26", "police reference", "42 / 36917 / 26"),
        ("Crime ref WC 1234-24", "police reference", "WC 1234-24"),
        ("as in MIS 04561 / 26", "police reference", "04561 / 26"),
        ("crime ref WC/ 1234 /24", "police reference", "WC/ 1234 /24"),
    ],
)
def test_it_is_found_where_it_stands(text: str, kind: str, identifier: str) -> None:
    found = find_identifiers(text, NAMES, today=TODAY)
    assert [(one.kind, one.text) for one in found] == [(kind, identifier)]
    (one,) = found
    assert text[one.start : one.end] == identifier


@pytest.mark.parametrize(
    "text",
    [
        "Grades run from 1 2 3 4 5 to 6.",
        "We asked a, b, c and d.",
        "Options A B C D were weighed.",
        "Criteria 1 2 3 4 5 6 7 8 9 10 were judged.",
        "U.K. policy of the C.P.S. and the N.S.P.C.C. is known.",
        "e.g. a strategy discussion, i.e. a call at 9 a.m. or 3 p.m.",
        "Team A - B - C met.",
        "I, a C in P",
        "R A G ratings were set",
        "G, RI, I and A",
        "S A R A is the model that officers use.",
        "the T H R I V E model",
        "MARAC in 2025 / 26 and 2024/25",
        "the crime report of 2025 / 26",
        "log in 2025 / 26",
        "incident in May / June 2026",
        "FY 2025 / 26 and AY 2024/25",
        "the case file of 14 / 15 July",
        "12 / 30 cases and 4 / 30 crimes",
        "event of 3 / 4 of the officers",
        "The job took 1 / 2 day.",
        "Record 5 / 6 of them in the log",
        "See WST 101 / 102 / 103.",
        "Investigations 101 / 120 were good.",
        "case reference WST-101",
        "μ and β are letters, Ω is one too",
        "a café, naïve, Siân’s view",
        "P/N/D checks and M/A/S/H",
        "1/2/3 strikes",
        "x x x",
        "Q 1 2 3 were answered",
        "A 1 B 2 C 3",
        "between A and B, C or D",
        "5 W H questions",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert not find_identifiers(text, NAMES, own=["WST-101"], today=TODAY)


def test_many_letters_that_stand_apart_are_looked_through_once() -> None:
    text = "J o h n  " + "a b c d e " * 2000 + "P r o s s e r"
    assert find_identifiers(text, NAMES, today=TODAY)[0].text == "J o h n"


def test_a_word_before_a_number_that_is_said_again_and_again_holds_nothing_up() -> None:
    assert find_identifiers("ref " * 300, []) == []
