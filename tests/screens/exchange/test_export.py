"""The export page by keys: never a dead end, what leaves, and what left."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from screens.app import FieldkitApp
from screens.exchange.export import ExportPage
from screens.exchange.join import JoinPage
from screens.kit.dialogs import Confirm
from screens.kit.progress import ProgressDialog
from storage.central import Central, Root
from storage.exchange.enrol import enrol_request, take_roster
from storage.records.log import Disclosure, disclosures
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE
from tests.screens.driving import LARGE, SMALL, lines, opened, ops, page, settled, typed, words
from tests.screens.hostile import paste

REF = "42/10001/26"


def unbroken(shown: str) -> str:
    """The page without spaces, line ends and borders."""
    return "".join(shown.replace("│", " ").split())


@pytest.fixture
def central(vault: Vault, tmp_path: Path) -> Path:
    """Central's folder; this laptop is enrolled there."""
    root, _ = Root.create(tmp_path / "root", PASSPHRASE, params=CHEAP)
    made, _ = Central.create(tmp_path / "central", PASSPHRASE, org="Inspectorate", params=CHEAP)
    with root, made:
        enrol_request(vault, tmp_path / "request")
        made.enrol(tmp_path / "request")
        assert made.proposal is not None
        signed = root.sign(made.proposal)
        made.take_roster(signed)
        (tmp_path / "roster").write_bytes(signed.encode())
    take_roster(vault, tmp_path / "roster", fingerprint_confirmed=True)
    (tmp_path / "Downloads").mkdir()
    return tmp_path / "central"


def left(vault: Vault) -> list[Disclosure]:
    return vault.read_now(disclosures)


def the_page(app: FieldkitApp) -> ExportPage:
    assert isinstance(app.screen, ExportPage)
    return app.screen


async def test_before_enrolment_it_leads_to_joining_a_team(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        for letter in "ex":
            await pilot.press(letter)
            await settled(pilot)
            shown = " ".join(page(app).split())
            assert "This laptop has not joined a team yet." in shown
            assert "Everything is kept here" in shown and "fieldkit enrol" not in shown
            before = ops(vault)
            await pilot.press("k") if letter == "e" else None
            await pilot.press("enter")
            await settled(pilot)
            assert isinstance(app.screen, JoinPage) and ops(vault) == before
            await pilot.press("escape", "escape")
            await settled(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_leaves_is_counted_written_read_back_and_recorded(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    central: Path,
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("e")
        shown = page(app)
        assert "central of Inspectorate" in shown
        # A long path of the test's own folder is broken over two lines.
        assert "Downloads" in unbroken(shown)
        assert any(one.split()[1:3] == ["4", "cases"] for one in lines(app))
        assert any(one.split()[1:4] == ["4", "case", "keys"] for one in lines(app))
        assert "stay here" in shown and "stays here" in shown
        entries = len(ops(vault))
        await pilot.press("enter")
        await settled(pilot)
        made = left(vault)
        assert len(made) == 1 and not made[0].with_key
        (bundle,) = (tmp_path / "Downloads").glob("*.age")
        assert bundle.name in words(app, "#leaves")
        said = words(app, "#leaves")
        assert "read back and is whole" in said and "4 case" in said
        assert "stayed on this laptop" in said
        await pilot.press("enter")
        assert len(left(vault)) == 1
        with Central.open(central, PASSPHRASE) as opened_central:
            taken = opened_central.ingest([tmp_path / "Downloads"])
            assert taken.ops == entries
        await pilot.press("escape", "e")
        assert "goes again" in page(app)


async def test_the_key_leaves_only_after_a_yes_that_names_the_disclosure(
    vault: Vault, inspection: str, cases: dict[str, str], central: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("e", "k")
        assert isinstance(app.screen, Confirm) and "disclosure" in page(app)
        await pilot.press("enter")
        assert "Without the key" in page(app)
        await pilot.press("k", "y")
        assert "With the key: a disclosure" in page(app)
        await pilot.press("k")
        assert "Without the key" in page(app)
        await pilot.press("k", "y", "enter")
        await typed(pilot, PASSPHRASE)
        await settled(pilot)
        (made,) = left(vault)
        assert made.with_key and "this is recorded" in words(app, "#leaves")


async def test_another_folder_is_remembered_and_one_that_is_missing_is_refused(
    vault: Vault, inspection: str, cases: dict[str, str], central: Path, tmp_path: Path
) -> None:
    (tmp_path / "stick [1]").mkdir()
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("e", "f")
        assert "Where does the bundle go?" in page(app)
        await pilot.press("end", "enter")
        assert "The folder" in page(app)
        await paste(pilot, str(tmp_path / "no stick"))
        await pilot.press("ctrl+s")
        assert "There is no folder" in page(app) and left(vault) == []
        # The dialog is still open, and the cursor stands where the path is put right.
        await pilot.press("end", "shift+home", "delete")
        await paste(pilot, str(tmp_path / "stick [1]"))
        await pilot.press("ctrl+s")
        assert "stick[1]" in unbroken(page(app))
        await pilot.press("enter")
        await settled(pilot)
        assert len(list((tmp_path / "stick [1]").glob("*.age"))) == 1
        await pilot.press("escape", "e")
        assert "stick[1]" in unbroken(page(app))


async def test_a_folder_that_went_away_is_a_sentence_and_nothing_left(
    vault: Vault, inspection: str, cases: dict[str, str], central: Path, tmp_path: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("e")
        (tmp_path / "Downloads").rmdir()
        await pilot.press("enter")
        await settled(pilot)
        assert "There is no folder" in page(app) and left(vault) == []
        assert isinstance(app.screen, ExportPage)


async def test_the_bar_moves_with_the_work(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    central: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved: list[tuple[int, int]] = []
    original = ProgressDialog.progress

    def watched(self: ProgressDialog, what: str, done: int, total: int) -> None:
        moved.append((done, total))
        original(self, what, done, total)

    monkeypatch.setattr(ProgressDialog, "progress", watched)

    def many(session: Session) -> None:
        for number in range(5, 45):
            add_case(session, inspection, f"WST-{number:03}")

    vault.write_now(many)
    async with opened(vault, inspection) as (_, pilot):
        await pilot.press("e", "enter")
    assert moved
    assert moved == sorted(moved) and moved[-1][0] == moved[-1][1]
