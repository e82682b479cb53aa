"""What stands beside a difference, and chance said in words."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.comparison.beside import beside
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.numbers import chance_words
from storage.vault.vault import Vault


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (1.0, "more often than not"),
        (0.375, "about once in 3"),
        (0.0574, "about once in 17"),
        (0.049, "less than once in 20"),
        (0.0018310546875, "less than once in 500"),
        (0.002, "less than once in 500"),
        (1e-7, "less than once in 10,000,000"),
    ],
)
def test_chance_in_words_never_claims_more_than_the_test(p: float, words: str) -> None:
    assert chance_words(p) == words


def test_nothing_of_the_force_stands_beside_a_case_that_is_not_revealed(
    vault: Vault, inspection: str
) -> None:
    made = vault.write_now(add_case, inspection, "WST-001", origin="self-assessed")
    vault.write_now(judging.grade, made.id, "overall", "inadequate", allow_open=True)
    one = Disparity(made.id, "WST-001", "inadequate", "good", 2, True)
    known = vault.read_now(beside, one)
    assert (known.row, known.written, known.revealed_at) == (0, "", "")
    assert known.judged_by and known.judged_at and known.shows == ()
    assert vault.read_now(beside, Disparity("gone", "WST-9", "good", "good", 0, False)).shows == ()
