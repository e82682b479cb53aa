"""Text as it is kept: without control characters, and composed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ops.text import MAX_TEXT_BYTES, clean_text, settled_text


@given(st.text(st.sampled_from("aeo\u0301\u0308\x01\x1b\r\n\t\ud800")))
def test_it_is_composed_and_stays_as_it_is(text: str) -> None:
    kept = clean_text(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert not set(kept) & set("\x01\x1b\r\ud800")
    assert clean_text(kept) == kept


def test_an_accent_parted_from_its_letter() -> None:
    assert clean_text("caf e\x01\u0301") == "caf \xe9"


def test_the_longest() -> None:
    assert clean_text("x" * MAX_TEXT_BYTES)
    with pytest.raises(ValueError, match="256 KiB"):
        clean_text("\xe9" * MAX_TEXT_BYTES)


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1e"]
)
def test_a_line_break_stays_a_break(end: str) -> None:
    assert clean_text(f"seen alone{end}told the social worker") == (
        "seen alone\ntold the social worker"
    )


@pytest.mark.parametrize("nothing", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff"])
def test_what_is_no_character_is_not_kept(nothing: str) -> None:
    assert clean_text(f"Ca{nothing}se") == "Case"


@pytest.mark.parametrize("earlier", ["one\u2028two", "one\ufffe", "a\u2029b"])
def test_what_an_earlier_fieldkit_kept_is_still_accepted(earlier: str) -> None:
    assert settled_text(earlier) == earlier
