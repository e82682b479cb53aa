"""Padding: few sizes, little waste."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.bundle.limits import MIN_BUNDLE_BYTES, padded_size


@given(st.integers(MIN_BUNDLE_BYTES, 2**28))
def test_it_wastes_little_and_settles(length: int) -> None:
    padded = padded_size(length)
    assert length <= padded <= length * 1.12
    assert padded_size(padded) == padded


@given(st.integers(0, MIN_BUNDLE_BYTES))
def test_small_bundles_all_have_one_size(length: int) -> None:
    assert padded_size(length) == MIN_BUNDLE_BYTES


def test_few_sizes_remain() -> None:
    assert len({padded_size(length) for length in range(MIN_BUNDLE_BYTES, 2**20, 64)}) < 300
    # Worked by hand: 20,000 has exponent 14, four bits of exponent, ten low bits cleared upwards.
    assert padded_size(20_000) == 20_480
