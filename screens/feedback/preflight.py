"""Before it leaves: what keeps the written feedback back, and what is only worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.feedback.handover.preflight import Check, check
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.list_page import PanelListPage
from screens.kit.text import plain

SIGNS = {"!": "late", "▲": "soon", "✓": "done"}
"""How the three signs of what is looked at are drawn."""


class PreflightPage(PanelListPage[Check]):
    """Shows the steps before it leaves, each with its sign and its key."""

    PAGE = "preflight"
    CSS = """
    PreflightPage #side { height: 6; }
    PreflightPage #which { height: 1fr; }
    PreflightPage.-wide PanelList.panel { width: 7fr; }
    PreflightPage.-wide #side { width: 5fr; }
    """
    EMPTY = "Nothing was looked at yet."

    def side(self) -> Iterable[Widget]:
        """Yield which are meant in the line under the cursor."""
        yield Panel("Which", id="which")

    async def load(self) -> None:
        """Look everything over anew: what was settled on another page is in order now."""
        self.show(await self.vault.read(check, self.inspection_id))

    def on_mount(self) -> None:
        """Draw the border at once, with what the signs mean."""
        super().on_mount()
        meant = (("late", "settle it first"), ("soon", "worth a look"), ("done", "in order"))
        parts = [Content.assemble(sign(name), " ", words) for name, words in meant]
        self.listed.edges(legend=Content("   ").join(parts))

    def _figure(self) -> Content:
        stopped = sum(one.sign == "!" for one in self._lines)
        worth = sum(one.sign == "▲" for one in self._lines)
        back = f"{stopped} keep{'s' * (stopped == 1)} it back" if stopped else "nothing stops it"
        return muted(f"{back} · {worth} worth a look")

    def _row(self, entry: Check, width: int, *, chosen: bool) -> Content:
        keys = entry.key if entry.count else ""
        return step_row(entry.sign, entry.words, entry.names, keys, width, whole=chosen)

    def _draw_side(self, entry: Check | None) -> None:
        names = entry.names if entry is not None else ()
        none = "It leads to where it is settled." if entry and entry.count else "It is in order."
        self.query_one("#which", Panel).show(
            lambda width: lines([cut(plain(one), width) for one in names] or [muted(none)]),
            figure=f"{len(names)}" if names else "",
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what cannot be done with the line under the cursor."""
        idle = super().idle_actions
        return idle if self.current is None or self.current.count else idle | {"open"}

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Go to where it is settled."""
        if self.current is not None and self.current.count:
            await self.fieldkit.go(self.current.page)


def step_row(
    mark: str, words: str, names: Sequence[str], keys: str, width: int, *, whole: bool
) -> Content:
    """Return a step of what is looked over: its sign, what there is, and its keys at the right.

    Args:
        mark: “!” for what comes first, “▲” for what is worth a look, “✓” for what is in order.
        words: what there is; those that are in order are grey.
        names: what a person calls each; on a line below, where there are any.
        keys: those that lead from home to where it is settled; none where it is in order.
        width: columns there are.
        whole: all words are shown, on as many lines as they take.
    """
    said = muted(words) if mark == "✓" else strong(words)
    ways = Content(" ").join(key(one) for one in keys.split())
    room = max(width - ways.cell_length - 5, 10)
    first, *more = wrapped(said, room) if whole else [cut(said, room)]
    rows = [between(Content.assemble(_mark(mark), " ", first), ways, width)]
    rows += [one.pad_left(4) for one in more]
    if names:
        rows.append(cut(muted(plain(f"    {'; '.join(names)}")), width))
    return lines(rows)


def _mark(mark: str) -> Content:
    """Return a sign in three columns, in the middle of them."""
    shown = sign(SIGNS[mark])
    return shown if shown.cell_length == 3 else shown.pad(1, 1)
