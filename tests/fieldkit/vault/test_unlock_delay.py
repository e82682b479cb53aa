"""Repeated wrong passphrases slow down; the clock is given, nobody sleeps."""

from __future__ import annotations

from fieldkit.vault.unlock_delay import FREE_TRIES, MAX_WAIT_SECONDS, UnlockDelay


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_wait_grows_is_said_and_ends() -> None:
    clock = Clock()
    unlock_delay = UnlockDelay(clock)
    assert [unlock_delay.count_wrong() for _ in range(FREE_TRIES)] == [0] * FREE_TRIES
    assert unlock_delay.sentence == "" and unlock_delay.seconds_left == 0
    waits = [unlock_delay.count_wrong() for _ in range(9)]
    assert waits == [1, 2, 4, 8, 16, 32, MAX_WAIT_SECONDS, MAX_WAIT_SECONDS, MAX_WAIT_SECONDS]
    assert f"{MAX_WAIT_SECONDS} seconds more" in unlock_delay.sentence
    assert f"tried in {MAX_WAIT_SECONDS} seconds" in unlock_delay.not_tried
    clock.now += MAX_WAIT_SECONDS - 1
    assert "1 second more" in unlock_delay.sentence
    clock.now += 1
    assert unlock_delay.seconds_left == 0 and unlock_delay.sentence == unlock_delay.not_tried == ""


def test_what_was_right_begins_anew() -> None:
    unlock_delay = UnlockDelay(Clock())
    for _ in range(6):
        unlock_delay.count_wrong()
    assert unlock_delay.seconds_left
    unlock_delay.reset()
    assert not unlock_delay.seconds_left
    assert unlock_delay.count_wrong() == 0
