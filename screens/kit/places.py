"""The places (f5): every page with its letter from home, so that any page is two keys away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.kit.commands import registry
from screens.kit.dialogs import Dialog
from screens.kit.shell import Shell, shell_of
from screens.kit.text import plain

HOME = "home"
KEYS = "a letter, or enter  go     esc  close"
_GO = "go('"
ROUND_IT = 5
"""Lines of a screen that the places leave free: the frame's and the box's edges."""


@dataclass(frozen=True)
class Place:
    """Holds a page that can be gone to: its name, its letter, what it is called and is for."""

    page: str
    letter: str
    label: str
    words: str


def places(*, inside: bool) -> list[Place]:
    """Return the pages in the order of home's commands, home itself first.

    Without an open inspection (``inside``) only those that need none.
    """
    listed = [
        Place(one.action.removeprefix(_GO).removesuffix("')"), one.key, one.label, one.help)
        for one in registry()[HOME].commands
        if one.action.startswith(_GO)
    ]
    known = [
        Place(HOME, "h", "Home", "See how far the inspection is, and what to do next."),
        *listed,
    ]
    return [one for one in known if inside or one.page in WITHOUT_INSPECTION]


WITHOUT_INSPECTION = frozenset({"inspections", "vault", "audit", "settings"})
"""The pages that need no open inspection."""


async def go_to(app: Shell, page: str) -> None:
    """Open a page above home, whatever lies above it now; what was said there is gone.

    Home and what lies between read nothing on the way.
    """
    app.passing = page != HOME
    try:
        while len(app.screen_stack) > 1 and getattr(app.screen, "PAGE", "") != HOME:
            await app.pop_screen()
        if len(app.screen_stack) == 1 and app.inspection_id:
            await app.go(HOME)
        if page != HOME:
            app.passing = True
            await app.go(page)
    finally:
        app.passing = False


class Places(Dialog[str | None]):
    """Gives the page of a letter, or of the line the cursor is on.

    Where they do not all fit into one column there are two, so that every letter is in sight.

    Args:
        offered: the pages.
        here: the page that is open.
    """

    DEFAULT_CSS: ClassVar[str] = """
    Places #box { width: 44; }
    Places.-two #box { width: 68; }
    Places Horizontal { height: auto; max-height: 80vh; }
    Places OptionList { width: 1fr; height: auto; max-height: 80vh; border: none; }
    Places OptionList { background: $surface; }
    """

    def __init__(self, offered: Sequence[Place], here: str) -> None:
        super().__init__("Go to", KEYS)
        self._offered, self._here = list(offered), here
        self._rows_each = 0

    def body(self) -> Iterable[Widget]:
        """Yield the list, in two halves where the screen is too low for it."""
        count = len(self._offered)
        two = count > self.app.size.height - ROUND_IT
        self.set_class(two, "-two")
        self._rows_each = (count + 1) // 2 if two else count
        with Horizontal():
            for start in range(0, count, self._rows_each or 1):
                column = self._offered[start : start + self._rows_each]
                yield OptionList(*map(self._drawn, column), markup=False)

    def _drawn(self, place: Place) -> Option:
        here = "  you are here" if place.page == self._here else ""
        return Option(Content.assemble((f" {place.letter}  ", "bold"), plain(place.label + here)))

    def on_mount(self) -> None:
        """Stand on the page that is open."""
        pages = [one.page for one in self._offered]
        here = pages.index(self._here) if self._here in pages else 0
        self._stand(*divmod(here, self._rows_each or 1))

    def _stand(self, column: int, row: int) -> None:
        """Put the cursor on a line of a column, and of no other."""
        for number, listed in enumerate(self.query(OptionList)):
            listed.highlighted = min(row, listed.option_count - 1) if number == column else None
            if number == column:
                listed.focus()

    def on_key(self, event: events.Key) -> None:
        """Go to the page of a letter; the key reaches no dialog or page that opens next."""
        columns = list(self.query(OptionList))
        if event.key in ("left", "right") and len(columns) == 2:
            event.stop()
            here = next((n for n, one in enumerate(columns) if one.highlighted is not None), 0)
            self._stand(1 - here, columns[here].highlighted or 0)
            return
        place = next((one for one in self._offered if one.letter == event.key), None)
        if place is not None:
            event.stop()
            event.prevent_default()
            self._choose(place)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the page of the line."""
        column = list(self.query(OptionList)).index(event.option_list)
        self._choose(self._offered[column * self._rows_each + event.option_index])

    def _choose(self, place: Place) -> None:
        """Give a page; the one below, which comes to the front for a moment, reads nothing."""
        shell_of(self).passing = place.page != self._here
        self.dismiss(place.page)
