"""Sentences with the right grammar, and text that a terminal shows but does not obey."""

from __future__ import annotations

import pytest

from fieldkit.comparison.numbers import (
    coefficient,
    interval,
    p_text,
    percent,
    plain,
    published_sentence,
)

THREE = ("good", "requires improvement", "inadequate")
FOUR = ("good", "adequate", "requires improvement", "inadequate")
FIVE = ("outstanding", "good", "adequate", "requires improvement", "inadequate")


@pytest.mark.parametrize(
    ("scale", "counts", "sentence"),
    [
        (THREE, (20, 31, 28),
         "audited 79 child protection cases (20 cases were good, 31 required improvement and 28"
         " were inadequate)"),
        (FOUR, (17, 8, 5, 3),
         "audited 33 child protection cases (17 cases were good, 8 were adequate, 5 required"
         " improvement and 3 were inadequate)"),
        (FIVE, (2, 3, 4, 5, 6),
         "audited 20 child protection cases (2 cases were outstanding, 3 were good, 4 were"
         " adequate, 5 required improvement and 6 were inadequate)"),
        (THREE, (1, 1, 1),
         "audited 3 child protection cases (1 case was good, 1 required improvement and 1 was"
         " inadequate)"),
        (THREE, (0, 0, 1),
         "audited 1 child protection case (no cases were good, none required improvement and 1 was"
         " inadequate)"),
        (THREE, (0, 0, 0), "audited no child protection cases"),
    ],
)  # fmt: skip
def test_the_published_sentence(
    scale: tuple[str, ...], counts: tuple[int, ...], sentence: str
) -> None:
    assert published_sentence(dict(zip(scale, counts, strict=True)), scale) == sentence


def test_states_are_not_in_the_sentence() -> None:
    counts = {"good": 2, "not judged": 7, "inadequate": 1}
    assert published_sentence(counts, THREE) == (
        "audited 3 child protection cases (2 cases were good, none required improvement and 1 was"
        " inadequate)"
    )


def test_numbers_do_not_round_to_a_certainty() -> None:
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [
        "0 %", "1 %", "50 %", "99 %", "100 %",
    ]  # fmt: skip
    assert [p_text(p) for p in (0.00390625, 0.0004, 1.0, 0.0625)] == [
        "p = 0.004", "p < 0.001", "p = 1", "p = 0.062",
    ]  # fmt: skip
    assert coefficient(-0.001) == "0.00"
    assert interval(-0.4, 1.2) == "-0.40 to 1.00"


def test_control_characters_and_turned_writing_become_spaces() -> None:
    assert plain("a\x1b[31mred\x07\nb\u202ecod\u2029\u200f.\x9b") == "a [31mred b cod ."
    assert plain("Siân ŵ 例 é") == "Siân ŵ 例 é"
