"""A wall clock for tests of what is due: far ahead of any on which the tests run."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage.ops import clock


class Wall:
    """Shows noon of a day, and goes on by a millisecond whenever it is looked at."""

    def __init__(self, day: str) -> None:
        self.show(day)

    def show(self, day: str) -> None:
        noon = datetime.fromisoformat(f"{day}T12:00").astimezone()
        self._now = int(noon.timestamp()) * 1_000_000_000

    def time_ns(self) -> int:
        self._now += 1_000_000
        return self._now


def wall_on(monkeypatch: pytest.MonkeyPatch, day: str) -> Wall:
    """Hang up a clock that shows a day."""
    wall = Wall(day)
    monkeypatch.setattr(clock, "time", wall)
    return wall
