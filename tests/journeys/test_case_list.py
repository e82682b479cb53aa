"""The journey of ``case_list.keys``, in a Pilot and in a real terminal at 80×24."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case
from fieldkit.inspections import inspections
from fieldkit.wording.labels import NOT_GIVEN, person_name
from storage.vault.unlock import open_vault
from tests.conftest import PASSPHRASE
from tests.journeys.keys import Step, read
from tests.journeys.play import play_by_pilot, play_by_tmux
from tests.journeys.terminal import needs_tmux

KEYS = Path(__file__).with_name("case_list.keys")
LIST = """\
case,type,date of incident,origin,overall grade,rationale,auditor
WST-001,Domestic abuse,3/2/2026,self-assessed,good,Seen alone.,Inspector Q
WST-2,Missing children,4 Feb 2026,inspectors,Needs work,Not reviewed.,
WST\u2013003,cse,5.2.26,inspectors,inadequate,Nobody went.,JS
WST-004,Police protection,soon,inspectors,good,,
WST-005,Domestic abuse,2026-02-07,inspectors,Needs work,,
"""


@pytest.fixture
def folder(vault_made_once: Path, tmp_path: Path) -> Path:
    """A vault with two cases, and a list in the person's downloads."""
    (tmp_path / "Downloads").mkdir()
    (tmp_path / "Downloads" / "cases.csv").write_text(LIST, "utf-8")
    shutil.copytree(vault_made_once, tmp_path / "vault")
    with open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
        vault.write_now(add_case, made.id, "WST-001", types=["missing"], origin="self-assessed")
        vault.write_now(add_case, made.id, "WST-002")
    return tmp_path / "vault"


def steps() -> list[Step]:
    return read(KEYS, passphrase=PASSPHRASE)


def check(folder: Path) -> None:
    with open_vault(folder, PASSPHRASE) as vault:
        inspection = vault.read_now(inspections.listing)[0]
        lines = vault.read_now(case_lines, inspection.id)
        told = [(one.reference, one.type_labels[0], one.incident_on, one.overall) for one in lines]
        assert told == [
            ("WST-001", "Domestic abuse", "2026-02-03", "good"),
            ("WST-002", "Missing children", "2026-02-04", "requires improvement"),
            ("WST-003", "Child sexual exploitation", "2026-02-05", "inadequate"),
            ("WST-004", "Police protection", "2026-03-12", "good"),
            ("WST-005", "Domestic abuse", "2026-02-07", "requires improvement"),
        ]
        by = [vault.read_now(open_case, one.id).judgments["overall"].by for one in lines]
        assert [person_name({}, one) for one in by] == [
            "Inspector Q (imported)",
            NOT_GIVEN,
            "JS (imported)",
            NOT_GIVEN,
            NOT_GIVEN,
        ]


async def test_by_pilot(folder: Path) -> None:
    await play_by_pilot(folder, steps())
    check(folder)


@needs_tmux
def test_in_a_real_terminal(folder: Path, tmp_path: Path) -> None:
    play_by_tmux(tmp_path, folder, steps())
    check(folder)
