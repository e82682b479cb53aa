"""The report made again over a file that its writers changed: no word of theirs is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from fieldkit.evidence.names import add_names
from fieldkit.evidence.points import add_point
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.guard.stops import StoppedError
from fieldkit.feedback.handover.preflight import NotReadyError
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.report.docx_file import unseen_words
from fieldkit.followup.report.give import GivenReport, give_report
from fieldkit.history.open_copies import REPLACED, open_copies, readable_copies
from fieldkit.inspections import inspections
from fieldkit.service import RefusedError
from storage.files import NotMadeError
from storage.records.log import disclosures
from storage.vault.vault import Vault

ENDINGS = (".md", ".docx")
EDITED, ORIGINAL = (
    "We have known this force for long.",
    "We have no earlier inspection of this force",
)


class Written:
    """A report in a file, and its writer."""

    def __init__(self, vault: Vault, inspection: str, path: Path) -> None:
        self.vault, self.inspection, self.path = vault, inspection, path

    def give(self, **options: Any) -> GivenReport:
        return give_report(self.vault, self.inspection, self.path, **options)

    def fates(self, **options: Any) -> dict[str, str]:
        return {one.key: one.what for one in self.give(**options).sections}

    def change(self, old: str, new: str) -> None:
        """Write other words, as a writer does in a word processor."""
        if self.path.suffix == ".md":
            text = self.path.read_text("utf-8")
            assert old in text
            self.path.write_text(text.replace(old, new), "utf-8")
            return
        word = Document(str(self.path))
        line = next(one for one in word.paragraphs if old in one.text)
        text = line.text
        for run in line.runs:
            run.text = ""
        line.runs[0].text = text.replace(old, new)
        word.save(str(self.path))

    @property
    def text(self) -> str:
        if self.path.suffix == ".md":
            return self.path.read_text("utf-8").replace("\\", "")
        return "\n".join(one.text for one in Document(str(self.path)).paragraphs)


@pytest.fixture(params=ENDINGS)
def written(request: pytest.FixtureRequest, vault: Vault, tmp_path: Path) -> Written:
    inspection = vault.write_now(
        inspections.create, force="Westshire", methodology="2018", starts="2026-07-06"
    ).id
    made = Written(vault, inspection, tmp_path / f"report{request.param}")
    made.give()
    return made


def more(written: Written) -> None:
    """Change what the summary and the chapter of recommendations are made from."""
    written.vault.write_now(recommend, written.inspection, "Look again at night.")


def test_an_edit_stays_where_nothing_changed_and_the_rest_is_made_anew(written: Written) -> None:
    written.change(ORIGINAL, EDITED)
    more(written)
    given = written.give()
    fates = {one.key: one.what for one in given.sections}
    keys = ("force", "recommendations", "cases")
    assert [fates[key] for key in keys] == ["kept", "renewed", "unchanged"]
    assert EDITED in written.text and ORIGINAL not in written.text
    assert "Look again at night" in written.text and "We make no recommendation" not in written.text
    (kept,) = [one for one in given.told if one.startswith("Kept")]
    assert "“2. Westshire and its circumstances”" in kept and "“8." not in kept


def test_where_both_changed_both_texts_stand_and_the_new_one_is_marked(written: Written) -> None:
    written.change("We make no recommendation in this report", "We shall recommend much")
    more(written)
    assert written.fates()["recommendations"] == "both"
    text = written.text
    assert text.index("We shall recommend much") < text.index("New text for “8. Recommendations”")
    assert text.index("New text for") < text.rindex("Look again at night")
    # Nothing changed since: it stays as it is, and no second new text is put there.
    assert written.fates()["recommendations"] == "kept"
    written.vault.write_now(recommend, written.inspection, "And by day.")
    assert written.fates()["recommendations"] == "both"
    assert written.text.count("New text for “8.") == 1 and "And by day" in written.text


def test_a_new_text_that_a_writer_has_worked_on_is_a_writers_too(written: Written) -> None:
    written.change("We make no recommendation in this report", "We shall recommend much")
    more(written)
    written.give()
    written.change("We ask the force to act on it", "We beg the force to act on it")
    written.vault.write_now(recommend, written.inspection, "And by day.")
    written.give()
    text = written.text
    assert text.count("New text for “8.") == 2
    assert "We beg the force" in text and "And by day" in text and "recommend much" in text


def test_the_switch_makes_our_chapters_anew_and_leaves_the_writers(written: Written) -> None:
    written.change(ORIGINAL, EDITED)
    fates = written.fates(with_basis=False)
    assert (fates["force"], fates["inspection"]) == ("kept", "renewed")
    assert "Annex" not in written.text
    assert written.text.count("[aims of the programme]") == 0
    assert written.fates()["annex"] == "written" and "Annex" in written.text


def test_an_edit_of_the_first_page_stays_though_day_and_version_change(written: Written) -> None:
    written.change("This is a draft", "This is a first draft for Anna's team")
    written.give()
    assert written.fates()["front"] == "kept" and "for Anna's team" in written.text


@pytest.mark.parametrize("lost", ["marks", "all"])
def test_marks_that_were_lost_cost_no_word(written: Written, lost: str) -> None:
    written.change(ORIGINAL, EDITED)
    lose_marks(written.path, every=lost == "all")
    more(written)
    fates = written.fates()
    assert fates["force"] == ("kept" if lost == "marks" else "both")
    assert EDITED in written.text and "Look again at night" in written.text
    assert written.text.count("Executive summary") == (1 if lost == "marks" else 2)
    assert {written.fates()[key] for key in ("cases", "first_contact")} == {"unchanged"}


def lose_marks(path: Path, *, every: bool) -> None:
    """Take out the marks of the sections, and what the file says of how it was made."""
    if path.suffix == ".md":
        gone = "<!-- fieldkit" if every else "<!-- fieldkit: "
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(one for one in lines if not one.startswith(gone)), "utf-8")
        return
    word = Document(str(path))
    for mark in list(word.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
        mark.getparent().remove(mark)
    for name, relation in list(word.part.rels.items()):
        if every and relation.reltype.endswith("/customXml"):
            del word.part.rels[name]
    word.save(str(path))


def test_a_comment_and_a_tracked_change_in_word_are_a_writers_work(
    vault: Vault, tmp_path: Path
) -> None:
    inspection = vault.write_now(inspections.create, force="Eastshire", methodology="2018").id
    written = Written(vault, inspection, tmp_path / "report.docx")
    written.give()
    word = Document(str(written.path))
    line = next(one for one in word.paragraphs if "We make no recommendation in" in one.text)
    inserted = OxmlElement("w:ins")
    inserted.set(qn("w:id"), "77")
    inserted.set(qn("w:author"), "A writer")
    line._p.append(inserted)
    word.save(str(written.path))
    more(written)
    assert written.fates()["recommendations"] == "both"
    again = Document(io.BytesIO(written.path.read_bytes()))
    assert list(again.element.body.iter(qn("w:ins"))) != []
    feet = "".join(one.text for one in again.sections[0].footer.paragraphs)
    assert "version 2" in feet and feet.count("OFFICIAL-SENSITIVE") == 1


def test_what_came_back_by_another_name_goes_on_in_a_new_file(
    written: Written, tmp_path: Path
) -> None:
    written.change(ORIGINAL, EDITED)
    came, written.path = written.path, tmp_path / f"second{written.path.suffix}"
    before = came.read_bytes()
    assert written.fates(earlier=came)["force"] == "kept"
    assert came.read_bytes() == before and EDITED in written.text


def other_inspection(written: Written) -> None:
    written.inspection = written.vault.write_now(
        inspections.create, force="Eastshire", methodology="2018"
    ).id


def no_report(written: Written) -> None:
    if written.path.suffix == ".md":
        written.path.write_text("# Shopping\n", "utf-8")
    else:
        word = Document()
        word.add_paragraph("Shopping")
        word.save(str(written.path))


def damaged(written: Written) -> None:
    written.path.write_bytes(b"\xff\xfe\x00damaged")


@pytest.mark.parametrize("spoil", [other_inspection, no_report, damaged])
def test_a_file_that_is_no_report_of_it_is_never_written_over(
    written: Written, spoil: Callable[[Written], None]
) -> None:
    spoil(written)
    before, given = written.path.read_bytes(), len(written.vault.read_now(disclosures))
    with pytest.raises(RefusedError, match="Nothing was written"):
        written.give()
    assert written.path.read_bytes() == before
    assert len(written.vault.read_now(disclosures)) == given


def test_what_leaves_is_on_record_once_and_names_nobody(written: Written) -> None:
    written.vault.write_now(add_names, written.inspection, ["Jane Prosser"])
    written.change(ORIGINAL, "Ring the press office on 020 7946 0123, at SW1A 1AA")
    written.give()
    written.change("Ring the press office", "Ask Jane Prosser, not the press office")
    before = written.path.read_bytes()
    with pytest.raises(StoppedError, match="Jane Prosser"):
        written.give()
    assert written.path.read_bytes() == before
    copies = written.vault.read_now(readable_copies)
    assert [one.whereabouts for one in copies] == ["", REPLACED]
    assert len(written.vault.read_now(open_copies)) == 1


def test_what_no_page_shows_is_looked_through_as_well(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(add_names, inspection, ["Jane Prosser"])
    path = tmp_path / "report.docx"
    give_report(vault, inspection, path)
    word = Document(str(path))
    line = next(one for one in word.paragraphs if "recommendation" in one.text)
    word.add_comment(line.runs[0], text="Is Jane Prosser gone?", author="W")
    for tag, text in (("w:delText", "Struck out"), ("w:instrText", "HYPERLINK elsewhere")):
        piece = OxmlElement(tag)
        piece.text = text
        line.runs[0]._r.append(piece)
    picture = OxmlElement("wp:docPr")
    picture.set("descr", "A child at a desk")
    line.runs[0]._r.append(picture)
    word.sections[0].header.paragraphs[0].add_run("Letterhead")
    word.save(str(path))
    unseen = "\n".join(unseen_words(path.read_bytes()))
    for words in ("Jane Prosser", "Struck out", "elsewhere", "at a desk", "Letterhead"):
        assert words in unseen
    assert "recommendation" not in unseen
    with pytest.raises(StoppedError, match="Jane Prosser"):
        give_report(vault, inspection, tmp_path / "again.docx", earlier=path)
    assert not (tmp_path / "again.docx").exists()


def test_a_file_that_changes_while_it_is_read_stays(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = "fieldkit.followup.report.give.replace_copy"

    def meanwhile(*args: Any) -> str:
        from fieldkit.history.open_copies import replace_copy

        written.path.write_bytes(b"saved by a writer meanwhile")
        return replace_copy(*args)

    monkeypatch.setattr(known, meanwhile)
    with pytest.raises(NotMadeError, match="was changed while it was read"):
        written.give()
    assert written.path.read_bytes() == b"saved by a writer meanwhile"
    assert len(written.vault.read_now(readable_copies)) == 1


def test_a_finding_in_dispute_keeps_it_back(vault: Vault, inspection: str, tmp_path: Path) -> None:
    def dispute(s: Any) -> None:
        point = add_point(s, inspection, "Logs wait.", "concern")
        held = open_debrief(s, inspection, "daily", "2026-07-06")
        place = include_point(s, held.id, point.id)
        freeze_wording(s, place.id, "Logs wait.")
        record_response(s, place.id, response="No.", outcome="disputed")
        close_debrief(s, held.id, "chief")

    vault.write_now(dispute)
    with pytest.raises(NotReadyError, match="The report is kept back"):
        give_report(vault, inspection, tmp_path / "report.md")
    assert not (tmp_path / "report.md").exists()


def test_only_what_a_report_is_written_as_is_written(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match="ends otherwise"):
        give_report(vault, inspection, tmp_path / "report.pdf")
    (tmp_path / "a.docx").write_bytes(b"")
    with pytest.raises(RefusedError, match="a file of its own kind"):
        give_report(vault, inspection, tmp_path / "b.md", earlier=tmp_path / "a.docx")
