from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from fieldkit.casework import judging, referrals, reveals
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.sheet import sheet_of, sheet_text
from fieldkit.feedback.handover.blocks import Bullets, Handover, Heading, Paragraph, table
from fieldkit.feedback.handover.docx_output import to_docx
from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.give import hand_over
from fieldkit.feedback.handover.markdown_output import to_markdown
from fieldkit.service import RefusedError
from storage.files import NotMadeError
from storage.records import Inspection
from storage.records.log import disclosures
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row

THEIRS = "zanzibar was thorough"
HOSTILE = "Not | seen *alone* [/] <b> #1\n1. and_not_spoken to"


@pytest.fixture
def day(vault: Vault, inspection: str, cases: dict[str, str]) -> str:
    """A told point, one never told, a revealed difference, one not revealed, a referral."""
    for number, (reference, grade) in enumerate(
        (("WST-001", "inadequate"), ("WST-002", "good"), ("WST-003", "good")), 1
    ):
        case = cases[reference]
        vault.write_now(judging.grade, case, "overall", grade, rationale="Ours.", allow_open=True)
        if number <= 2:
            vault.write_now(
                add_row, inspection, number, case=case, grade="requires improvement",
                rationale=THEIRS,
            )  # fmt: skip
    vault.write_now(reveals.reveal, cases["WST-001"])
    told = vault.write_now(points.add_point, inspection, HOSTILE, "concern")
    vault.write_now(points.add_point, inspection, "never told to anybody", "strength")
    held = vault.write_now(open_debrief, inspection, "daily")
    inside = vault.write_now(include_point, held.id, told.id)
    vault.write_now(freeze_wording, inside.id, f"Agreed: {HOSTILE}")
    vault.write_now(record_response, inside.id, response="We accept it.", action="retrain")
    raised = vault.write_now(
        referrals.refer, cases["WST-001"], ["child not seen"], "secret of the referral", "visit"
    )
    vault.write_now(referrals.step, raised.id, "told", whom="duty inspector", how="by telephone")
    return inspection


def test_the_page_holds_what_was_told_and_nothing_else(vault: Vault, day: str) -> None:
    made = vault.read_now(gather, day, "chief constable")
    text = to_markdown(made)
    assert text.startswith("**OFFICIAL-SENSITIVE**") and text.rstrip().endswith(
        "**OFFICIAL-SENSITIVE**"
    )
    for words in (
        "emerging",
        r"Agreed: Not \| seen \*alone\* \[/\] \<b\> \#1",
        "The force's response: We accept it.",
        "- retrain",
        "audited 3 child protection cases (2 cases were good, none required improvement and 1 was "
        "inadequate)",
        "WST-001 (told)",
        "told 20",
        "duty inspector",
        "| WST-001 | inadequate | requires improvement | force 1 grade higher; referred back |",
        "not drawn at random",
    ):
        assert words in text, words
    for words in (
        "never told", THEIRS, "42/1000", "secret of the referral", "A. Inspector", "Ours.",
        "| WST-002 |",
    ):  # fmt: skip
        assert words not in text, words
    assert "error" not in text
    assert any("1 point not told" in one for one in made.left_out)
    assert any("not revealed" in one for one in made.left_out)
    assert made.counts == {"case": 4, "difference": 1, "point": 1, "referral": 1}


@pytest.mark.parametrize(
    ("owner", "due", "done", "words"),
    [
        ("deputy chief", "2026-07-20", "", "(deputy chief, by 2026-07-20)"),
        ("deputy chief.", "", "2026-07-09", "(deputy chief, done 2026-07-09)"),
        ("", "2026-07-20", "2026-07-19", "(by 2026-07-20, done 2026-07-19)"),
    ],
)  # fmt: skip
def test_an_action_stays_once_it_is_done_and_reads_as_one_sentence(
    vault: Vault, inspection: str, owner: str, due: str, done: str, words: str
) -> None:
    made = vault.write_now(points.add_point, inspection, "Devices wait.", "concern")
    held = vault.write_now(open_debrief, inspection, "daily", "2026-07-08")
    inside = vault.write_now(include_point, held.id, made.id)
    vault.write_now(
        record_response, inside.id, action="Review them tonight.", action_owner=owner,
        action_due=due,
    )  # fmt: skip
    vault.write_now(close_debrief, held.id, "deputy")
    vault.write_now(record_response, inside.id, action_done=done)
    page = to_markdown(vault.read_now(gather, inspection, "chief constable"))
    assert f"- Review them tonight {words}" in page.replace("\\", "")
    sheet = sheet_text(vault.read_now(sheet_of, held.id))
    assert f"Immediate action: Review them tonight {words}" in " ".join(sheet.split())


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2026-07-06", "", "from 2026-07-06, last day not recorded"),
        ("", "2026-07-17", "until 2026-07-17, first day not recorded"),
        ("2026-07-06", "2026-07-06", "Inspection, 2026-07-06."),
        ("", "", "dates not recorded"),
    ],
)
def test_dates_are_told_as_far_as_they_are_known(
    vault: Vault, inspection: str, starts: str, ends: str, words: str
) -> None:
    def date_it(s: Session) -> None:
        record = s.get(Inspection, inspection)
        assert record is not None
        record.change(starts=starts, ends=ends)

    vault.write_now(date_it)
    page = vault.read_now(gather, inspection, "chief constable")
    said = next(one.text for one in page.blocks if isinstance(one, Paragraph))
    assert words in said, said


@pytest.mark.parametrize("meeting", ["interview", "focus group"])
@pytest.mark.parametrize("missing", ["head of safeguarding, on leave", "two of six", " "])
def test_a_meeting_at_which_somebody_was_missing_is_counted(
    vault: Vault, inspection: str, meeting: str, missing: str
) -> None:
    vault.write_now(
        add_interview, inspection, role="director", meeting=meeting, unavailable=missing
    )
    page = to_markdown(vault.read_now(gather, inspection, "chief constable"))
    counts = ("1 interview", "0 focus groups") if meeting == "interview" else (
        "0 interviews", "1 focus group"
    )  # fmt: skip
    assert " and ".join(counts) in page, page


def test_a_full_stop_in_somebodys_words_ends_no_sentence_of_ours(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    raised = vault.write_now(referrals.refer, cases["WST-001"], ["nobody saw the dog."], "x")
    vault.write_now(referrals.step, raised.id, "told", whom="duty inspector.")
    vault.write_now(referrals.step, raised.id, "closed", reason="The child is safe.")
    page = to_markdown(vault.read_now(gather, inspection, "chief constable"))
    assert ".." not in page and ".)" not in page and "nobody saw the dog. raised" in page


def test_our_reasons_go_with_it_only_when_asked_for(vault: Vault, day: str) -> None:
    made = vault.read_now(gather, day, "chief constable", with_rationale=True)
    text = to_markdown(made)
    assert "| Ours. |" in text and THEIRS not in text


@pytest.mark.parametrize("ending", [".md", ".docx"])
def test_giving_it_writes_one_new_file_and_records_for_whom(
    vault: Vault, day: str, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"page{ending}"
    given = hand_over(vault, day, path, " chief constable ")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".page*")) == []
    [left] = [one for one in vault.read_now(disclosures) if one.what.startswith("hand-over")]
    assert (left.recipient, left.inspection_id) == ("chief constable", day)
    assert (left.sha256, left.with_key) == (given.sha256, False)
    if ending == ".docx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as inside:
            words = inside.read("word/document.xml").decode()
            edges = "".join(
                inside.read(name).decode() for name in inside.namelist()
                if name.startswith(("word/header", "word/footer"))
            )  # fmt: skip
        assert "Agreed: Not | seen *alone* [/] &lt;b&gt; #1" in words
        assert THEIRS not in words and "never told" not in words
        assert edges.count("OFFICIAL-SENSITIVE") == 2
    else:
        assert "Agreed" in path.read_text("utf-8")


def test_nothing_is_written_over_and_nothing_recorded_then(
    vault: Vault, day: str, tmp_path: Path
) -> None:
    path = tmp_path / "page.md"
    path.write_text("theirs", "utf-8")
    with pytest.raises(NotMadeError, match="never written over"):
        hand_over(vault, day, path, "chief constable")
    assert path.read_text("utf-8") == "theirs"
    dangling = tmp_path / "link.md"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotMadeError, match="never written over"):
        hand_over(vault, day, dangling, "chief constable")
    with pytest.raises(NotMadeError, match="no folder"):
        hand_over(vault, day, tmp_path / "none" / "page.md", "chief constable")
    with pytest.raises(RefusedError, match="by role"):
        hand_over(vault, day, tmp_path / "new.md", "  ")
    with pytest.raises(RefusedError, match="ends otherwise"):
        hand_over(vault, day, tmp_path / "new.pdf", "chief constable")
    assert vault.read_now(disclosures) == []
    assert {one.name for one in tmp_path.glob("*.*")} == {"page.md", "link.md"}


def test_a_name_taken_at_the_last_moment_withdraws_the_disclosure(
    vault: Vault, day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage import files

    path = tmp_path / "page.md"
    publish = files.NewFile.publish

    def late(self: files.NewFile) -> None:
        path.write_text("theirs", "utf-8")
        publish(self)

    monkeypatch.setattr(files.NewFile, "publish", late)
    with pytest.raises(NotMadeError):
        hand_over(vault, day, path, "chief constable")
    assert path.read_text("utf-8") == "theirs"
    assert vault.read_now(disclosures) == [] and list(tmp_path.glob(".page*")) == []


def test_an_empty_inspection_has_a_page_too(vault: Vault, inspection: str) -> None:
    made = vault.read_now(gather, inspection, "chief constable")
    assert "audited no child protection cases" in to_markdown(made)


_SIGNS = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\x00\x0b\x1f\x7f\ud800\ufffe\uffff\ufdd0\U0001ffff")
    ),
    max_size=12,
)


@given(_SIGNS)
@settings(max_examples=30)
def test_no_text_in_the_store_stops_a_document(text: str) -> None:
    blocks = (Heading(text), Paragraph(text), Bullets((text,)), table([text, text], [[text, text]]))
    page = Handover("i", text, text, text, blocks, {}, ())
    assert zipfile.ZipFile(io.BytesIO(to_docx(page))).testzip() is None
    assert to_markdown(page)
