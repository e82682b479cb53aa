"""Joining a team by keys: the request goes out, seven words are compared, the roster comes in."""

from __future__ import annotations

from pathlib import Path

from screens.exchange.join import CompareWords, JoinPage
from screens.kit import folder_picker
from screens.kit.dialogs import Tell
from storage.central import Central, Root
from storage.crypto.fingerprint import fingerprint
from storage.trust.current import ROSTER
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE
from tests.screens.driving import LARGE, opened, page, settled, until
from tests.screens.hostile import paste


async def test_no_step_of_joining_needs_a_command(vault: Vault, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    await folder_picker.remember(vault, "join", stick)
    root, _ = Root.create(tmp_path / "root", PASSPHRASE, params=CHEAP)
    central, _ = Central.create(tmp_path / "central", PASSPHRASE, org="Inspectorate", params=CHEAP)
    async with opened(vault, size=LARGE) as (app, pilot):
        await pilot.press("j")
        await settled(pilot)
        assert isinstance(app.screen, JoinPage)
        shown = page(app)
        assert "step 1 of 3" in shown and "Nobody yet." in shown
        assert all(word in shown for word in vault.identity.fingerprint.split())
        await pilot.press("enter")  # the folder used last is offered first
        await until(pilot, lambda: "Which folder or stick?" in page(app))
        await pilot.press("enter")
        await settled(pilot)
        (request,) = stick.glob("request-*.json")
        assert "step 2 of 3" in page(app)

        with root, central:
            central.enrol(request)
            assert central.proposal is not None
            signed = root.sign(central.proposal)
            central.take_roster(signed)
        words = fingerprint(root.public)
        await pilot.press("t", "enter")
        await settled(pilot)
        assert "There is no roster in" in page(app)
        (stick / "roster.json").write_bytes(signed.encode())
        await pilot.press("t")
        await until(pilot, lambda: "Which folder or stick?" in page(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CompareWords))
        assert not any(word in page(app) for word in words.split()), "they come from central"
        wrong = [*words.split()[:6], "zebra"]
        await paste(pilot, " ".join(wrong))
        await until(pilot, lambda: "zebra" in page(app))  # whoever types them sees them
        await pilot.press("enter")
        assert "Word 7 is not the roster's. Nothing was changed." in page(app)
        assert vault.fact_now(ROSTER) is None
        await pilot.press("ctrl+u")
        await paste(pilot, words.upper().replace(" ", ", "))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Tell))
        assert "roster is in use now" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "in the team of Inspectorate" in page(app) and "this laptop" in page(app)
        assert vault.fact_now(ROSTER) is not None
