"""A page that fails, fails its test; what is said stays until the test has looked."""

from __future__ import annotations

import pytest
from textual.notifications import Notification

from screens.kit.page import Page


@pytest.fixture(autouse=True)
def no_page_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that cannot be shown fails its test instead of saying so."""

    def failed(page: Page, error: Exception) -> None:
        raise error

    monkeypatch.setattr(Page, "failed", failed)


@pytest.fixture(autouse=True)
def what_was_said_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a crowded machine a sentence's few seconds may be over before a test looks at it."""
    monkeypatch.setattr(Notification, "time_left", property(lambda _: 600.0))
    monkeypatch.setattr(Notification, "has_expired", property(lambda _: False))
