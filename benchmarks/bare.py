"""The yardsticks that need Textual: an app with one line of text, and one with one text area.

A program of its own, so that starting it costs what starting a Textual app costs, and no more.
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult


def hello() -> App[None]:
    """Shows one line of text."""
    from textual.widgets import Static

    class Hello(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("Hello, world")

    return Hello()


def area() -> App[None]:
    """Shows one text area, as high as that of a note."""
    from textual.widgets import TextArea

    class Area(App[None]):
        CSS = "TextArea { height: 6; }"

        def compose(self) -> ComposeResult:
            yield TextArea()

        def on_mount(self) -> None:
            self.query_one(TextArea).focus()

    return Area()


if __name__ == "__main__":
    {"hello": hello, "area": area}[sys.argv[1]]().run()
