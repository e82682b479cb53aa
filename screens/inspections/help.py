"""Help (f1): the keys of a page by task, and what each sign means; also over a dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Input

from screens.inspections import help_panels as panels
from screens.kit.commands import registry
from screens.kit.dialogs import Dialog
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.page import Page
from screens.kit.shell import Shell

PANELS = {
    "lines": panels.frame,
    "first-day": panels.first_day,
    "grades": panels.grades,
    "notes": panels.notes,
    "clocks": panels.clocks,
    "where": panels.where,
}
"""Each panel that says the same on every page, and what draws it."""


async def turn_help(app: Shell) -> None:
    """Show the help of the page on top, or of the dialog over it; where it is shown, go back."""
    if isinstance(app.screen, HelpPage):
        app.screen.dismiss()
        return
    page = next((one for one in reversed(app.screen_stack) if isinstance(one, Page)), None)
    if page is not None:
        dialog = app.screen.keys_now if isinstance(app.screen, Dialog) else ()
        await app.push_screen(HelpPage(page.PAGE, dialog))


HIGH = 34
"""Lines of the terminal from which the first day has room."""


class HelpPage(Page):
    """Shows the keys of the page it was asked from, those of others, and the signs.

    It reads nothing from the vault, so that it is there before the unlocking too.

    Args:
        page: the name of the page that it was asked from.
        dialog: the keys of the dialog above that page, and what each does.
    """

    PAGE = "help"
    CSS_PATH = "help.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]

    def __init__(self, page: str = "home", dialog: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._asked = self._shown = page
        self._dialog = tuple(dialog)

    def body(self) -> Iterable[Widget]:
        """Yield the panels."""
        yield Input(placeholder="what the key does", id="words")
        with Container(id="columns"):
            yield ScrollPanel(id="keys")
            with Container(id="beside"):
                with Vertical(id="middle"):
                    yield Panel("Anywhere", id="anywhere")
                    yield Panel("The first and last lines", id="lines")
                    yield Panel("First day", id="first-day")
                yield ScrollPanel("Signs", id="signs")
                with Vertical(id="right"):
                    yield Panel("Grades and states", id="grades")
                    yield Panel("Notes and points", id="notes")
                    yield Panel("Clocks", id="clocks")
                    yield Panel("Where a record is", id="where")

    @property
    def place(self) -> str:
        """Return “Help”, and of what page."""
        return f"Help: {registry()[self._shown].title}"

    async def on_screen_resume(self) -> None:
        """Show the panels; nothing is read, and the page below stays the one that is worked on."""
        self._loaded = True
        self.query_one("#right").display = self.app.size.width >= 100
        self.set_class(self.app.size.height >= HIGH, "-high")
        self._draw()
        self.fieldkit.draw_frame()
        if not self.has_class("-finding"):
            self.query_one("#keys").focus()

    def _draw(self) -> None:
        self.query_one("#right").display = self.app.size.width >= 100
        self.set_class(self.app.size.height >= HIGH, "-high")
        typed = self.query_one(Input).value
        keys = self.query_one("#keys", ScrollPanel)
        if self.has_class("-finding") and typed.strip():
            keys.show(lambda width: panels.found(typed, width), title="Found", figure="")
        else:
            dialog = self._dialog if self._shown == self._asked else ()
            keys.show(
                lambda width: panels.keys_of(self._shown, width, dialog),
                title=registry()[self._shown].title,
                figure="keys here" if self._shown == self._asked else "another page",
            )
        for name, drawing in PANELS.items():
            self.query_one(f"#{name}", Panel).show(drawing)
        opened = self.fieldkit.unlocked
        self.query_one("#anywhere", Panel).show(
            lambda width: panels.everywhere(width, opened=opened)
        )
        self.query_one("#signs", ScrollPanel).show(panels.all_signs)

    def action_find(self) -> None:
        """Find a key by what it does."""
        self.add_class("-finding")
        self.query_one(Input).focus()

    def on_input_changed(self) -> None:
        """Show what is found."""
        self._draw()

    def on_input_submitted(self) -> None:
        """Go to what was found, to scroll it."""
        self.query_one("#keys").focus()

    def action_next_page(self) -> None:
        """Show the keys of the next page."""
        self._turn(1)

    def action_previous_page(self) -> None:
        """Show the keys of the page before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        names = [one for one in registry() if one not in (panels.ANYWHERE, self.PAGE)]
        at = names.index(self._shown) if self._shown in names else 0
        self._shown = names[(at + by) % len(names)]
        self._draw()
        self.query_one("#keys", ScrollPanel).scroll_home(animate=False)
        self.fieldkit.draw_frame()

    def action_back(self) -> None:
        """Leave the search, else the help."""
        if self.has_class("-finding"):
            self.remove_class("-finding")
            self.query_one(Input).value = ""
            self.query_one("#keys").focus()
            self._draw()
        else:
            super().action_back()
