"""The palette (ctrl+p): any command, and any record, by a few letters of its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import events, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.history.search import SearchHit, search
from fieldkit.wording.format import line
from screens.kit.commands import Command, registry
from screens.kit.dialogs import Dialog
from screens.kit.drawing.laid_out import once_laid_out
from screens.kit.frame.lines import KeyLine
from screens.kit.page import Page
from screens.kit.places import places
from screens.kit.shell import Shell
from screens.kit.text import plain

ANYWHERE = "global"
PALETTE = "palette"
GROUPS = ("Here", "Anywhere", "Places", "Records")
MOST_RECORDS = 8
"""Records offered at once; search (f3) lists them all."""
LEAST_LETTERS = 2
"""Letters from which records are looked for."""
_NO_MARKS = str.maketrans("", "", "«»")
"""Takes away what stands around the words that were found."""


@dataclass(frozen=True)
class Offer:
    """Holds a line of the palette.

    Attributes:
        group: the title that it stands under.
        label: what it is called; of a record, what a person calls it.
        words: what it does, in a sentence.
        key: the short way.
        command: what is done; none of a record.
        here: the command is the page's, not everybody's.
        place: the name of a page to go to.
        hit: the record; none of a command.
    """

    group: str
    label: str
    words: str
    key: str = ""
    command: Command | None = None
    here: bool = False
    place: str = ""
    hit: SearchHit | None = None


ALWAYS = frozenset({"help", "leave"})
"""What works everywhere also before the vault is open."""
INSIDE = frozenset({"remark", "search", "refer"})
"""What needs an open inspection."""


def offers(
    page: str, *, inside: bool = True, opened: bool = True, idle: frozenset[str] = frozenset()
) -> list[Offer]:
    """Return what can be done now: on a page, everywhere, and the pages to go to.

    Args:
        page: the page that is open.
        inside: an inspection is open.
        opened: the vault is; else there is no page to go to.
        idle: the page's actions that have nothing to do at present.
    """
    if not opened:
        idle |= {one.action for one in registry()[ANYWHERE].commands} - ALWAYS
    elif not inside:
        idle |= INSIDE
    found = []
    for name, group in ((page, "Here"), (ANYWHERE, "Anywhere")):
        for command in registry()[name].commands:
            if command.action != PALETTE and command.action not in idle:
                key = command.key_word if command.key else ""
                offer = Offer(group, command.label, command.help, key, command, name == page)
                found.append(offer)
    return found + [
        Offer("Places", one.label, one.words, f"f5 {one.letter}", place=one.page)
        for one in places(inside=inside)
        if opened and one.page != page
    ]


def fitting(known: Iterable[Offer], typed: str) -> list[Offer]:
    """Return the offers that hold all the words typed; those whose label does come first."""
    words = typed.casefold().split()

    def holds(text: str) -> bool:
        return all(word in text.casefold() for word in words)

    fits = [one for one in known if holds(f"{one.label} {one.words}")]
    return sorted(fits, key=lambda one: (GROUPS.index(one.group), not holds(one.label)))


async def ask(app: Shell, page: Page) -> Offer | None:
    """Ask for a command or a record, of what can be done now on a page. Runs in a worker."""
    opened = app.unlocked and not app.at_door
    inspection = app.inspection_id if opened else ""
    idle = frozenset[str]().union(*(line.idle for line in page.query(KeyLine)))
    palette = Palette(page.PAGE, inspection, opened=opened, idle=idle)
    offer: Offer | None = await app.push_screen_wait(palette)
    return offer


class Palette(Dialog[Offer | None]):
    """Gives the command or record chosen.

    Args:
        page: the page that is open.
        inspection: where records are looked for; empty where none is open.
        opened: the vault is open.
        idle: the page's actions that have nothing to do at present.
    """

    DEFAULT_CSS = """
    Palette #box { width: 66; }
    Palette.-wide #box { width: 80; }
    Palette OptionList { height: auto; max-height: 55vh; border: none; background: $surface; }
    Palette #none { height: auto; }
    """

    def __init__(
        self, page: str, inspection: str, *, opened: bool, idle: frozenset[str] = frozenset()
    ) -> None:
        super().__init__("Commands", "↑ ↓  choose     enter  do it     esc  close")
        self._known = offers(page, inside=bool(inspection), opened=opened, idle=idle)
        self._inspection = inspection
        self._shown: Sequence[Offer] = ()
        self._lines: list[Offer | None] = []

    def body(self) -> Iterable[Widget]:
        """Yield the field and the list."""
        yield Input(placeholder="a command, a reference, a word", id="typed", compact=True)
        yield OptionList(id="offers", markup=False)
        yield Static("", id="none", markup=False)

    def on_mount(self) -> None:
        """Show the commands."""
        self._show(fitting(self._known, ""), "")
        self.query_one(Input).focus()

    def on_resize(self) -> None:
        """Draw to the columns that the box has, once it has them."""
        super().on_resize()
        once_laid_out(self, lambda: self._show(self._shown, self.query_one(Input).value))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what holds the words typed, records among it."""
        self._show(fitting(self._known, event.value), event.value)
        self._look(event.value)

    @work(exclusive=True)
    async def _look(self, typed: str) -> None:
        if not self._inspection or len(typed.strip()) < LEAST_LETTERS or not self.fieldkit.unlocked:
            return
        hits = await self.fieldkit.vault.read(search, self._inspection, typed, MOST_RECORDS)
        records = [
            Offer("Records", hit.label, hit.excerpt.translate(_NO_MARKS), hit=hit) for hit in hits
        ]
        self._show([*fitting(self._known, typed), *records], typed)

    def _show(self, shown: Sequence[Offer], typed: str) -> None:
        self._shown, self._lines = shown, []
        options, group = [], ""
        width = self.query_one("#box").size.width - 4 or 60
        for offer in shown:
            if offer.group != group:
                group = offer.group
                options.append(Option(plain(group, "bold"), disabled=True))
                self._lines.append(None)
            options.append(Option(_drawn(offer, typed, width)))
            self._lines.append(offer)
        listed = self.query_one(OptionList)
        listed.set_options(options)
        listed.display = bool(options)
        if options:
            listed.highlighted = 1
            listed.scroll_home(animate=False)
        self.set_text("#none", "" if options else "No command or record has that.")

    def on_input_submitted(self) -> None:
        """Take the line the cursor is on."""
        number = self.query_one(OptionList).highlighted
        if number is not None and number < len(self._lines):
            self._take(self._lines[number])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the line chosen."""
        self._take(self._lines[event.option_index])

    def _take(self, offer: Offer | None) -> None:
        if offer is not None:
            self.dismiss(offer)

    def on_key(self, event: events.Key) -> None:
        """Let the arrows reach the list from the field."""
        if event.key in ("down", "up"):
            event.stop()
            listed = self.query_one(OptionList)
            listed.action_cursor_down() if event.key == "down" else listed.action_cursor_up()


def _drawn(offer: Offer, typed: str, width: int) -> Content:
    """Draw a line: the label with the letters typed lit, what it does, the key at the right."""
    label = plain(f" {line(offer.label, 30)}")
    for word in typed.split():
        for match in re.finditer(re.escape(word), label.plain, re.IGNORECASE):
            label = label.stylize("bold", match.start(), match.end())
    room = max(width - len(label) - len(offer.key) - 4, 8)
    words = line(offer.words, room)
    fill = " " * max(width - len(label) - 2 - len(words) - len(offer.key), 1)
    return Content.assemble(label, ("  " + words, "dim"), fill, (offer.key, "bold"))
