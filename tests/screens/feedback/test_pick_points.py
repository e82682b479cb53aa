"""Points are chosen from a list of which only what is in view is drawn."""

from __future__ import annotations

from typing import Any

import pytest

from screens.feedback.pick_points import PickPoints, PointChoice
from storage.vault.vault import Vault
from tests.screens.driving import opened, page


async def test_of_hundreds_of_points_only_those_in_view_are_drawn(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    draw = PickPoints._drawn

    def counted(self: PickPoints, number: int, *rest: Any) -> Any:
        drawn.append(number)
        return draw(self, number, *rest)

    monkeypatch.setattr(PickPoints, "_drawn", counted)
    words = ("the log was kept, ", "the log was kept and read by the sergeant, " * 3)
    points = [
        PointChoice(
            f"p{n}", n, ("strength", "concern")[n % 2], f"{n}: {words[n % 2]}", "new" * (n % 3)
        )
        for n in range(1, 301)
    ]
    async with opened(vault, inspection) as (app, pilot):
        await app.push_screen(PickPoints(points), lambda chosen: taken.extend(chosen or []))
        taken: list[str] = []
        await pilot.press("end", "space")
        assert "[✓]" in page(app) and "300: the log" in page(app)
        await pilot.press("home", "2")
        assert len(set(drawn)) < 60
        await pilot.press("enter")
    assert taken == ["p2", "p300"]
