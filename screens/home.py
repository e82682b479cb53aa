"""Home: what is done, open, mine, unsent and changed today, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit import overview
from screens.page import Page
from screens.plain import line, plain


class HomePage(Page):
    """The inspection at a glance."""

    PAGE = "home"
    DEFAULT_CSS = """
    HomePage #facts { padding: 1 2 0 2; height: auto; }
    HomePage #next { padding: 1 2; height: auto; }
    HomePage #ways { padding: 0 2; height: auto; }
    """

    def body(self) -> Iterable[Widget]:
        """Figures, the next thing, and the ways on."""
        yield Static("", id="title", markup=False)
        yield Static("", id="facts", markup=False)
        yield Static("", id="next", markup=False)
        yield Static("", id="ways", markup=False)

    async def load(self) -> None:
        """Read the figures."""
        seen = await self.vault.read(overview.home, self.inspection_id)
        self.query_one("#title", Static).update(plain(seen.title))
        self.query_one("#facts", Static).update(
            Content("\n").join(
                Content.assemble((f"{label:<15}", "dim"), plain(line(text, 96)))
                for label, text in seen.facts
            )
        )
        self.query_one("#next", Static).update(
            Content.assemble(("Next  ", "bold"), plain(seen.next_step))
        )
        self.query_one("#ways", Static).update(_ways())


def _ways() -> Content:
    """Every key of this page in two columns."""
    from screens.commands import registry

    words = [f"{one.key_word}  {one.label}" for one in registry()["home"].commands]
    half = (len(words) + 1) // 2
    left, right = words[:half], [*words[half:], ""]
    return Content("\n").join(
        Content(f"{one:<28}{other}") for one, other in zip(left, right, strict=False)
    )
