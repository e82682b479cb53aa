"""What both pages before an open vault have in common: a field in the middle, texts below it."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from screens.kit.page import Page


class DoorPage(Page):
    """Asks for something before the vault is open: it reads nothing, and nothing is copied."""

    ALLOW_SELECT = False
    CSS_PATH = str(Path(__file__).with_name("door.tcss"))

    async def on_screen_resume(self) -> None:
        """Read nothing, for the vault is not open yet."""

    def set_text(self, selector: str, text: str | Content) -> None:
        """Put a text into its place, which takes no line while it is empty."""
        super().set_text(selector, text)
        self.query_one(selector).display = bool(text if isinstance(text, str) else text.plain)
