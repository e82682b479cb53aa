"""The frame of every page and dialog: its first line, its line of keys and its last line.

The marking stands in the middle of the first and of the last line, on a ground of its own. Beside
it: where you are and what must not be missed; what is kept, day and time. The keys that do
something now stand in the line above the last, in the registry's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from fieldkit.wording import dates
from screens.kit.commands import Command, registry
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.rows import cut
from screens.kit.drawing.signs import glyphs_in_use, sign
from screens.kit.text import plain

MARKING = "OFFICIAL-SENSITIVE"
"""Shown where no inspection says otherwise (Government Security Classifications)."""
BESIDE = 2
"""Columns free between the marking and what stands beside it."""
ALWAYS = ("help", "places")
"""The actions whose keys stand at the right of every line of keys."""
DOORS = frozenset(("unlock", "first_run"))
"""The pages before a vault is open for work: from there one goes nowhere else."""

KeyWords = Sequence[tuple[str, str]]
"""Keys, and what each does in a word or two."""


@dataclass(frozen=True)
class FrameFacts:
    """Holds what the frame says of the inspection.

    Attributes:
        marking: the protective marking, in capitals.
        force: whose inspection it is, in short.
        alarms: what must not be missed, each with the name of its sign; the most pressing first.
        unsent: how many records have not left this laptop.
        saved: when something was last kept, ISO 8601; empty where nothing was.
        day, days: which day of the fieldwork it is, of how many; 0 outside it.
        phase: whether it is an inspection, a visit, a review or a re-inspection; not shown.
    """

    marking: str = MARKING
    force: str = ""
    alarms: tuple[tuple[str, str], ...] = ()
    unsent: int = 0
    saved: str = ""
    day: int = 0
    days: int = 0
    phase: str = ""


def marked_line(left: Content, marking: str, right: Content, width: int) -> Content:
    """Return a line with the marking in its middle; the sides give way where it is narrow.

    A marking wider than the line takes a second one, each part of it in the middle.
    """
    words = f" {marking.upper()} "
    if len(words) > width:
        parts = plain(marking.upper()).wrap(max(width, 1))[:2]
        shown = (Content.styled(one.plain.strip().center(width), _MARKED) for one in parts)
        return Content("\n").join(shown)
    before = (width - len(words)) // 2
    after = width - len(words) - before
    start = cut(left, max(before - BESIDE, 0))
    end = cut(right, max(after - BESIDE, 0))
    return Content.assemble(
        *(" " * min(1, before), start.pad_right(max(before - 1 - start.cell_length, 0))),
        (words, _MARKED),
        *(end.pad_left(max(after - 1 - end.cell_length, 0)), " " * min(1, after)),
    )


_MARKED = "bold $marking-on on $marking"


class Line(Widget):
    """Is a line that is drawn anew only where something else is to stand in it."""

    _drawn = Content("")

    def content(self) -> Content:
        """Return what is to stand in the line."""
        return Content("")

    def render(self) -> Content:
        """Draw the line."""
        self._drawn = self.content()
        return self._drawn

    def draw_changed(self) -> None:
        """Draw the line again, where it says something else now."""
        if not self.content().is_same(self._drawn):
            self.refresh()


class FrameLine(Line):
    """Is a line with the marking in it; one line high, or two where the marking is that wide."""

    DEFAULT_CSS = """
    FrameLine { height: auto; background: $marking-bar; color: $marking-bar-text; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._facts = FrameFacts()

    @property
    def facts(self) -> FrameFacts:
        """Return what the frame says."""
        return self._facts

    def on_mount(self) -> None:
        """Begin with what the app knows already."""
        self._facts = getattr(self.app, "facts", self._facts)

    def show_facts(self, facts: FrameFacts) -> None:
        """Put other facts in the line."""
        taller = len(facts.marking) != len(self._facts.marking)
        self._facts = facts
        if taller:
            self.refresh(layout=True)
        else:
            self.draw_changed()

    def draw_anew(self) -> None:
        """Draw again, as when a minute has passed or other signs are in use."""
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return 1, or 2 where the marking is wider than the screen."""
        return 2 if len(self._facts.marking) + 2 > max(width, 1) else 1

    def sides(self) -> tuple[Content, Content]:
        """Return what stands at the left and at the right of the marking."""
        return Content(""), Content("")

    def content(self) -> Content:
        """Return what is known, around the marking."""
        left, right = self.sides()
        return marked_line(left, self._facts.marking, right, self.size.width)


class TopLine(FrameLine):
    """Draws the first line: where you are, the marking, and what must not be missed."""

    DEFAULT_CSS = "TopLine { dock: top; }"

    def sides(self) -> tuple[Content, Content]:
        """Return the place, and the alarms."""
        place = str(getattr(self.app, "place", ""))
        force = self._facts.force
        left = [plain(one) for one in (force, place) if one]
        alarms = [sign(name, text) if name else plain(text) for name, text in self._facts.alarms]
        within = sign("within") if len(left) > 1 else Content("")
        return Content.assemble(" ", within, " ").join(left), Content("  ").join(alarms)


class LastLine(FrameLine):
    """Draws the last line: what is kept and not sent, the marking, day and time."""

    DEFAULT_CSS = "LastLine { dock: bottom; }"

    def show_facts(self, facts: FrameFacts) -> None:
        """Put other facts in the line; the line of keys stands above it, however high it is."""
        super().show_facts(facts)
        self._lift_keys()

    def on_resize(self) -> None:
        """Have the line of keys stand above it."""
        self._lift_keys()

    def _lift_keys(self) -> None:
        # Before the first layout it is as wide as the window, and not two lines for want of width.
        rows = self.get_content_height(self.size, self.size, self.size.width or self.app.size.width)
        for line in self.screen.query(KeyLine):
            if line.styles.margin.bottom != rows:
                line.styles.margin = (0, 0, rows, 0)

    def sides(self) -> tuple[Content, Content]:
        """Return what is kept, and the time."""
        facts, kept = self._facts, Content("")
        if getattr(self.app, "unlocked", False):
            parts = [_kept(str(getattr(self.app, "typing_state", "")), facts.saved)]
            if facts.unsent:
                parts.append(sign("exported", f"{facts.unsent:,} unsent"))
            kept = Content("  ").join([one for one in parts if one.plain])
            if kept.cell_length > (self.size.width - len(facts.marking) - 2) // 2 - BESIDE:
                kept = kept[: -len(" unsent")] if facts.unsent else kept
        day = f" · day {facts.day}/{facts.days}" if facts.day else ""
        return kept, plain(now_words() + day)


def now_words() -> str:
    """Return day and time in short: “Mon 9 Sep 14:32”."""
    here = dates.here()
    month = dates.MONTHS[here.month - 1][:3]
    return f"{dates.WEEKDAYS[here.weekday()]} {here.day} {month} {here:%H:%M}"


def _kept(state: str, saved: str) -> Content:
    if state == "not saved":
        return sign("not saved", "not saved")
    if state == "typing":
        return sign("typing", "typing")
    return sign("done", f"saved {saved_words(saved)}") if saved else Content("")


def saved_words(moment: str) -> str:
    """Return when something was last kept: “14:32”, “yesterday 17:05”."""
    return dates.short_moment(moment)


class KeyLine(Line):
    """Draws the line of keys, above the last: as many as fit; help and places at the right.

    Args:
        page: its name in the registry; empty in a dialog, which sets its keys itself.
    """

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; margin-bottom: 1; background: $background; }
    """

    def __init__(self, page: str = "") -> None:
        super().__init__()
        self._page = page
        self._idle: frozenset[str] = frozenset()
        self._also: frozenset[str] = frozenset()
        self._left: KeyWords = ()
        self._right: KeyWords = ()
        self._keys = Content("")
        self._drawn_of: tuple[object, ...] = ()
        """The words of the keys that are drawn, the columns and which signs."""

    def on_mount(self) -> None:
        """Offer the keys that work where the focus is, wherever it goes."""
        self.watch(self.screen, "focused", self.draw_anew, init=False)

    def leave_out(self, *actions: str, also: str = "") -> None:
        """Offer the page's keys but those that have nothing to do at present.

        ``also`` names those that come before the others now, with spaces between.
        """
        self._idle, self._also = frozenset(actions), frozenset(also.split())
        self.refresh()

    def show_keys(self, left: KeyWords, right: KeyWords = ()) -> None:
        """Show these keys, as a dialog does."""
        self._left, self._right = left, right
        self.refresh()

    def draw_anew(self) -> None:
        """Draw again, as when the focus has moved."""
        self.draw_changed()

    @property
    def idle(self) -> frozenset[str]:
        """Return the page's actions that have nothing to do at present."""
        return self._idle | frozenset(getattr(self.screen, "idle_actions", ()))

    @property
    def offered(self) -> list[Command]:
        """Return the commands of the page that do something now, the most wanted first.

        In a text field the letters are text: only keys that work in fields are left.
        """
        screen = self.screen
        idle = self.idle
        typing = getattr(screen, "typing_in", None) is not None
        known = [
            one
            for one in registry()[self._page].commands
            if one.key and one.action not in idle and (not typing or one.works_in_fields)
        ]
        first = [one for one in known if one.action in self._also]
        usual = [one for one in known if one.line and one not in first]
        rest = [one for one in known if one not in first and one not in usual]
        back = [one for one in (*usual, *rest) if one.action == "back"]
        return first + [one for one in (*usual, *rest) if one not in back] + back

    def _words(self) -> tuple[KeyWords, KeyWords]:
        if not self._page:
            return self._left, self._right
        inside = getattr(self.app, "unlocked", False) and self._page not in DOORS
        always = [
            one
            for one in registry()["global"].commands
            if one.action in ALWAYS and (inside or one.action == "help")
        ]
        words: KeyWords = self.screen.key_words(self.offered)  # type: ignore[attr-defined]
        return words, [(one.key_word, one.label) for one in always]

    def _fitting(self, left: KeyWords, right: KeyWords, width: int) -> int:
        """Return how many of the keys at the left have room beside those at the right."""
        used = sum(key_and_label(*one).cell_length + 2 for one in right)
        for number, words in enumerate(left):
            used += key_and_label(*words).cell_length
            if used > width:
                return number
            used += 2
        return len(left)

    def without_room(self, width: int) -> KeyWords:
        """Return the keys that have no room in a line of so many columns."""
        left, right = self._words()
        return left[self._fitting(left, right, width - 2) :]

    def content(self) -> Content:
        """Return the keys: what does not fit is left out, whole keys only."""
        left, right = self._words()
        drawn_of = (tuple(left), tuple(right), self.size.width, glyphs_in_use())
        if drawn_of != self._drawn_of:
            self._drawn_of, self._keys = drawn_of, self._fitted(left, right)
        return self._keys

    def _fitted(self, left: KeyWords, right: KeyWords) -> Content:
        end = Content("  ").join([key_and_label(*one) for one in right])
        width = self.size.width - 2
        shown = [key_and_label(*one) for one in left[: self._fitting(left, right, width)]]
        start = Content("  ").join(shown)
        gap = max(width - start.cell_length - end.cell_length, 0)
        return cut(Content.assemble(" ", start, " " * gap, end), self.size.width)
