"""What a lock passes on: all of it arrives, nothing of it can be read, and none of it stays."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from fieldkit.vault.after_lock import MAX_PIECES, PIECE, AfterLock, take

FULL = AfterLock(
    inspection="489089eb-c961-4c43-80ef-90d20d6f74d5",
    placed=True,
    had_vault=False,
    opening=True,
    broken_off=True,
    staged="ready",
    locked="You locked it on Mon 9 Sep at 12:58.",
    practice="/tmp/fieldkit-practice-x",
    terminal=(1, 2, 3, 4, 5, 6, ["03", 1]),
    sealed=bytes(range(256)) * 200,
)


@pytest.mark.parametrize("after", [AfterLock(), FULL, replace(FULL, sealed=b"x")])
def test_all_of_it_arrives_and_none_of_it_stays(after: AfterLock) -> None:
    environment = {"HOME": "/home/x"} | after.variables()
    assert all(len(one) <= PIECE or "AFTER" in name for name, one in environment.items())
    assert take(environment) == after
    assert environment == {"HOME": "/home/x"}


def test_what_is_too_much_is_told_and_not_passed_on_in_part() -> None:
    sealed = os.urandom(PIECE * MAX_PIECES)
    after = take(AfterLock(inspection="x", sealed=sealed).variables())
    assert after == AfterLock(inspection="x", lost=True)


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", "null", '{"inspection": "x"}', "\x00"])
def test_what_cannot_be_read_counts_for_nothing(text: str) -> None:
    environment = {"FIELDKIT_AFTER_LOCK": text, "FIELDKIT_SEALED_0": "x"}
    assert take(environment) is None
    assert environment == {}


def test_a_sealed_text_that_is_bent_counts_for_nothing() -> None:
    assert take(FULL.variables() | {"FIELDKIT_SEALED_0": "?"}) is None
