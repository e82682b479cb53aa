"""Draws of a screen only the widgets that stand where something changed.

Textual takes the smallest rectangle around all that changed, and asks every widget whose container
meets it for all of its lines. Where a letter at the top and a sign at the bottom change, that is
the whole screen. Here a widget is asked only where it stands on a part that changed, and only for
the lines from the first to the last of it. What appears is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from textual._compositor import ChopsUpdate, Compositor
from textual.cache import FIFOCache, LRUCache
from textual.geometry import NULL_SIZE, Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget, _RenderCache

T = TypeVar("T")
Render = tuple[Region, Region, list[Strip]]
"""Where a widget stands, what of it is seen, and the lines of that."""


class PartCompositor(Compositor):
    """Puts the widgets of a screen together, and of an update only those that it touches."""

    _changed: tuple[Region, ...] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what is drawn anew; None where nothing changed."""
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[Render]:
        if crop is None or not self._changed:
            yield from super()._get_renders(crop)
            return
        meets = crop.overlaps
        for widget, (region, clip) in self.visible_widgets.items():
            if not meets(region):
                continue
            seen = region.intersection(clip)
            touched = [part for part in map(seen.intersection, self._changed) if part]
            if touched:
                first = min(part.y for part in touched)
                lines = max(part.bottom for part in touched) - first
                part = Region(seen.x, first, seen.width, lines)
                yield region, part, widget.render_lines(part.translate(-region.offset))


def forget_drawn(widget: Widget) -> None:
    """Let go of the lines that a widget keeps of itself; it draws them anew where it must."""
    widget._styles_cache.clear()
    widget._styles_cache._simple_strip = None
    widget._render_cache = _RenderCache(NULL_SIZE, [])
    for kept in vars(widget).values():
        if isinstance(kept, LRUCache | FIFOCache):
            kept.clear()
    widget._layout_cache.clear()


class PartScreen(Screen[T]):
    """Is a screen of which only what changed is drawn anew."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compositor = PartCompositor()

    def on_unmount(self) -> None:
        """Let go of all that was drawn of the screen, which nobody sees again."""
        for widget in self._compositor.widgets:
            forget_drawn(widget)
        self._compositor = PartCompositor()
