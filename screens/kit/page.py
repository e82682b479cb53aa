"""The base of every page: frame, keys from the registry, and errors as sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.commands import Command, bindings, registry
from screens.kit.covering import Coverable
from screens.kit.drawing.laid_out import put, stands
from screens.kit.frame.lines import KeyLine, KeyWords, LastLine, TopLine
from screens.kit.frame.refusal_room import RefusalRoom, leave_room
from screens.kit.keyboard import takes_text
from screens.kit.shell import Shell, shell_of
from screens.kit.text import plain
from screens.kit.unsaved import settled
from storage.errors import FieldkitError, error_place

if TYPE_CHECKING:
    from storage.vault.vault import Vault

T = TypeVar("T")
FAILED = (
    "This page could not be shown whole: what is stored does not have the form that it expects. "
    "Nothing "
    "is lost, and every other page works. Press esc to go back, and tell whoever mends fieldkit: "
    "{place}."
)

LEFT_FIELD = "Your text is kept. Press esc again to leave this page."

Named = tuple[str, str, str]
"""A kind of record, the id of one, and what a person calls it."""


class Page(Coverable[Any]):
    """Is the base of every page; ``PAGE`` names its commands in ``commands.toml``."""

    PAGE: ClassVar[str] = ""
    AUTO_FOCUS = ""
    _loaded = False
    is_resuming = False
    """What is true now is being read."""
    _was_typing = _just_left = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the page the keys of the registry."""
        if cls.__dict__.get("PAGE"):
            cls.BINDINGS = [*bindings(cls.PAGE)]
        super().__init_subclass__(**kwargs)

    @property
    def fieldkit(self) -> Shell:
        """Return the app, by its own type."""
        return shell_of(self)

    @property
    def vault(self) -> Vault:
        """Return the unlocked vault."""
        return self.fieldkit.vault

    @property
    def inspection_id(self) -> str:
        """Return the inspection that is open."""
        return self.fieldkit.inspection_id

    def body(self) -> Iterable[Widget]:
        """Yield the widgets between the two lines."""
        raise NotImplementedError(type(self).__name__)

    def compose(self) -> Iterable[Widget]:
        """Yield the frame around the body; by the size of the window all is styled at once."""
        (width, height), fitting = self.app.size, self._get_breakpoint_classes
        self.add_class(*fitting(width, self.HORIZONTAL_BREAKPOINTS or []))
        self.add_class(*fitting(height, self.VERTICAL_BREAKPOINTS or []))
        yield TopLine()
        yield from self.body()
        yield RefusalRoom()
        yield LastLine()
        yield KeyLine(self.PAGE)

    @property
    def place(self) -> str:
        """Return what the first line calls this page; a page of one record gives its name."""
        return registry()[self.PAGE].title

    @property
    def has_row(self) -> bool:
        """Say whether there is a row for the keys that need one (``row`` in ``commands.toml``)."""
        return True

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return the actions that have nothing to do now: their keys are left out of the line."""
        if self.has_row:
            return frozenset()
        return frozenset(one.action for one in registry()[self.PAGE].commands if one.row)

    def offer(self, *, without: Iterable[str] = (), first: Iterable[str] = ()) -> None:
        """Set which actions have nothing to do now, and which come first in the line of keys."""
        self.query_one(KeyLine).leave_out(*without, also=" ".join(first))

    def key_words(self, offered: Sequence[Command]) -> KeyWords:
        """Return the keys of the line and what each does now, in a word or two."""
        return [(one.first_key_word, one.label) for one in offered]

    async def load(self) -> None:
        """Read what the page shows from the vault; called when it comes to the front."""

    def _draw(self) -> None:
        """Draw what was read; called again when the terminal changes its size."""

    async def on_event(self, event: events.Event) -> None:
        """Do what an event asks for; the loop has a turn before the next, so that no key waits.

        Textual handles all that is waiting for a page, such as resume and resize, in one turn.
        """
        await super().on_event(event)
        await asyncio.sleep(0)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """Lay the page out; what was changed and not yet announced is measured again next time.

        Textual (8.2.8) counts a change only where none waits to be announced. A text changed on
        both sides of a layout would keep the height of the first.
        """
        super()._refresh_layout(size, scroll)
        for widget in self.walk_children(Widget):
            if widget._layout_required:
                widget._layout_updates += 1

    def _screen_resized(self, size: Size) -> None:
        """Lay the page out in another size; Textual (8.2.8) tells a new page of its size twice."""
        if size != self._size:
            super()._screen_resized(size)

    async def on_screen_resume(self) -> None:
        """Show what is true now, also after another page changed it."""
        if self.fieldkit.passing or not self.is_current:
            return  # another page was opened at once
        self.fieldkit.take_up(self.PAGE)
        self.fieldkit.draw_frame()
        self.is_resuming = True
        try:
            await self._show_or_say(self.fieldkit.refresh_frame())
            await self._show_or_say(self._load())
        finally:
            self.is_resuming = False

    async def _load(self) -> None:
        await self.load()
        self._loaded = True

    async def _show_or_say(self, showing: Awaitable[None]) -> None:
        """Await what shows the page; where that fails, the page says so and the others go on."""
        try:
            await self.tried(showing)
        except Exception as error:  # whatever it is, its values may be evidence and are not shown
            if stands(self):  # a page that was left meanwhile has nothing to draw on
                self.failed(error)

    def failed(self, error: Exception) -> None:
        """Say that the page cannot be shown, without a word of what it was to show."""
        if self.fieldkit.unlocked:
            self.fieldkit.say(FAILED.format(place=error_place(error)), error=True)

    def on_resize(self) -> None:
        """Draw to the new size, once there is something to draw."""
        leave_room(self.fieldkit, self.fieldkit.refusal)
        self.draw_anew()

    def draw_anew(self) -> None:
        """Draw what was read once more."""
        if self._loaded:
            self._draw()

    def columns(self, margin: int = 4) -> int:
        """Return how many columns text has when a margin is left free."""
        return max(self.app.size.width - margin, 40)

    def set_text(self, selector: str, text: str | Content) -> None:
        """Put a text, which is never markup, into a widget of the page."""
        shown = plain(text) if isinstance(text, str) else text
        put(self.query_one(selector, Static), shown)

    async def tried(self, doing: Awaitable[T]) -> T | None:
        """Await something; a refusal is shown as its sentence and ``None`` comes back."""
        try:
            return await doing
        except FieldkitError as refusal:
            # After the lock there is nothing to be done about it here: what was typed is a draft.
            if self.fieldkit.unlocked:
                from screens.kit.ask import DO_AGAIN, is_explained

                if await is_explained(self.fieldkit, refusal):
                    self.fieldkit.say(DO_AGAIN)
                elif not self.fieldkit.asking_why:
                    self.fieldkit.say(str(refusal), error=True)
            return None

    def before_key(self, key: events.Key) -> None:
        """Notice, before a key does what it does, whether the last one left a text field."""
        field = self.typing_in
        typed = getattr(field, "text", "") or getattr(field, "value", "")
        self._just_left = self._was_typing and field is None
        self._was_typing = bool(typed)

    async def leave_field(self) -> None:
        """Leave the text field that has the focus, if any, and make an op of what was typed."""
        if self.typing_in is not None:
            self.set_focus(None)
            await settled(self)

    def stays(self) -> bool:
        """Say whether to stay on the page, and say so, as the last key left a text field.

        One key leaves every field; whoever presses it once more than needed is still on the page.
        """
        if self._just_left:
            self.fieldkit.say(LEFT_FIELD)
        return self._just_left

    @property
    def subject(self) -> Named | None:
        """Return what a remark (f2) is about."""
        return None

    @property
    def record(self) -> Named | None:
        """Return what a history (h) is of."""
        return self.subject

    async def action_history(self) -> None:
        """Show who changed what of the record, and when."""
        if (record := self.record) is not None:
            kind, record_id, title = record
            await self.fieldkit.go("history", kind=kind, record=record_id, title=title)

    async def action_go(self, page: str) -> None:
        """Go to the page of that name."""
        await self.fieldkit.go(page)

    @property
    def typing_in(self) -> Widget | None:
        """Return the text field that has the focus, if any."""
        focused = self.focused
        return focused if takes_text(focused) else None

    def action_back(self) -> None:
        """Go back to the page before."""
        self.app.clear_notifications()
        self.dismiss()
