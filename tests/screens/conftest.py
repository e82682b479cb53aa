"""Pilot waits for the app's own queue of keys."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import FieldkitApp
from screens.kit.page import Page


@pytest.fixture(autouse=True)
def no_page_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that cannot be shown fails its test instead of saying so."""

    def failed(page: Page, error: Exception) -> None:
        raise error

    monkeypatch.setattr(Page, "failed", failed)


@pytest.fixture(autouse=True)
def keys_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is pressed when it has done what it does."""
    press, pause = Pilot.press, Pilot.pause

    async def pressed(self: Pilot[Any], *keys: str) -> None:
        await press(self, *keys)
        await waited(self)

    async def paused(self: Pilot[Any], delay: float | None = None) -> None:
        await waited(self)
        await pause(self, delay)

    async def waited(pilot: Pilot[Any]) -> None:
        if isinstance(pilot.app, FieldkitApp):
            await pilot.app.keys.idle()

    monkeypatch.setattr(Pilot, "press", pressed)
    monkeypatch.setattr(Pilot, "pause", paused)
