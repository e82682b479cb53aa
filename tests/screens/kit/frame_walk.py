"""What holds of every page and dialog, whatever its size, theme and signs."""

from __future__ import annotations

import re
from typing import Any

from textual.screen import ModalScreen
from textual.widget import Widget

from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.frame.lines import KeyLine
from screens.kit.page import Page
from tests.screens.driving import lines
from tests.screens.kit.contrast import FLOORS, unreadable

SIZES = ((80, 24), (100, 30), (120, 36), (200, 50))
LOOKS = (("dark", "full"), ("light", "plain"), ("contrast", "full"), ("dark", "plain"))
MACHINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:|\d\d:\d\d:\d\d(?:\.\d+)?Z|"
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|\b[0-9a-f]{16}\b"
)
"""A moment as it is stored, and an id of a record or of a laptop."""
DETAILS = ("history", "audit")
"""The pages whose details say such values."""
KEY = re.compile(r"^ (.+?) $")


def looked_at(app: FieldkitApp, where: object) -> None:
    """See that what is shown now keeps to the frame."""
    width, height = app.size
    shown = lines(app)
    assert len(shown) == height, where
    marking = app.facts.marking.upper()
    for number in (0, height - 1):
        at = shown[number].find(marking)
        assert at >= 0, (where, number, shown[number])
        off = at + len(marking) / 2 - width / 2
        assert abs(off) <= 1, (where, number, off)
    assert sum(marking in one for one in shown) >= 2, where
    _no_dead_key(app, where)
    _inside(app, where)
    name = getattr(app.screen, "PAGE", "")
    if name not in DETAILS:
        text = "\n".join(shown)
        assert not MACHINE.search(text), (where, MACHINE.search(text))
    theme = next(name for name in FLOORS if name in str(app.theme))
    assert not unreadable(app.export_screenshot(), FLOORS[theme]), (where, theme)
    if app.glyphs == "plain":
        for number in (0, height - 2, height - 1):
            assert shown[number].isascii(), (where, shown[number])


def _no_dead_key(app: FieldkitApp, where: object) -> None:
    """Every key in the line is bound to something that can be done here."""
    screen = app.screen
    if not screen.query(KeyLine):
        return  # the page that the force sees says nothing of ours
    line = screen.query_one(KeyLine)
    words = str(line.render())
    assert len(words) <= app.size.width, where
    if isinstance(screen, Page):
        for command in line.offered:
            name = command.action.partition("(")[0]
            assert hasattr(screen, f"action_{name}"), (where, command)
        always = [one for one in registry()["global"].commands if one.key in ("f1", "f5")]
        assert not app.unlocked or all(one.key_word in words for one in always), (where, words)
        assert all(hasattr(app, f"action_{one.action}") for one in always)
    else:
        assert isinstance(screen, ModalScreen)


def _inside(app: FieldkitApp, where: object) -> None:
    """No widget stands over the edge of the screen, and none below the lines of the frame."""
    width, height = app.size
    for widget in app.screen.walk_children():
        if not isinstance(widget, Widget) or not _is_seen(widget):
            continue
        region = widget.region
        if region.area:
            assert region.x >= 0 and region.right <= width, (where, widget, region)
    for line in app.screen.query(KeyLine):
        assert (line.region.y, line.region.height) == (height - 2, 1), (where, line.region)


def _is_seen(widget: Any) -> bool:
    return all(one.display for one in widget.ancestors_with_self if isinstance(one, Widget))
