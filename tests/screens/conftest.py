"""A page that fails, fails its test."""

from __future__ import annotations

import pytest

from screens.kit.page import Page


@pytest.fixture(autouse=True)
def no_page_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that cannot be shown fails its test instead of saying so."""

    def failed(page: Page, error: Exception) -> None:
        raise error

    monkeypatch.setattr(Page, "failed", failed)
