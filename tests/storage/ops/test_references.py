from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ops.references import comparable_reference, tidy_reference
from storage.records.case import case_id, case_ids
from storage.records.model.base import named_id

INSPECTION = "11111111-2222-4333-8444-555555555555"

SAME = [
    *(
        f"WST{dash}004"
        for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63-\u2e3a\u301c"
    ),
    "WST-\u200b004",
    "W\u00adST-004",
    "\ufeffWST-004\u2060",
    "\u2066WST-004\u2069",
    "\uff37\uff33\uff34\uff0d\uff10\uff10\uff14",
    "WST - 004",
    "WST\u2009–\u2009004",
    "wst-004",
    "  WST-004\u00a0",
    "“WST-004”",
    "WST--004",
]


@pytest.mark.parametrize("written", SAME)
def test_references_that_look_the_same_compare_equal_and_give_one_id(written: str) -> None:
    assert comparable_reference(written) == "WST-004"
    assert case_id(INSPECTION, written) == case_id(INSPECTION, "WST-004")


@pytest.mark.parametrize("written", ["WST-4", "WST004", "WST-O04", "WST-0040", "WST/004"])
def test_references_that_differ_stay_apart(written: str) -> None:
    assert comparable_reference(written) != "WST-004"


def test_the_id_of_a_plain_reference_is_what_it_always_was() -> None:
    for reference in ("WST-014", "42/4112/26", "A-1", "WST 014", "R.7"):
        assert case_id(INSPECTION, reference) == named_id("case", INSPECTION, reference)


def test_an_id_of_a_reference_as_it_was_written_stays_honest() -> None:
    for reference in ("wst-020", "WST – 020", "wst\u200b-020"):
        old = named_id("case", INSPECTION, reference)
        assert old in case_ids(INSPECTION, reference)
        assert case_id(INSPECTION, reference) in case_ids(INSPECTION, reference)
        assert old != case_id(INSPECTION, reference)


def test_what_is_kept_has_letters_as_typed_and_nothing_unseen() -> None:
    assert tidy_reference("wst – 0\u200b20 ") == "wst-020"
    assert tidy_reference("\uff23\uff41\uff53\uff45   \uff17") == "Case 7"


@given(st.text(max_size=40))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    tidy = tidy_reference(text)
    assert tidy_reference(tidy) == tidy
    assert comparable_reference(tidy) == comparable_reference(text)
    assert comparable_reference(comparable_reference(text)) == comparable_reference(text)
