"""Points: what is concluded, how strong its basis is, and what it rests on."""

from __future__ import annotations

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.evidence import points
from fieldkit.evidence.lints import lints
from fieldkit.evidence.points import PointLine
from fieldkit.evidence.trace import trace_point
from fieldkit.wording.format import line
from screens.evidence.make_point import ask_point
from screens.evidence.trace import PickEvidence, link_choice, trace_content
from screens.kit.ask import ask, ask_and_commit, commit
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.shell import Shell
from screens.kit.text import plain
from storage.ops.text import many
from storage.trust.current import people

EMPTY = (
    "There is no point yet.\n\n"
    "Press a to add one, or p on a note or on a judgment to make one that rests on it."
)
LINES = 4
"""Most lines of one wording in the list; enter shows all of it."""
HINT = (
    "The basis counts methods, source groups and inspectors: a prompt, not a score.\n"
    "x take evidence away   w withdraw   k keep thin   h history"
)
RELATIONS = (
    Choice("supports", "supports", "it bears the point out"),
    Choice("contradicts", "contradicts", "it speaks against the point"),
    Choice("context", "context", "it helps to understand the point"),
)


class PointsPage(ListPage[PointLine]):
    """Shows the points of the inspection.

    Args:
        point: the one to stand on.
    """

    PAGE = "points"
    EMPTY = EMPTY
    MARGIN = 2

    def __init__(self, point: str | None = None) -> None:
        super().__init__()
        self._stand_on = point or ""
        self._again: dict[str, list[str]] = {}

    async def load(self) -> None:
        """Read the points, and what of each is worth a second look."""
        lines, self._again = await self.vault.read(_read, self.inspection_id)
        self.show(lines)

    def _heading(self) -> str:
        standing = [one for one in self._lines if one.state != points.WITHDRAWN]
        sorts = dict.fromkeys(one.sort for one in standing)
        counts = [f"{sum(one.sort == sort for one in standing)} {sort}" for sort in sorts]
        bare = sum(one.strength == "none" for one in standing)
        counts.append(f"{bare} resting on nothing" if bare else "")
        return " · ".join(filter(None, ["Points", many(len(standing), "point"), *counts]))

    def _hint(self) -> str:
        return HINT

    def _drawn(self, point: PointLine, width: int) -> Content:
        return _drawn(point, self._again.get(point.id, []), width)

    def _subject(self, point: PointLine) -> Named:
        return "point", point.id, f"point {point.number}"

    def _record(self, point: PointLine) -> Named:
        return "point", point.id, f"Point {point.number}"

    @work
    async def action_add(self) -> None:
        """Ask for a new point."""
        point = await ask_point(self.fieldkit, "A new point", f"new-point/{self.inspection_id}")
        if point is not None:
            self._stand_on = point.id
            await self.load()

    @work
    async def action_edit(self) -> None:
        """Change wording, sort or criterion."""
        point = self.current
        if point is not None:
            await ask_point(
                self.fieldkit, f"Point {point.number}", f"point/{point.id}", change=point
            )
            await self.load()

    @work
    async def action_support(self) -> None:
        """Choose evidence and say how it bears on the point."""
        point = self.current
        if point is None:
            return
        choice = await self.app.push_screen_wait(PickEvidence(point.number, self.inspection_id))
        if choice is None:
            return
        title = f"{line(choice.label, 40)}: how does it bear on point {point.number}?"
        relation = await self.app.push_screen_wait(Pick(title, RELATIONS, "supports"))
        if relation is None:
            return
        place, why = f"support/{point.id}/{choice.id}", ""
        if relation == "contradicts":
            hint = "How was it weighed? Leave it empty to answer later; it then counts as open."
            title = "It contradicts the point"
            asked = await ask(self.fieldkit, title, place, "why", needed=False, hint=hint)
            if asked is None:
                return
            why = asked
        await commit(
            self.fieldkit,
            place,
            ["why"],
            lambda s: points.support(s, point.id, choice.kind, choice.id, relation, why),
        )
        await self.load()

    @on(OptionList.OptionSelected)
    async def action_trace(self) -> None:
        """Show what the point rests on."""
        point = self.current
        if point is None:
            return
        trace = await self.tried(self.vault.read(trace_point, point.id))
        if trace is not None:
            names = await self.vault.read(lambda s: people(s.connection()))
            text = trace_content(trace, names, self.app.size.width * 9 // 10 - 6)
            await self.app.push_screen(Tell(f"Point {point.number}", text))

    @work
    async def action_unsupport(self) -> None:
        """Choose a piece of evidence and take it away from the point."""
        point = self.current
        trace = await self.tried(self.vault.read(trace_point, point.id)) if point else None
        if point is None or trace is None:
            return
        if not trace.links:
            self.fieldkit.say("The point rests on nothing yet; press s to choose its evidence.")
            return
        choices = [link_choice(each) for each in trace.links]
        title = f"Take away from point {point.number}; both stay as they are"
        chosen = await self.app.push_screen_wait(Pick(title, choices))
        if chosen is not None:
            await commit(self.fieldkit, "", [], lambda s: points.unsupport(s, chosen))
            await self.load()

    @work
    async def action_keep_thin(self) -> None:
        """Write why the point is kept although its basis is thin."""
        point = self.current
        if point is None:
            return
        if point.strength != "thin":
            self.fieldkit.say("Only of a point whose basis is thin is that asked.")
        elif await ask_keep_thin(self.fieldkit, point.id, f"point {point.number}"):
            await self.load()

    @work
    async def action_withdraw(self) -> None:
        """Withdraw the point with a reason."""
        point = self.current
        if point is None:
            return
        await ask_and_commit(
            self.fieldkit,
            f"Why is point {point.number} withdrawn?",
            f"withdraw/{point.id}",
            "reason",
            lambda s, reason: points.withdraw_point(s, point.id, reason),
        )
        await self.load()


async def ask_keep_thin(app: Shell, point: str, called: str) -> bool:
    """Ask why a point is kept though its basis is thin, and record it; say whether it was."""
    title, place = f"Why is {called} kept, although its basis is thin?", f"keep-thin/{point}"
    kept = await ask_and_commit(
        app, title, place, "reason", lambda s, reason: points.keep_thin(s, point, reason)
    )
    return kept is not None


def _read(s: Session, inspection_id: str) -> tuple[list[PointLine], dict[str, list[str]]]:
    again: dict[str, list[str]] = {}
    for lint in lints(s, inspection_id):
        again.setdefault(lint.id, []).append(lint.words)
    return points.point_lines(s, inspection_id), again


def _drawn(point: PointLine, again: list[str], width: int) -> Content:
    """Return a point as the list shows it: number, sort, criterion and state; wording; basis."""
    head = f"{point.number:>2}  "
    room, indent = width - len(head), " " * len(head)
    facts = " · ".join(filter(None, (point.sort, point.criterion_label, point.state)))
    wrapped = plain(point.wording).wrap(max(room, 20)) or [Content("")]
    lines = [Content.assemble((head, "bold"), plain(line(facts, room), "bold"))]
    lines += [Content.assemble(indent, each) for each in wrapped[:LINES]]
    if len(wrapped) > LINES:
        lines.append(Content(f"{indent}… {many(len(wrapped) - LINES, 'line')} more"))
    counts = [point.meter]
    counts.append(f"{point.supports} for" if point.supports else "")
    counts.append(f"{point.contradicts} against" if point.contradicts else "")
    counts.append(f"{point.context} context" if point.context else "")
    basis = " · ".join(filter(None, counts))
    lines += [Content.assemble(indent, each) for each in plain(basis, "dim").wrap(room)]
    if point.stale:
        lines.append(plain(f"{indent}! {point.stale} changed since linked", "bold"))
    for words in again:
        lines += [Content.assemble(indent, one) for one in plain(f"▲ {words}").wrap(room)]
    drawn = Content("\n").join(lines)
    return drawn.stylize("dim") if point.state == points.WITHDRAWN else drawn
