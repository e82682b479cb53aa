"""Joining a team: this laptop's request goes out, words are compared, and the roster comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sqlmodel import Session
from textual import work
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.exchange.enrolment import (
    RosterFile,
    enrol,
    is_own_request,
    needs_comparing,
    refuse_other_words,
    request_name,
    rosters_in,
)
from fieldkit.inspections import join
from fieldkit.service import author
from fieldkit.wording.dates import day_words, local_day, short_moment
from fieldkit.wording.format import flat
from screens.kit.dialogs import Choice, Confirm, Dialog, Pick, Tell
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import cut, lines, muted, strong, wrapped
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import sign
from screens.kit.folder_picker import UsedFolder
from screens.kit.page import Page
from screens.kit.text import plain
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request
from storage.ops.text import many
from storage.trust.current import roster_in
from storage.vault.vault import Vault

PURPOSE = "join"
ABOUT_WORDS = (
    "Read them to central's administrator, in person or by a telephone number that you knew "
    "before. They see the same words on their side."
)
COMPARE = (
    "Ask central's administrator, in person or by telephone, for the seven words of their root "
    "key, and type them here. They are not shown: what you type has to come from them."
)


@dataclass(frozen=True)
class OnRoster:
    """Holds the roster in use: whose, which version, until when, and who is on it.

    Attributes:
        people: each laptop's name and person, our own among them.
        offered: the team's inspections that are not here yet.
    """

    org: str
    version: int
    expires: str
    people: tuple[tuple[str, str, bool], ...]
    offered: int


class JoinPage(Page):
    """Leads through the three steps of joining, and shows who is on the roster."""

    PAGE = "join"
    CSS_PATH = "join.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]

    def __init__(self) -> None:
        super().__init__()
        self._folder = UsedFolder(PURPOSE, "Which folder or stick?")
        self._roster: OnRoster | None = None
        self._written: Path | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the steps, this laptop's words, and who is on the roster."""
        with Container(id="columns"):
            yield ScrollPanel("Join a team", id="steps")
            with Vertical(id="right"):
                yield Panel("This laptop's seven words", id="words")
                yield Panel("On the roster", id="roster")

    async def load(self) -> None:
        """Read the roster in use, and see whether a request of this laptop lies in the folder."""
        await self._folder.begin(self.vault)
        self._roster = await self.vault.read(_on_roster)
        self._written = await asyncio.to_thread(_written, self.vault, self._folder.path)
        self._draw()
        self.query_one(ScrollPanel).focus()

    def _draw(self) -> None:
        roster, words = self._roster, self.vault.identity.fingerprint
        step = 2 if self._written else 1
        self.query_one(ScrollPanel).show(
            self._steps,
            figure=sign("done", f"in the team of {roster.org}") if roster else f"step {step} of 3",
        )
        self.query_one("#words", Panel).show(
            lambda width: lines(
                *(strong(one) for one in wrapped(words, width)),
                *(muted(one) for one in wrapped(ABOUT_WORDS, width)),
            )
        )
        panel = self.query_one("#roster", Panel)
        if roster is None:
            panel.show(lambda width: lines(*map(muted, wrapped("Nobody yet.", width))), figure="")
            return
        until = f"holds until {day_words(local_day(roster.expires))}" if roster.expires else ""
        panel.show(
            lambda width: _people(roster, width, panel.room[1]),
            figure=f"version {roster.version}, {many(len(roster.people), 'laptop')}",
            legend=until,
        )

    def _steps(self, width: int) -> Content:
        joined, written = self._roster is not None, self._written
        where = f"It lies in {written}." if written else "A file with public keys and your name."
        steps = [
            ("r", "Write this laptop's request", where, bool(written) or joined),
            (
                "",
                "Give it to central's administrator, with the seven words",
                "They put this laptop on the roster and give you the roster, a file.",
                joined,
            ),
            (
                "t",
                "Take the roster in",
                "The first time you compare seven words; then the team's inspections appear.",
                joined,
            ),
        ]
        now = next((n for n, one in enumerate(steps) if not one[3]), len(steps))
        rows: list[Content] = []
        for number, (letter, what, more, done) in enumerate(steps):
            state = "done" if done else "now" if number == now else "to come"
            chip = Content.assemble(key(letter), " ") if letter else Content("")
            title = strong(what) if state == "now" else Content(what)
            rows.append(cut(Content.assemble(sign(state), " ", chip, title), width))
            rows += [muted(one) for one in wrapped(more, width, indent=2)]
        if joined:
            rows += [Content(""), *wrapped(self._goes_on(), width)]
        return lines(rows)

    def _goes_on(self) -> str:
        assert self._roster is not None
        if self._roster.offered:
            return (
                f"{many(self._roster.offered, 'inspection')} of the team "
                f"{'is' if self._roster.offered == 1 else 'are'} not here yet: i, then a, joins. "
                "A later roster comes in by itself with an exchange (x), or by t."
            )
        return (
            "You take part in the team's inspections. A later roster comes in by itself with an "
            "exchange (x), or by t. A fresh request (r) is only needed when the administrator asks."
        )

    @work
    async def action_next(self) -> None:
        """Do the next step."""
        if self._written is None and self._roster is None:
            await self._request()
        else:
            await self._take()

    @work
    async def action_request(self) -> None:
        """Write this laptop's request into a folder."""
        await self._request()

    async def _request(self) -> None:
        if not await self._folder.choose(self.fieldkit) or self._folder.path is None:
            return
        vault = self.vault
        path = self._folder.path / request_name(vault)
        done = await self.tried(asyncio.to_thread(enrol_request, vault, path))
        if done is None:
            return
        await self._folder.keep(vault)
        self._written = path
        self._draw()
        self.fieldkit.say(f"Written: {path}. Read the seven words to central's administrator.")

    @work
    async def action_roster(self) -> None:
        """Take a roster in that lies in a folder."""
        await self._take()

    async def _take(self) -> None:
        if not await self._folder.choose(self.fieldkit) or self._folder.path is None:
            return
        found = await self.tried(asyncio.to_thread(rosters_in, self._folder.path))
        if found is None:
            return
        await self._folder.keep(self.vault)
        rosters = found.rosters
        if found.warning:
            asked = f"{found.warning}\n\nGo on with {_called(rosters)}?"
            if not await self.app.push_screen_wait(Confirm(asked, yes="go on", no="not now")):
                return
        chosen = rosters[0] if len(rosters) == 1 else await self._pick(rosters)
        if chosen is not None:
            await self._use(chosen)

    async def _pick(self, found: list[RosterFile]) -> RosterFile | None:
        choices = [
            Choice(
                str(number),
                f"{one.roster.org}, version {one.roster.version}",
                flat(one.path.name),
            )
            for number, one in enumerate(found)
        ]
        picked = await self.app.push_screen_wait(Pick("Which roster?", choices))
        return None if picked is None else found[int(picked)]

    async def _use(self, found: RosterFile) -> None:
        vault, app = self.vault, self.fieldkit
        confirmed = False
        if await asyncio.to_thread(needs_comparing, vault):
            confirmed = bool(await app.push_screen_wait(CompareWords(found)))
            if not confirmed:
                return
        enrolled = await self.tried(
            asyncio.to_thread(enrol, vault, found.signed, found.roster, confirmed=confirmed)
        )
        if enrolled is None:
            return
        said = enrolled.lines
        for offer in enrolled.waiting:
            if await app.push_screen_wait(Confirm(offer.question, yes="join", no="not now")):
                one = await self.tried(vault.write(join.join, offer.planned.id, beside_own=True))
                if one is not None:
                    said.append(f"You take part in the team's inspection of {one.force}.")
        said += [*enrolled.taken.notices, *filter(None, (enrolled.over, enrolled.trouble_text))]
        await self.load()
        await app.refresh_frame()
        await app.push_screen_wait(Tell("The roster is in use", "\n\n".join(said)))


class CompareWords(Dialog[bool]):
    """Has the words of a roster's root key typed, as central's administrator says them.

    Args:
        found: the roster.
    """

    DEFAULT_CSS = """
    CompareWords Static { height: auto; }
    CompareWords Input { margin: 1 0; }
    CompareWords #said { color: $text-error; }
    """
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+s", "compare", priority=True)]

    def __init__(self, found: RosterFile) -> None:
        super().__init__("Compare the seven words", "enter  compare     esc  cancel")
        self._found = found

    def body(self) -> Iterable[Widget]:
        """Yield whose roster it is, the field, and what came of it."""
        roster = self._found.roster
        made = f", of {short_moment(roster.issued)}" if roster.issued else ""
        yield Static(plain(f"The roster of {roster.org}, version {roster.version}{made}.", "bold"))
        yield Static(plain(COMPARE))
        yield Input(id="words", select_on_focus=False)
        yield Static("", id="said", markup=False)

    def on_mount(self) -> None:
        """Begin in the field."""
        self.query_one(Input).focus()

    def on_input_submitted(self) -> None:
        """Compare."""
        self.action_compare()

    def action_compare(self) -> None:
        """Close with a yes where the words are the same; else say which differs."""
        typed = self.query_one(Input).value.strip()
        if not typed:
            self.set_text("#said", "Type the seven words first, or press esc.")
            return
        try:
            refuse_other_words(typed, self._found.words)
        except FieldkitError as refusal:
            self.set_text("#said", str(refusal))
            return
        self.dismiss(True)


def _on_roster(s: Session) -> OnRoster | None:
    roster = roster_in(s.connection())
    if roster is None:
        return None
    own = author(s).device
    people = sorted(
        (one.person, one.name, one.id == own) for one in roster.devices if one.until is None
    )
    return OnRoster(roster.org, roster.version, roster.expires, tuple(people), len(join.offers(s)))


def _written(vault: Vault, folder: Path | None) -> Path | None:
    """Return where this laptop's own request lies; None where it does not."""
    path = None if folder is None else folder / request_name(vault)
    return path if path is not None and is_own_request(vault, path) else None


def _called(rosters: list[RosterFile]) -> str:
    """Return what to call the rosters of a folder that hold, in a question."""
    if len(rosters) > 1:
        return f"the {len(rosters)} rosters that are whole"
    roster = rosters[0].roster
    return f"version {roster.version} of {roster.org}'s roster, which is whole"


def _people(roster: OnRoster, width: int, height: int) -> Content:
    """Return who is on the roster, as many as have room."""
    rows = []
    for person, laptop, own in roster.people:
        beside = "this laptop" if own else "" if laptop.startswith(person) else laptop
        name = Content.assemble(sign("done" if own else "dot"), " ", strong(person))
        rows.append(cut(Content.assemble(name, muted(f"  {beside}")), width))
    most = max(height, 3)
    if len(rows) > most:
        rows = [*rows[: most - 1], muted(f"and {len(rows) - most + 1} more")]
    return lines(rows)
