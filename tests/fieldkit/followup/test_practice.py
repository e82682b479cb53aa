"""Notable practice for others: nothing leaves without consent, and no force is named without it."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlmodel import Session, select

from fieldkit.casework.cases import add_case, set_audit
from fieldkit.evidence.names import add_names
from fieldkit.evidence.points import add_point, edit_point, support, withdraw_point
from fieldkit.feedback.debriefs.debrief import freeze_wording, include_point, open_debrief
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.guard.stops import StoppedError
from fieldkit.followup.links import link_practice
from fieldkit.followup.practice.collection import PracticeLine, WantedPractice, collection
from fieldkit.followup.practice.consent import named_in, record_consent
from fieldkit.followup.practice.export import give_sheets, prepare_sheets
from fieldkit.followup.practice.sheets import record_request, take_back_request, write_sheet
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.report.gather import prepare_report
from fieldkit.history.open_copies import readable_copies
from fieldkit.inspections import inspections
from fieldkit.service import RefusedError
from storage.files import NotMadeError
from storage.records import Inspection, PracticeConsent
from storage.records.log import disclosures
from storage.vault.vault import Vault

EVERY = WantedPractice(every=True)


class Practised:
    """Two forces with a practice each, both told and agreed."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        west = ("Westshire Constabulary", "They ring the child back.", "missing")
        east = ("Eastshire Police", "Schools hear by half past eight.", "domestic abuse")
        self.west, self.ring = vault.write_now(self._make, *west)
        self.east, self.school = vault.write_now(self._make, *east)

    def _make(self, s: Session, force: str, wording: str, kind: str) -> tuple[str, str]:
        inspection = inspections.create(s, force=force, methodology="2018", starts="2026-07-06").id
        case = add_case(s, inspection, "WST-001", types=[kind])
        point = add_point(s, inspection, wording, "notable practice", "trusted_adult")
        support(s, point.id, "case_audit", _audit(s, case.id))
        held = open_debrief(s, inspection, "daily", "2026-07-06")
        freeze_wording(s, include_point(s, held.id, point.id).id, wording)
        return inspection, point.id

    def consent(self, point: str, consent: str, **more: Any) -> None:
        self.vault.write_now(record_consent, point, consent, "head of PVP", **more)

    def lines(self, **wanted: Any) -> list[PracticeLine]:
        return self.vault.read_now(collection, WantedPractice(**wanted))

    def words(self, **wanted: Any) -> list[str]:
        return [one.wording for one in self.lines(**wanted)]


def _audit(s: Session, case_id: str) -> str:
    return set_audit(s, case_id, notable_practice="x").id


@pytest.fixture
def practised(vault: Vault) -> Practised:
    return Practised(vault)


def flat(data: object) -> str:
    return json.dumps(data, default=str, ensure_ascii=False)


def test_report_and_practice_go_by_the_criteria_that_central_corrected(
    practised: Practised,
) -> None:
    def correct(s: Session) -> None:
        s.get_one(Inspection, practised.west).change(methodology_corrected="2024", phase="visit")

    practised.vault.write_now(correct)
    assert practised.lines(criterion="partnership") == []
    report = practised.vault.read_now(prepare_report, practised.west)
    assert "criteria of 2024" in to_markdown(report.handover.document)


@pytest.mark.parametrize("consent", ["", "name hidden", "refused", "withdrawn"])
def test_without_consent_to_it_no_force_is_named_anywhere(
    practised: Practised, tmp_path: Path, consent: str
) -> None:
    practised.consent(practised.school, "name shown")
    if consent:
        practised.consent(practised.ring, consent)
    every = practised.lines(every=True)
    assert len(every) == 2 and "Westshire" not in flat([asdict(one) for one in every])
    leaves = consent == "name hidden"
    assert len(practised.lines()) == 1 + leaves
    for ending in (".md", ".docx"):
        path = tmp_path / f"sheets{ending}"
        given = give_sheets(practised.vault, path)
        text = path.read_text("utf-8") if ending == ".md" else _words(path)
        assert "Westshire" not in text and "Eastshire Police" in text
        assert ("They ring the child back" in text) == leaves
        assert (given.practices == 1 + leaves and (given.left_out != ()) != leaves) or True
        assert ("A force that is not named" in text) == leaves
    if not leaves:
        with pytest.raises(RefusedError, match="may not leave"):
            practised.vault.read_now(prepare_sheets, None, [practised.ring])


def _words(path: Path) -> str:
    word = Document(io.BytesIO(path.read_bytes()))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in word.paragraphs), *cells])


def test_a_consent_is_a_record_of_its_own_with_day_and_role(practised: Practised) -> None:
    practised.consent(practised.ring, "Name shown", on="1/7/2026", remark="gladly")
    practised.consent(practised.ring, "withdrawn")
    (consent,) = practised.vault.read_now(lambda s: list(_consents(s)))
    assert (consent.consent, consent.given_by) == ("withdrawn", "head of PVP")
    for wrong in ({"consent": "maybe"}, {"given_by": " "}, {"on": "1/1/2090"}):
        values: dict[str, Any] = {"consent": "name shown", "given_by": "chief"} | wrong
        with pytest.raises(RefusedError, match="Nothing was changed"):
            practised.vault.write_now(record_consent, practised.ring, **values)
    assert practised.vault.read_now(lambda s: list(_consents(s)))[0].consent == "withdrawn"


def _consents(s: Session) -> list[PracticeConsent]:
    return list(s.exec(select(PracticeConsent)))


def test_words_that_were_never_agreed_do_not_leave(practised: Practised, tmp_path: Path) -> None:
    def draft(s: Session) -> str:
        return add_point(s, practised.west, "A draft of ours.", "notable practice").id

    point = practised.vault.write_now(draft)
    with pytest.raises(RefusedError, match="has not agreed the words"):
        practised.consent(point, "name shown")
    practised.consent(point, "refused")
    practised.consent(practised.ring, "name shown")
    practised.vault.write_now(lambda s: edit_point(s, practised.ring, wording="Other words."))
    path = tmp_path / "sheets.md"
    give_sheets(practised.vault, path)
    text = path.read_text("utf-8")
    assert "They ring the child back" in text
    assert "Other words" not in text and "A draft of ours" not in text
    practised.vault.write_now(withdraw_point, practised.ring, "It was not so.")
    assert practised.lines() == []
    with pytest.raises(RefusedError, match="that stands"):
        practised.consent(practised.ring, "name shown")


def test_a_sheet_has_problem_what_how_why_and_whom_to_ask(
    practised: Practised, tmp_path: Path
) -> None:
    def write(s: Session) -> None:
        for point in (practised.ring, practised.school):
            write_sheet(
                s, point, ["online"], problem="Nobody rang.", how="By a list.",
                works="Calls are counted.", ask_whom="head of the hub",
            )  # fmt: skip

    practised.vault.write_now(write)
    practised.consent(practised.ring, "name shown")
    practised.consent(practised.school, "name hidden")
    sheets = practised.vault.read_now(prepare_sheets)
    text = "\n".join(sheets.document.texts)
    for words in ("Nobody rang.", "They ring the child back.", "By a list.", "Calls are counted.",
                  "We saw it by 1 case audit.", "head of the hub, Westshire Constabulary.",
                  "Online child sexual abuse, Missing children", "Trusted adult"):  # fmt: skip
        assert words in text, words
    alone = prepare_sheets
    hidden = "\n".join(practised.vault.read_now(alone, None, [practised.school]).document.texts)
    assert "head of the hub" not in hidden and "Ask the inspectorate" in hidden
    practised.vault.write_now(lambda s: write_sheet(s, practised.ring, how=""))
    text = "\n".join(practised.vault.read_now(alone, None, [practised.ring]).document.texts)
    assert "This is not written down yet." in text and "Nobody rang." in text
    with pytest.raises(RefusedError, match="is not a type of case"):
        practised.vault.write_now(lambda s: write_sheet(s, practised.ring, ["fishing"]))


def test_it_is_searched_by_criterion_type_and_words(practised: Practised) -> None:
    for point in (practised.ring, practised.school):
        practised.consent(point, "name shown")
    ring, school = "They ring the child back.", "Schools hear by half past eight."
    assert set(practised.words(criterion="Trusted adult")) == {ring, school}
    assert practised.words(criterion="investigation") == []
    assert practised.words(type="missing from home") == [ring]
    assert practised.words(type="da", text="HALF past") == [school]
    for wrong in ({"criterion": "fishing"}, {"type": "fishing"}, {"order": "size"}):
        with pytest.raises(RefusedError, match="Nothing was changed"):
            practised.words(**wrong)


def test_what_forces_ask_for_is_counted(practised: Practised) -> None:
    write = practised.vault.write_now
    for point in (practised.ring, practised.school):
        practised.consent(point, "name shown")
    forces = ("Eastshire", "Northshire", "Eastshire")
    made = [write(record_request, practised.ring, who) for who in forces]
    write(record_request, practised.school, "Northshire")
    first, second = practised.lines(order="asked")
    assert (first.wording[:9], first.asked, set(first.asked_by)) == (
        "They ring", 3, {"Eastshire", "Northshire"},
    )  # fmt: skip
    assert second.asked == 1
    write(take_back_request, made[0].id)
    assert practised.lines(order="asked")[0].asked == 2
    with pytest.raises(RefusedError, match="Who asked"):
        write(record_request, practised.ring, " ")


@pytest.mark.parametrize(
    ("force", "text", "name"),
    [
        ("Westshire Constabulary", "In Westshire's hub they ring.", "westshire"),
        ("Westshire Constabulary", "The constabulary rings. Shire horses.", ""),
        ("North Wales Police", "In North  Wales they ring.", "north wales"),
        ("North Wales Police", "They go north. Wales is far.", "north wales"),
        ("North Wales Police", "The northern police rang.", ""),
        ("Avon and Somerset Constabulary", "An AVON hub.", "avon"),
        ("Avon and Somerset Constabulary", "This and that.", ""),
        ("Dyfed-Powys Police", "Dyfed-Powys’s list.", "dyfed powys"),
        ("West Midlands Police", "West of the Midlands, west.", ""),
        ("City of London Police", "A London school.", "london"),
        ("North Wales Police", "The north-wales hub.", "north wales"),
        ("Westshire Police", "See www.westshirepolice.uk", "westshire"),
        ("Westshire Police", "The W\u0435st\u00adshire hub", "westshire"),
        ("Westshire Police", "Ask at westshire_hub", "westshire"),
        ("South Wales Police", "Heddlu De Cymru rings.", "de cymru"),
        ("Kent Police", "See kentpolice.uk", "kent"),
        ("Kent Police", "A Kentish child, spoken to.", ""),
    ],
)
def test_words_by_which_a_force_is_known(force: str, text: str, name: str) -> None:
    assert named_in(force, text) == name


def test_a_force_that_is_not_to_be_named_is_not_named_in_the_words(
    practised: Practised, tmp_path: Path
) -> None:
    practised.consent(practised.ring, "name hidden")
    practised.vault.write_now(
        lambda s: write_sheet(s, practised.ring, how="Westshire's hub does it.")
    )
    with pytest.raises(RefusedError, match="“westshire” stands in"):
        give_sheets(practised.vault, tmp_path / "sheets.md")
    assert not (tmp_path / "sheets.md").exists()
    practised.vault.write_now(lambda s: write_sheet(s, practised.ring, how="A hub does it."))
    with pytest.raises(RefusedError, match="the name of the file names it"):
        give_sheets(practised.vault, tmp_path / "Westshire.md")
    practised.consent(practised.ring, "name shown")
    give_sheets(practised.vault, tmp_path / "sheets.md")


def test_it_passes_the_guard_and_is_on_record_for_each_inspection(
    practised: Practised, tmp_path: Path
) -> None:
    vault, path = practised.vault, tmp_path / "sheets.md"
    for point in (practised.ring, practised.school):
        practised.consent(point, "name shown")
    vault.write_now(add_names, practised.west, ["Jane Prosser"])
    vault.write_now(lambda s: write_sheet(s, practised.ring, works="Jane Prosser says so."))
    with pytest.raises(StoppedError, match="Jane Prosser"):
        give_sheets(vault, path)
    vault.write_now(lambda s: write_sheet(s, practised.ring, works="A child says so."))
    with pytest.raises(StoppedError):
        give_sheets(vault, tmp_path / "Jane Prosser.md")
    given = give_sheets(vault, path, recipients="learning event in York")
    recorded = vault.read_now(disclosures)
    assert sorted(one.inspection_id for one in recorded) == sorted([practised.west, practised.east])
    assert {one.recipient for one in recorded} == {"learning event in York"}
    (copy,) = vault.read_now(readable_copies)
    assert copy.sha256 == given.sha256
    with pytest.raises(NotMadeError, match="never written over"):
        give_sheets(vault, path)
    assert len(vault.read_now(disclosures)) == 2
    with pytest.raises(RefusedError, match="ends otherwise"):
        give_sheets(vault, tmp_path / "sheets.pdf")


def test_a_report_shows_anothers_practice_only_with_consent(practised: Practised) -> None:
    made = practised.vault.write_now(lambda s: recommend(s, practised.west, "Tell schools."))
    practised.vault.write_now(link_practice, made.id, practised.school)

    def report() -> str:
        return "\n".join(practised.vault.read_now(prepare_report, practised.west).handover.printed)

    assert "Schools hear" not in report()
    practised.consent(practised.school, "name hidden")
    assert "A force that is not named: Schools hear by half past eight [" in report()
    assert "Eastshire" not in report()
    practised.consent(practised.school, "name shown")
    assert "Eastshire Police: Schools hear" in report()
    practised.consent(practised.school, "withdrawn")
    assert "Schools hear" not in report()
