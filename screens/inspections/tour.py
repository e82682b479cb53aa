"""What a practice inspection is told to begin with; the letters that it names go there."""

from __future__ import annotations

from textual import events

from screens.kit.dialogs import Tell
from screens.kit.places import places


class Tour(Tell):
    """Tells what there is to try. A letter closes it and goes where it goes from home."""

    def on_key(self, event: events.Key) -> None:
        """Go to the page of a letter."""
        page = next((one.page for one in places(inside=True) if one.letter == event.key), "")
        if page:
            event.stop()
            self.dismiss()
            self.app.call_later(self.fieldkit.go, page)
