"""Referrals: a high-risk case given back to the force (f4), and each step until it is closed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.casework import referrals
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.referral_steps import ReferralSteps, referral_steps
from fieldkit.casework.referrals import NEXT, ReferralLine
from fieldkit.service import methodology_of, now
from fieldkit.wording.labels import case_of, label
from screens.casework.referral_reasons import Reasons
from screens.casework.referral_rows import referral_row, steps, strip
from screens.kit.ask import ask, commit, fill, waiting
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import lines, muted, strong, wrapped
from screens.kit.form import Field
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.shell import Shell
from screens.kit.text import plain
from storage.records import Referral

TELL_NOW = (
    "The referral is on record. Nothing was sent by it.\n\nTell the force now, in person or by "
    "telephone, and then record whom you told: home, r, enter. Its clock is in the first line of "
    "every page until it is closed."
)
NOT_REFERRED = "{} is NOT referred. Press f4 to go on; what you entered is kept."
TELEPHONE = "Recording it does not replace the telephone call."
REASONS, KNOWN, ASKED_FOR = "reasons", "known", "asked_for"
TICK = 60
"""Seconds between two readings of the clocks."""
HOW = tuple(Choice(one, one) for one in ("by telephone", "in person", "by secure mail"))
STEPS = {
    "told": "the force was told",
    "acknowledged": "the force acknowledged it",
    "acted": "the force reported what it did",
    "satisfied": "we are satisfied",
    "not satisfied": "we are not satisfied",
    "escalated": "escalated to a senior officer",
    "closed": "it is closed, with the reason",
}

STANDS = {
    "raised": "the referral is recorded",
    "told": "the force has been told",
    "acknowledged": "the force has acknowledged it",
    "acted": "the force has acted",
    "satisfied": "we are satisfied",
    "not satisfied": "we are not satisfied",
    "escalated": "it was escalated",
}
"""How the present state of a referral is said in a sentence."""


class ReferralsPage(PanelListPage[ReferralLine]):
    """Shows the referrals, those still running first, and the steps of the one under the cursor."""

    PAGE = "referrals"
    CSS = """
    ReferralsPage #steps { height: 1fr; }
    ReferralsPage #known, ReferralsPage #asked { display: none; }
    ReferralsPage.-wide #known { display: block; height: 1fr; }
    ReferralsPage.-wide #asked { display: block; height: auto; max-height: 8; }
    ReferralsPage.-wide #steps { height: auto; max-height: 65%; }
    """
    EMPTY = "No case is referred back to the force."
    EMPTY_KEYS = (("f4", "refer a case back, from any page"),)
    EMPTY_FACT = "That is for when a child may be at risk now. Nothing is sent by it."

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[str, ReferralSteps] | None = None

    def side(self) -> Iterable[Panel]:
        """Yield the steps, what is known and what is asked for."""
        yield Panel("Steps", legend=TELEPHONE, id="steps")
        yield Panel("What is known", id="known")
        yield Panel("What the force is asked to do", id="asked")

    def on_mount(self) -> None:
        """Let the clocks go on."""
        self.set_interval(TICK, self._tick)

    async def _tick(self) -> None:
        if self.app.screen is self and self.fieldkit.unlocked:
            await self.on_screen_resume()

    async def load(self) -> None:
        """Read the referrals and their clocks."""
        self._steps = None
        self.show(await self.vault.read(referrals.lines, self.inspection_id, now()))

    def _figure(self) -> Content:
        running = sum(one.running for one in self._lines)
        return Content.assemble(strong(f"{running}"), muted(f" of {len(self._lines)} running"))

    def _row(self, entry: ReferralLine, width: int, *, chosen: bool) -> Content:
        return referral_row(entry, width, chosen=chosen, wide=self.wide)

    async def look(self, entry: ReferralLine | None) -> None:
        """Read the steps."""
        if entry is not None:
            self._steps = entry.id, await self.vault.read(referral_steps, entry.id)

    def _draw_side(self, entry: ReferralLine | None) -> None:
        shown, known, asked = (
            self.query_one(f"#{name}", Panel) for name in ("steps", "known", "asked")
        )
        if entry is None:
            shown.show("", title="Steps", figure="")
            known.show("")
            asked.show("")
            return
        shown.edges(title=f"{entry.reference}, steps")
        if self._steps is not None and self._steps[0] == entry.id:
            taken = self._steps[1]
            shown.show(lambda width: steps(taken, width), figure=strip(taken))
        known.show(lambda width: lines(wrapped(plain(entry.known), width)))
        nothing = muted("Nothing is asked for.")
        asked.show(
            lambda width: lines(
                wrapped(plain(entry.asked_for) if entry.asked_for.strip() else nothing, width)
            )
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return the steps that the referral under the cursor does not allow."""
        referral, idle = self.current, super().idle_actions
        if referral is None:
            return idle
        allowed = NEXT[referral.state]
        idle |= frozenset(("step",)) if not allowed else frozenset()
        return idle | (frozenset(("escalate",)) if "escalated" not in allowed else frozenset())

    def _subject(self, referral: ReferralLine) -> Named:
        return "case", referral.case_id, referral.reference

    def _record(self, referral: ReferralLine) -> Named:
        return "referral", referral.id, f"{referral.reference}, referral"

    @on(OptionList.OptionSelected)
    @work
    async def action_step(self) -> None:
        """Record the next step."""
        referral = self.current
        if referral is None:
            return
        allowed = NEXT[referral.state]
        if not allowed:
            self.fieldkit.say(f"The referral of {referral.reference} is closed.")
            return
        choices = [Choice(each, each, STEPS[each]) for each in allowed]
        title = f"{referral.reference}: {STANDS[referral.state]}. What next?"
        state = await self.app.push_screen_wait(Pick(title, choices))
        if state is not None:
            await self._step(referral, state)

    @work
    async def action_escalate(self) -> None:
        """Record that it was escalated to a senior officer."""
        referral = self.current
        if referral is None:
            return
        if "escalated" not in NEXT[referral.state]:
            self.fieldkit.say(
                f"The referral of {referral.reference} is {referral.state}; it is escalated once "
                "the force was told and until we are satisfied.",
                error=True,
            )
            return
        await self._step(referral, "escalated")

    async def _step(self, referral: ReferralLine, state: str) -> None:
        await fill(
            self.fieldkit,
            f"{referral.reference}: {STEPS[state]}",
            f"referral/{referral.id}",
            _fields(state),
            lambda s, answer: referrals.step(s, referral.id, state, **answer),
        )
        await self.load()
        await self.fieldkit.refresh_frame()

    async def action_open(self) -> None:
        """Open the case."""
        referral = self.current
        if referral is not None:
            await self.fieldkit.go("case", case_id=referral.case_id)


def _fields(state: str) -> list[Field]:
    """Return what a step asks for."""
    whom = Field("whom", "Whom, by role", hint="e.g. detective inspector, child abuse team")
    reason = Field("reason", "Why", hint="in a sentence")
    outcome = Field("outcome", "What came of it", hint="for the child, so far as known")
    when = Field("at", "When", hint="empty for now; e.g. 14:20 or 6 July 2026 14:20")
    asked = {
        "told": [whom, Field("how", "How", HOW[0].value, choices=HOW)],
        "acknowledged": [whom],
        "acted": [
            Field("action", "What they did", hint="e.g. child seen, suspect arrested"),
            outcome,
        ],
        "satisfied": [outcome],
        "not satisfied": [reason],
        "escalated": [whom, reason],
        "closed": [reason],
    }[state]
    return [*asked, when]


def _case(s: Session, subject: tuple[str, str, str] | None) -> tuple[str, str]:
    """Return the case that something belongs to: its id and reference, or nothing."""
    case_id = case_of(s, subject[0], subject[1]) if subject is not None else ""
    return (case_id, label(s, "case", case_id)) if case_id else ("", "")


def _open_referral(s: Session, inspection_id: str, case: str) -> bool:
    lines = referrals.lines(s, inspection_id, now())
    return any(one.case_id == case and one.state != "closed" for one in lines)


async def _reasons(app: Shell, place: str, reference: str) -> list[str] | None:
    """Ask for the reasons; what was marked is kept until the case is referred, as words are."""
    words = await app.vault.read(methodology_of, app.inspection_id)
    before = (await waiting(app, place)).get(REASONS, "").splitlines()
    dialog = Reasons(reference, words.referral_reasons, before)
    taken: list[str] | None = await app.push_screen_wait(dialog)
    label = f"{reference}: why it is referred back"
    app.typing.keep(place, REASONS, label, "\n".join(dialog.marked), "")
    await app.typing.save()
    return taken


async def refer(app: Shell, subject: tuple[str, str, str] | None) -> None:
    """Refer the case that is open, or one chosen, back to the force; runs in a worker.

    Args:
        app: the app.
        subject: kind, id and label of what is open.
    """
    case, reference = await app.vault.read(_case, subject)
    if not case:
        known = await app.vault.read(case_lines, app.inspection_id)
        if not known:
            app.say("There is no case yet, so none can be referred. Add it first: home, c, a.")
            return
        choices = [Choice(one.id, one.reference, ", ".join(one.type_labels)) for one in known]
        chosen = await app.push_screen_wait(Pick("Which case is referred back?", choices))
        if chosen is None:
            app.say("No case is referred. Press f4 to begin again.", error=True)
            return
        case, reference = chosen, next(one.reference for one in known if one.id == chosen)
    if await app.vault.read(_open_referral, app.inspection_id, case):
        if not isinstance(app.screen, ReferralsPage):
            await app.go("referrals")
        app.say(f"{reference} is referred already; enter there records the next step.")
        return
    place = f"new-referral/{case}"
    reasons = await _reasons(app, place, reference)
    hint = "What is known, what is not known, and the risk now. No names."
    title = f"{reference}: what is known"
    known_text = await ask(app, title, place, KNOWN, hint=hint) if reasons else None
    if not reasons or known_text is None:
        app.say(NOT_REFERRED.format(reference), error=True)
        return
    hint = "What the force is asked to do at once. It may stay empty; ctrl+s refers the case."
    title = f"{reference}: what is asked for"
    asked_for = await ask(app, title, place, ASKED_FOR, needed=False, hint=hint)
    if asked_for is None:
        app.say(NOT_REFERRED.format(reference), error=True)
        return
    referral: Referral | None = await commit(
        app,
        place,
        [REASONS, KNOWN, ASKED_FOR],
        lambda s: referrals.refer(s, case, reasons, known_text, asked_for),
    )
    if referral is not None:
        await app.refresh_frame()
        await app.push_screen(Tell(f"{reference} is referred", TELL_NOW))
