"""A page that fails, fails its test; what all apps would do alike is done once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.notifications import Notification

from screens.kit.page import Page


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """The apps of all tests share what Textual made of style sheets; none changes it."""
    parse = Stylesheet._parse_rules
    kept: dict[object, Any] = {}

    def once(sheet: Stylesheet, *source: Any, **more: Any) -> Any:
        key = (source, frozenset(more.items()), frozenset(sheet._variables.items()))
        if key not in kept:
            kept[key] = parse(sheet, *source, **more)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", once)
        yield


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
