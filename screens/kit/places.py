"""The places (f5): every page with its letter from home, so that any page is two keys away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.kit.commands import registry
from screens.kit.dialogs import Box, Dialog, key_words
from screens.kit.text import plain

HOME = "home"
KEYS = "a letter, or enter  go     esc  close"
_GO = "go('"


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


class Places(Dialog[str | None]):
    """Gives the page of a letter, or of the line the cursor is on.

    Args:
        offered: the pages.
        here: the page that is open.
    """

    DEFAULT_CSS: ClassVar[str] = """
    Places #box { width: 44; }
    Places OptionList { height: auto; max-height: 80vh; border: none; background: $surface; }
    """

    def __init__(self, offered: Sequence[Place], here: str) -> None:
        super().__init__("Go to")
        self._offered, self._here = list(offered), here

    def body(self) -> Iterable[Widget]:
        """Yield the list."""
        yield OptionList(*map(self._drawn, self._offered), id="places", markup=False)

    def _drawn(self, place: Place) -> Option:
        here = "  you are here" if place.page == self._here else ""
        return Option(Content.assemble((f" {place.letter}  ", "bold"), plain(place.label + here)))

    def on_mount(self) -> None:
        """Stand on the page that is open; the keys stand in the edge, where they take no line."""
        self.show_keys(KEYS)
        self.query_one("#box", Box).edges(legend=key_words(KEYS))
        listed = self.query_one(OptionList)
        pages = [one.page for one in self._offered]
        listed.highlighted = pages.index(self._here) if self._here in pages else 0
        listed.focus()

    def on_key(self, event: events.Key) -> None:
        """Go to the page of a letter; the key reaches no dialog or page that opens next."""
        place = next((one for one in self._offered if one.letter == event.key), None)
        if place is not None:
            event.stop()
            event.prevent_default()
            self.dismiss(place.page)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the page of the line."""
        self.dismiss(self._offered[event.option_index].page)
