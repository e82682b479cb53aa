"""Padding: few sizes, little waste."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.bundle.limits import SMALLEST, padme


@given(st.integers(SMALLEST, 2**28))
def test_it_wastes_little_and_settles(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.12
    assert padme(padded) == padded


@given(st.integers(0, SMALLEST))
def test_small_bundles_all_have_one_size(length: int) -> None:
    assert padme(length) == SMALLEST


def test_few_sizes_remain() -> None:
    assert len({padme(length) for length in range(SMALLEST, 2**20, 64)}) < 300
    # Worked by hand: 20,000 has exponent 14, four bits of exponent, ten low bits cleared upwards.
    assert padme(20_000) == 20_480
