"""The room: a debrief read out, one agreed point a page, shown to the force.

Whatever the frame says on other pages of cases, clocks, conflicts and counts, here it does not.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.evidence.trace import trace_point
from fieldkit.feedback.debriefs.room import EMERGING, Room, RoomPoint, room
from fieldkit.service import RefusedError, now, today
from fieldkit.wording.dates import clock_time, day_words
from screens.evidence.trace import trace_content
from screens.feedback import room_text
from screens.feedback.force_answer import ask_action, ask_response
from screens.kit.commands import registry
from screens.kit.dialogs import Confirm, Tell
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.rows import between
from screens.kit.frame.lines import FrameLine
from screens.kit.page import Named, Page
from screens.kit.text import plain
from storage.records.debrief import debrief_id
from storage.trust.current import people

NOT_FOR_THE_FORCE = (
    "The trace is not for the force's eyes: it names cases, quotes notes and says who wrote "
    "them.\n\n"
    "Can nobody else see this screen?"
)
LAST_PAGE = "This page is what was promised. Go back with b to the point that is answered."
REDRAW_SECONDS = 20.0
"""The time of day in the last line is never older."""


class RoomLine(FrameLine):
    """Draws the first or the last line of the room: force, marking, day and time."""

    DEFAULT_CSS = "RoomLine { dock: top; } RoomLine.last { dock: bottom; }"

    debrief = ""
    """What the first line calls the debrief."""

    def __init__(self, *, last: bool = False) -> None:
        super().__init__()
        self.set_class(last, "last")

    def sides(self) -> tuple[Content, Content]:
        """Return the force and the day, or the time: nothing of ours."""
        if self.has_class("last"):
            return plain(self.facts.force), plain(clock_time(now()))
        return plain(self.debrief), plain(day_words(today()))


class RoomPage(Page):
    """Shows the agreed points of a debrief.

    Args:
        debrief: its id; today's daily debrief where it is not given.
        point: the id of the point in it to begin with; the first where it is not given.
    """

    PAGE = "room"
    CSS_PATH = "room.tcss"

    def __init__(self, debrief: str | None = None, point: str = "") -> None:
        super().__init__()
        self._debrief, self._point = debrief, point
        self._room: Room | None = None
        self._at = 0

    def compose(self) -> Iterable[Widget]:
        """Yield the page between two lines that say nothing of ours."""
        yield RoomLine()
        yield RoomLine(last=True)
        yield Static("", id="keys", markup=False)
        yield from self.body()

    def body(self) -> Iterable[Widget]:
        """Yield the heading, what is read out, and how far it is."""
        yield Static("", id="heading", markup=False)
        with VerticalScroll(id="page"):
            yield Static("", id="words", markup=False)
            yield Static("", id="about", markup=False)
        yield Static("", id="foot", markup=False)

    def on_mount(self) -> None:
        """Keep the time of day true, and have nothing said before stand on this screen."""
        self.app.clear_notifications()
        self.set_interval(REDRAW_SECONDS, self._redraw_lines)

    def _redraw_lines(self) -> None:
        for line in self.query(RoomLine):
            line.refresh()

    async def load(self) -> None:
        """Read what the force is shown; where nothing is agreed, the page says so."""
        wanted = self._debrief or debrief_id(self.inspection_id, "daily", today())
        try:
            read = await self.vault.read(room, wanted)
        except RefusedError as refusal:
            self.set_text("#words", str(refusal))
            self._draw()
            return
        ids = [one.id for one in read.points]
        if self._point in ids:
            self._at = ids.index(self._point)
        self._room, self._point = read, ""
        for line in self.query(RoomLine):
            line.debrief = f"{read.sort.capitalize()} debrief"
            line.refresh()
        self._at = min(self._at, len(ids))
        self._draw()

    def _draw(self) -> None:
        self.set_text("#keys", _keys(self.app.size.width - 2))
        if self._room is None:
            return
        width, point = self._width, self._current
        self.set_text("#heading", room_text.heading(self._at, self._room, width))
        if point is not None:
            spaced = self.app.size.height >= 30
            text = room_text.words(point, width - 4, spaced=spaced)
            self.set_text("#about", room_text.about(point, width - 4))
        else:
            text = room_text.promised(self._room, width - 4)
            self.set_text("#about", "")
        self.set_text("#words", text)
        shown = self.query_one("#words")
        for sort in ("strength", "concern", "notable", "clarify"):
            shown.set_class(point is not None and sort in point.sort, sort)
        self.set_text("#foot", room_text.foot(self._at, self._room, width, EMERGING))
        scrolled = self.query_one("#page", VerticalScroll)
        scrolled.scroll_home(animate=False)
        scrolled.focus()

    @property
    def _width(self) -> int:
        """Return the columns of the page: lines short enough to be read from two metres."""
        return min(80 if self.app.size.width >= 100 else 64, self.app.size.width - 4)

    @property
    def _current(self) -> RoomPoint | None:
        """Return the point shown; none on the last page."""
        points = self._room.points if self._room is not None else ()
        return points[self._at] if self._at < len(points) else None

    @property
    def subject(self) -> Named | None:
        """Return the point shown."""
        point = self._current
        return ("point", point.point_id, "the point read out") if point is not None else None

    def action_next(self) -> None:
        """Go on to the next point; after the last to what was promised."""
        self._turn(1)

    def action_before(self) -> None:
        """Go back a page."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        if self._room is not None:
            self._at = min(max(self._at + by, 0), len(self._room.points))
            self._draw()

    @work
    async def action_respond(self) -> None:
        """Write what the force answers; it stands on the page at once."""
        point = self._current
        if point is None:
            self.fieldkit.say(LAST_PAGE)
        else:
            await ask_response(self.fieldkit, point.id, "What the force answers")
            await self.load()

    @work
    async def action_promise(self) -> None:
        """Write what the force does at once, who does it and by when."""
        point = self._current
        if point is None:
            self.fieldkit.say(LAST_PAGE)
        else:
            await ask_action(self.fieldkit, point.id, "What the force does at once")
            await self.load()

    @work
    async def action_trace(self) -> None:
        """Show what the point rests on, once the person says that the force cannot see it."""
        point = self._current
        if point is None:
            self.fieldkit.say(LAST_PAGE)
            return
        asked = Confirm(NOT_FOR_THE_FORCE, yes="show it to me alone", no="stay")
        if not await self.app.push_screen_wait(asked):
            return
        trace = await self.tried(self.vault.read(trace_point, point.point_id))
        if trace is not None:
            names = await self.vault.read(lambda s: people(s.connection()))
            text = trace_content(trace, names, self.app.size.width * 9 // 10 - 6)
            await self.app.push_screen(Tell(f"Point {trace.number}", text))


def _keys(width: int) -> Content:
    """Return the line of keys, the one that leaves at its right."""
    *keys, leave = [
        key_and_label(one.first_key_word, one.label) for one in registry()[RoomPage.PAGE].commands
    ]
    return between(Content("  ").join(keys), leave, width)
