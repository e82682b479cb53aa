"""Repeated wrong passphrases slow down; the clock is given, nobody sleeps."""

from __future__ import annotations

from fieldkit.vault.unlock_delay import FREE, LONGEST, Patience


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_grows_is_said_and_ends() -> None:
    clock = Clock()
    patience = Patience(clock)
    assert [patience.refused() for _ in range(FREE)] == [0] * FREE
    assert patience.sentence == "" and patience.left == 0
    waits = [patience.refused() for _ in range(9)]
    assert waits == [1, 2, 4, 8, 16, 32, LONGEST, LONGEST, LONGEST]
    assert f"{LONGEST} seconds more" in patience.sentence
    clock.now += LONGEST - 1
    assert "1 second more" in patience.sentence
    clock.now += 1
    assert patience.left == 0 and patience.sentence == ""


def test_what_was_right_begins_anew() -> None:
    patience = Patience(Clock())
    for _ in range(6):
        patience.refused()
    assert patience.left
    patience.forget()
    assert not patience.left
    assert patience.refused() == 0
