"""Referring a case back from anywhere (f4), and each step until it is closed."""

from __future__ import annotations

import pytest

from fieldkit.casework import referrals
from fieldkit.evidence.notes import add_note
from fieldkit.wording.dates import moment_words
from screens.casework.referral_reasons import Reasons
from screens.casework.referrals import ReferralsPage
from screens.kit.dialogs import AskText, Pick, Tell
from screens.kit.form import Form
from storage.records import Referral
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, waiting_texts
from tests.screens.hostile import ALL, at, came, harmless, paste


async def test_f4_on_a_case_asks_reasons_and_words(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-002"])
        await settled(pilot)
        await pilot.press("enter", "f4")
        await came(pilot, Reasons)
        assert "WST-002" in page(app)
        await pilot.press("enter")
        assert at(pilot, Reasons) and "at least one" in page(app)
        await pilot.press("1", "4", "2", "2", "enter")
        await came(pilot, AskText)
        await paste(pilot, "Nobody has seen the child since May.")
        first = app.screen
        await pilot.press("ctrl+s")
        await came(pilot, AskText, first)
        await paste(pilot, "See the child today.")
        await pilot.press("ctrl+s")
        await came(pilot, Tell)
        assert "Nothing was sent" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        one = (await app.vault.read(records_in, Referral, inspection))[0]
        assert one.case_id == cases["WST-002"]
        assert one.reasons == ["child not seen", "risk too low"]
        assert (one.known, one.asked_for) == (
            "Nobody has seen the child since May.",
            "See the child today.",
        )
        assert "▲ 002 raised 0 min" in page(app).splitlines()[0]
        assert waiting_texts(vault) == []


async def test_f4_finds_the_case_of_what_is_open_or_asks(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    note = vault.write_now(lambda s: add_note(s, "case", cases["WST-003"], "x"))
    async with opened(vault, inspection) as (app, pilot):
        await app.go("entry", kind="case", record=cases["WST-003"])
        await settled(pilot)
        await pilot.press("f4")
        await came(pilot, Reasons)
        assert "WST-003" in page(app) and note.parent_id == cases["WST-003"]
        await pilot.press("escape", "escape")
        await settled(pilot)
        await pilot.press("f4")
        await came(pilot, Pick)
        await pilot.press("4")
        await came(pilot, Reasons)
        assert "WST-004" in page(app)
        await pilot.press("0", "enter")
        await came(pilot, AskText)
        await paste(pilot, "typed and left")
        await pilot.press("escape")
        await settled(pilot)
        assert any("WST-004 is NOT referred" in one.message for one in app._notifications)
        await app.typing.save()
        assert "typed and left" in waiting_texts(vault) and len(waiting_texts(vault)) == 2
        assert await app.vault.read(records_in, Referral, inspection) == []
        await app.go("case", case_id=cases["WST-004"])
        await settled(pilot)
        await pilot.press("f4")
        await came(pilot, Reasons)
        assert page(app).count("[x]") == 1
        await pilot.press("enter")
        await came(pilot, AskText)
        assert "typed and left" in page(app)
        await pilot.press("escape")
        await settled(pilot)


async def test_leaving_the_last_box_refers_nothing(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """With nothing typed, with words typed, and when it is left a second time."""
    async with opened(vault, inspection) as (app, pilot):
        for turn, asked_for in enumerate(("", "See the child", "")):
            await app.go("case", case_id=cases["WST-001"])
            await settled(pilot)
            await pilot.press("f4")
            await came(pilot, Reasons)
            await pilot.press(*(("enter",) if turn else ("1", "enter")))
            await came(pilot, AskText)
            if not turn:
                await paste(pilot, "Nobody has seen the child.")
            first = app.screen
            await pilot.press("ctrl+s")
            await came(pilot, AskText, first)
            assert "refer it as it stands" not in page(app)
            if asked_for:
                await paste(pilot, asked_for)
            await pilot.press("escape")
            await settled(pilot)
            assert "WST-001 is NOT referred" in [one.message for one in app._notifications][-1]
            assert await app.vault.read(records_in, Referral, inspection) == []
            await app.typing.save()
        assert "See the child" in waiting_texts(vault)


async def test_a_step_has_a_time_of_its_own(
    vault: Vault, inspection: str, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(referrals, "now", lambda: "2026-07-06T08:00:00Z")
        vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "Unseen")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("1")
        await came(pilot, Form)
        await paste(pilot, "duty inspector")
        await pilot.press("tab", "tab")
        await paste(pilot, "6 July 2026 14:20")
        await pilot.press("ctrl+s")
        await settled(pilot)
        one = (await app.vault.read(records_in, Referral, inspection))[0]
        assert moment_words(one.told_at) == "6 July 2026, 14:20"
        assert waiting_texts(vault) == []


async def test_every_step_with_what_it_needs(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "Unseen")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert at(pilot, ReferralsPage)
        assert "raised 0 min ago, the force not told" in page(app)
        steps = [
            ("told", ["detective inspector"]),
            ("acknowledged", ["detective chief inspector"]),
            ("acted", ["Child seen at noon", "safe with an aunt"]),
            ("satisfied", ["safe"]),
            ("closed", ["nothing is open"]),
        ]
        for state, words in steps:
            await pilot.press("enter")
            await came(pilot, Pick)
            await pilot.press("1")
            await came(pilot, Form)
            for number, text in enumerate(words):
                if number:
                    await pilot.press("tab")
                await paste(pilot, text)
            await pilot.press("ctrl+s")
            await settled(pilot)
            one = (await app.vault.read(records_in, Referral, inspection))[0]
            assert one.state == state
        assert (one.told_whom, one.told_how) == ("detective inspector", "by telephone")
        assert (one.acknowledged_by, one.action) == (
            "detective chief inspector",
            "Child seen at noon",
        )
        assert (one.outcome, one.closed_reason) == ("safe", "nothing is open")
        await pilot.press("enter")
        await settled(pilot)
        assert any("is closed" in each.message for each in app._notifications)


async def test_escalating_needs_that_the_force_was_told(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    made = vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "Unseen")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("referrals")
        await settled(pilot)
        assert "Escalate" not in page(app)
        await pilot.press("x")
        await settled(pilot)
        assert any("once the force was told" in each.message for each in app._notifications)
        await app.vault.write(lambda s: referrals.step(s, made.id, "told", whom="DI"))
        assert isinstance(app.screen, ReferralsPage)
        await app.screen.load()
        await pilot.press("x")
        await came(pilot, Form)
        await paste(pilot, "assistant chief constable")
        before = app.screen
        await pilot.press("ctrl+s")
        await came(pilot, Form, before)
        assert "reason" in page(app).lower()
        await paste(pilot, "no answer in four hours")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert (await app.vault.read(records_in, Referral, inspection))[0].state == "escalated"
        assert waiting_texts(vault) == []


async def test_a_case_referred_before_goes_to_its_referral(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "Unseen")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("f4")
        await settled(pilot)
        assert at(pilot, ReferralsPage)
        await pilot.press("o")
        await settled(pilot)
        await pilot.press("escape", "h")
        await settled(pilot)
        assert "History" in page(app)


async def test_without_a_case_nothing_can_be_referred(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f4")
        await settled(pilot)
        assert any("no case yet" in each.message for each in app._notifications)
        await pilot.press("r")
        await settled(pilot)
        assert "No case is referred back" in page(app)


async def test_markup_in_every_text_is_text(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(referrals.refer, cases["WST-001"], [ALL], ALL, ALL)
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("referrals")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("1")
        await came(pilot, Form)
        await paste(pilot, ALL)
        harmless(page(app))
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("h")
        await settled(pilot)
        harmless(page(app))
