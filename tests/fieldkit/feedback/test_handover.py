"""The written feedback: last agreed words, nothing of our own doubts, one record of who got it."""

from __future__ import annotations

import io
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.casework.referrals import refer
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.points import add_point
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.document.blocks import Heading
from fieldkit.feedback.document.docx_output import to_docx
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.document.plain_text import to_lines
from fieldkit.feedback.handover.debrief_sheet import debrief_sheet
from fieldkit.feedback.handover.gather import gather, leaving_texts
from fieldkit.feedback.handover.give import NO_LOOKS, hand_over
from fieldkit.feedback.handover.handover import named_recipients
from fieldkit.feedback.handover.sheets import point_sheet, referral_slip
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from fieldkit.service import RefusedError
from storage.files import NotMadeError
from storage.records import Inspection
from storage.records.debrief import debrief_id
from storage.records.log import disclosures
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.feedback.tidy import machine_like
from tests.fieldkit.feedback.told import HOSTILE, PRESENT, THEIRS, ToldInspection, tell
from tests.fieldkit.feedback.words import OURS, walk

BOTH = ("chief constable", "police and crime commissioner")


@pytest.fixture(scope="module")
def opened(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder = tmp_path_factory.mktemp("told") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        yield vault


@pytest.fixture(scope="module")
def told(opened: Vault) -> ToldInspection:
    return tell(opened)


def gathered(vault: Vault, told: ToldInspection, **options: Any) -> str:
    return to_markdown(vault.read_now(gather, told.inspection, BOTH, **options).document)


def gathered_of(vault: Vault, inspection: str) -> str:
    return to_markdown(vault.read_now(gather, inspection, BOTH).document)


def flat(text: str) -> str:
    return " ".join(text.replace("\\", "").replace("*", "").split())


def test_a_point_told_three_times_stands_in_its_last_agreed_words(
    opened: Vault, told: ToldInspection
) -> None:
    made = opened.read_now(gather, told.inspection, BOTH)
    risk = next(one for one in made.findings if one.point_id == told.risk)
    assert (risk.wording, risk.agreed, risk.response) == ("Agreed last.", True, "Accepted in full.")
    assert [(one.owner, one.done) for one in risk.actions] == [("superintendent", "2026-07-09")]
    page = flat(to_markdown(made.document))
    for words in (
        "2. Concern. Agreed last.",
        "The force's response: Accepted in full.",
        "A misunderstanding put right: The box was there since March (shown by a document).",
        "| 2 | Review them tonight. | superintendent | 10 July 2026 | done 9 July 2026 |",
        "It promised one action at once; it is done.",
    ):
        assert words in page, words
    for words in ("Wednesday", "first draft", "An early answer", "taken back", "never told"):
        assert words not in page, words
    whole = flat(gathered(opened, told, internal=True))
    for words in ("Agreed on Wednesday.", "A first draft of ours.", "An early answer.",
                  "never told to anybody", "weighed by us", "2 methods"):  # fmt: skip
        assert words in whole, words


def test_what_the_force_is_given_is_all_there(opened: Vault, told: ToldInspection) -> None:
    page = flat(gathered(opened, told))
    for words in (
        "To: Chief constable; Police and crime commissioner From: The inspection team",
        "On site: 6 to 17 July 2026",
        "We audited 4 child protection cases (2 cases were good, 1 required improvement and 1 was",
        "Leadership, management and governance: requires improvement",
        "Our judgment of the force: requires improvement. Not counted.",
        f"3. Concern. {HOSTILE.replace('*', '')}",
        "The force disputes this wording.",
        "A letter to the child is read out by the officer (2 cases: missing children).",
        "Two of nine detectives were at work (1 case: missing children).",
        "WST-001 | nothing shows that the child was seen or spoken to; the dog |",
        ": duty inspector | not yet | not reported yet | told |",
        "| Interviews | 1 |",
        "| Focus groups | 1 |",
        "the force's grade is higher than the inspectors' in 1, the same in none and lower in none",
        "within six weeks of publication",
        "Case audit | Domestic abuse, inadequate, case WST-001 |",
        "| Case audit | Domestic abuse, requires improvement |",
        "| Focus group | partner agencies |",
        "| WST-001 | inadequate | good | force 2 grades higher; referred back |",
    ):
        assert words in page, words
    for words in (THEIRS, "42/1000", "Ours alone", "Northtown", "Secret policy", "in confidence",
                  "A. Inspector", "Southtown", "chair", "WST-003", "| WST-002"):  # fmt: skip
        assert words not in page, words


def test_nothing_that_we_know_of_our_evidence_is_in_it(opened: Vault, told: ToldInspection) -> None:
    for options in ({}, {"with_rationale": True}):
        page = gathered(opened, told, **options)
        assert not OURS.search(page), OURS.search(page)
    body, annex = gathered(opened, told, with_statistics=True).split("in statistics")
    assert not OURS.search(body) and "Same grade: 0 of 1" in annex
    for sheet in (
        opened.read_now(point_sheet, told.risk, BOTH),
        opened.read_now(referral_slip, told.referral, BOTH),
    ):
        assert not OURS.search(to_markdown(sheet.document))


def test_strengths_stand_before_concerns_under_each_criterion(
    opened: Vault, told: ToldInspection
) -> None:
    made = opened.read_now(gather, told.inspection, BOTH)
    assert [(one.number, one.point_id) for one in made.findings] == [
        (1, told.praised), (2, told.risk), (3, told.disputed),
    ]  # fmt: skip
    assert any("1 point not told" in one for one in made.left_out)
    assert any("1 point withdrawn" in one for one in made.left_out)
    assert any("not revealed" in one for one in made.left_out)
    assert made.counts == {"case": 4, "difference": 1, "point": 3, "referral": 1}


def test_our_reasons_go_with_it_only_when_asked_for(opened: Vault, told: ToldInspection) -> None:
    assert "| Ours alone. |" in gathered(opened, told, with_rationale=True)


def test_word_and_markdown_and_page_say_the_same(opened: Vault, told: ToldInspection) -> None:
    document = opened.read_now(
        gather, told.inspection, BOTH, with_rationale=True, with_statistics=True
    ).document
    data, remarks = to_docx(document)
    assert remarks == ()
    wanted = [" ".join(one.split()) for one in document.texts if one != document.foot]
    word = walk(Document(io.BytesIO(data)))
    assert word == [one for one in wanted if one]
    page = flat(to_markdown(document))
    shown = flat(" ".join(text for text, _ in to_lines(document, 400)))
    for text in filter(None, wanted):
        assert flat(text) in page and flat(text).removesuffix(":") in shown, text


def test_every_text_that_a_person_typed_is_named_before_it_leaves(
    opened: Vault, told: ToldInspection
) -> None:
    made = opened.read_now(gather, told.inspection, BOTH, with_rationale=True)
    typed = {one.text for one in made.texts}
    assert {
        "Agreed last.", "Accepted in full.", HOSTILE, "The box was there since March.",
        "Review them tonight.", "superintendent", "Not counted.", "duty inspector.", "the dog.",
        "Two of nine detectives were at work.", "Ours alone.",
    } <= typed  # fmt: skip
    assert all(one.kind and one.record_id and one.field for one in made.texts)
    assert opened.read_now(leaving_texts, told.inspection) == list(made.texts)
    slip = opened.read_now(referral_slip, told.referral, BOTH)
    assert {"known", "visit", "by telephone"} <= {one.text for one in slip.texts}


def test_a_point_has_a_page_of_its_own_once_it_was_told(
    opened: Vault, told: ToldInspection
) -> None:
    made = opened.read_now(point_sheet, told.risk, "head of protecting vulnerable people")
    page = flat(to_markdown(made.document))
    for words in ("Agreed last.", "done 9 July 2026", "Accepted in full.", "Case audit |"):
        assert words in page
    assert "Wednesday" not in page and made.counts == {"point": 1}
    assert "Finding" not in page and "Version" not in page and "Date: " in page
    for point in (told.untold, told.withdrawn):
        with pytest.raises(RefusedError, match="no sheet of it for the force"):
            opened.read_now(point_sheet, point, "chief constable")


def test_a_slip_has_the_force_reference_only_where_that_is_asked_for(
    opened: Vault, told: ToldInspection
) -> None:
    made = opened.read_now(referral_slip, told.referral, "duty inspector")
    assert "42/10001/26" not in to_markdown(made.document) and not made.with_key
    made = opened.read_now(referral_slip, told.referral, "duty inspector", with_reference=True)
    page = flat(to_markdown(made.document))
    assert "Force reference: 42/10001/26" in page and made.with_key
    for words in ("Case: WST-001", "the dog", "duty inspector, by telephone", "telephone call"):
        assert words in page, words
    for words in ("Why we refer this case back Nothing shows that", "Acknowledged: not yet"):
        assert words in page.replace("# ", "").replace("#", ""), words


def test_every_document_reads_as_a_person_wrote_it(opened: Vault, told: ToldInspection) -> None:
    for more in (False, True):
        made = opened.read_now(
            gather, told.inspection, BOTH, with_rationale=more, with_statistics=more
        )
        assert machine_like(made.document) == []
    for point in (told.risk, told.disputed, told.praised):
        assert machine_like(opened.read_now(point_sheet, point, "chief").document) == []
    slip = opened.read_now(referral_slip, told.referral, "duty inspector")
    assert machine_like(slip.document) == []


def test_an_inspection_with_nothing_in_it_says_so_once_and_shows_no_empty_table(
    vault: Vault, inspection: str
) -> None:
    made = vault.read_now(gather, inspection, "chief constable", with_statistics=True)
    assert machine_like(made.document) == []
    page = flat(to_markdown(made.document))
    assert page.count("No finding was told in a debrief yet") == 1
    for words in ("Annex", "|", "What we found", "What we did", "We audited"):
        assert words not in page, words


def test_one_finding_on_nothing_and_an_unjudged_case_tell_no_doubt_of_ours(
    vault: Vault, inspection: str
) -> None:
    def tell_one(s: Session) -> tuple[str, str, str]:
        case = add_case(s, inspection, "WST-9", types=["missing"], origin="inspectors")
        wording = "Mae swyddogion yn gwrando ar blant..."
        point = add_point(s, inspection, "Draft.", "strength").id
        held = open_debrief(s, inspection, "daily", "2026-07-06")
        inside = include_point(s, held.id, point)
        freeze_wording(s, inside.id, wording)
        record_response(
            s, inside.id, response="Diolch!", outcome="agreed", action="Dweud wrth bawb.",
            action_owner="prif arolygydd.",
        )  # fmt: skip
        close_debrief(s, held.id, "prif gwnstabl.")
        return point, held.id, refer(s, case.id, ["child not seen"], "").id

    point, held, raised = vault.write_now(tell_one)
    made = vault.read_now(gather, inspection, "chief constable")
    page = flat(to_markdown(made.document))
    for words in (
        "We told the force of one strength. The force agreed its wording.",
        "Strength: - Mae swyddogion yn gwrando ar blant (finding 1).",
        "| 1 | Dweud wrth bawb. | prif arolygydd | no day named | open |",
        "The cases we audited",
        "| not judged yet | 1 |",
    ):
        assert words in page, words
    for words in ("Annex", "recorded", "What we found beside", "We audited no"):
        assert words not in page, words
    slip = vault.read_now(referral_slip, raised, "duty inspector").document
    assert "What is known" not in to_markdown(slip) and "Told: not yet" in flat(to_markdown(slip))
    sheet = vault.read_now(point_sheet, point, "chief").document
    assert "evidence" not in to_markdown(sheet)
    debrief = vault.read_now(debrief_sheet, held, "chief").document
    read = flat(to_markdown(debrief))
    assert "At once: Dweud wrth bawb (prif arolygydd)." in read
    assert "Present: prif gwnstabl These findings" in read
    for document in (slip, sheet):
        assert machine_like(document) == []


def test_who_was_not_available_takes_no_meeting_off_the_count(
    vault: Vault, inspection: str
) -> None:
    def meet(s: Session) -> None:
        for unavailable in ("head of service", "two of eight", ""):
            for meeting in ("interview", "focus group"):
                add_interview(
                    s, inspection, role="sergeants", meeting=meeting, unavailable=unavailable
                )

    vault.write_now(meet)
    page = flat(gathered_of(vault, inspection))
    assert "| Interviews | 3 |" in page and "| Focus groups | 3 |" in page


def test_every_judgment_of_the_force_stands_in_it(vault: Vault) -> None:
    def judge(s: Session) -> tuple[str, list[str]]:
        made = inspections.create(s, force="Westshire Constabulary", methodology="2024").id
        areas = load("2024").criteria_on("force")
        judging.assess(s, made, areas[0].key, "good", rationale="Seen at every level.")
        judging.assess(s, made, areas[1].key, "outstanding")
        judging.assess(s, made, areas[2].key, state="unable to judge", reason="No access.")
        return made, [one.label for one in areas]

    made, labels = vault.write_now(judge)
    page = flat(gathered_of(vault, made))
    for words in (
        f"{labels[0]}: good - {labels[1]}: outstanding - {labels[2]}: unable to judge",
        f"## {labels[0]} Our judgment of the force: good. Seen at every level.",
        f"## {labels[1]} Our judgment of the force: outstanding.",
        f"## {labels[2]} Our judgment of the force: unable to judge. No access.",
    ):
        assert words in page, words
    assert labels[3] not in page, "what is not judged and not found is not named"
    made_of = vault.read_now(gather, made, BOTH).document
    assert machine_like(made_of) == []


def test_the_inspector_is_told_what_is_in_it_and_what_is_not(
    opened: Vault, told: ToldInspection
) -> None:
    made = opened.read_now(gather, told.inspection, BOTH)
    assert "In it: 1 finding in words the force has not agreed." in made.left_out
    assert "Not in it: 1 point withdrawn since it was told." in made.left_out
    # In the internal copy are names, notes and what was said to us.
    ours = opened.read_now(gather, told.inspection, "lead", internal=True)
    assert not any("Never in it" in one for one in ours.left_out)
    headings = [one.text for one in ours.document.blocks if isinstance(one, Heading)]
    traced = [one for one in headings if one.startswith(("Finding ", "Point "))]
    assert [one.partition(":")[0] for one in traced[:3]] == ["Finding 1", "Finding 2", "Finding 3"]


@pytest.mark.parametrize(
    ("typed", "roles"),
    [
        ("chief constable", ("chief constable",)),
        (" chief constable. ; commissioner;", ("chief constable", "commissioner")),
        (["chief constable", "chief constable"], ("chief constable",)),
        (BOTH, BOTH),
    ],
)
def test_several_may_be_named_for_whom_it_is(typed: Any, roles: tuple[str, ...]) -> None:
    assert named_recipients(typed) == roles


@pytest.mark.parametrize("typed", ["", "  ", " ; ", [], ["", ";"]])
def test_somebody_must_be_named_for_whom_it_is(typed: Any) -> None:
    with pytest.raises(RefusedError, match="by role"):
        named_recipients(typed)


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2026-07-06", "", "from 6 July 2026"),
        ("", "2026-07-17", "until 17 July 2026"),
        ("2026-07-06", "2026-07-06", "protects children (6 July 2026)."),
        ("2026-06-29", "2026-07-03", "29 June to 3 July 2026"),
        ("2026-12-28", "2027-01-08", "28 December 2026 to 8 January 2027"),
        ("", "", "protects children. No finding"),
    ],
)
def test_dates_are_told_in_words_as_far_as_they_are_known(
    vault: Vault, inspection: str, starts: str, ends: str, words: str
) -> None:
    def date_it(s: Session) -> None:
        record = s.get(Inspection, inspection)
        assert record is not None
        record.change(starts=starts, ends=ends)

    vault.write_now(date_it)
    page = to_markdown(vault.read_now(gather, inspection, "chief constable").document)
    assert words in page, page
    assert "audited" not in page and ("On site" in page) == bool(starts or ends)
    assert not re.search(r"\d{4}-\d\d-\d\d", page)


@pytest.mark.parametrize(
    ("phase", "ends", "published", "words"),
    [
        ("inspection", "2026-07-17", "2026-09-01", "publication of the report, by 13 October 2026"),
        ("inspection", "2026-07-17", "2026-09-01", "after publication, by 1 March 2027, and tell"),
        ("visit", "2026-07-17", "", "three weeks of the end of the visit, by 7 August 2026"),
        ("review", "", "", "within three weeks of the end of the visit."),
    ],
)
def test_the_dates_that_follow_are_worked_out_where_they_can_be(
    vault: Vault, inspection: str, phase: str, ends: str, published: str, words: str
) -> None:
    def date_it(s: Session) -> None:
        record = s.get(Inspection, inspection)
        assert record is not None
        record.change(phase=phase, ends=ends, published=published)

    vault.write_now(date_it)
    assert words in to_markdown(vault.read_now(gather, inspection, "chief constable").document)


@pytest.mark.parametrize("ending", [".md", ".docx"])
def test_giving_it_writes_one_new_file_and_records_for_whom(
    opened: Vault, told: ToldInspection, tmp_path: Path, ending: str
) -> None:
    before = len(opened.read_now(disclosures))
    path = tmp_path / f"page{ending}"
    given = hand_over(opened, told.inspection, path, BOTH)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".page*")) == []
    left = opened.read_now(disclosures)[before:]
    [one] = left
    assert one.what == f"hand-over page{ending}"
    assert (one.recipient, one.inspection_id) == ("; ".join(BOTH), told.inspection)
    assert (one.sha256, one.with_key) == (given.sha256, False)
    again = hand_over(opened, told.inspection, tmp_path / f"again{ending}", BOTH)
    assert again.version == given.version + 1
    if ending == ".docx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as inside:
            words = inside.read("word/document.xml").decode()
        assert "Not | seen *alone* [/] &lt;b&gt;" in words
    else:
        assert "Agreed last." in path.read_text("utf-8")


def test_a_template_that_markdown_has_no_use_for_is_told(
    opened: Vault, told: ToldInspection, tmp_path: Path
) -> None:
    path = tmp_path / "page.md"
    given = hand_over(opened, told.inspection, path, BOTH, template=tmp_path / "none.docx")
    assert given.remarks == (NO_LOOKS,) and path.exists()


def test_the_internal_copy_is_no_version_of_the_feedback(
    opened: Vault, told: ToldInspection, tmp_path: Path
) -> None:
    given = hand_over(opened, told.inspection, tmp_path / "ours.md", "lead", internal=True)
    before = hand_over(opened, told.inspection, tmp_path / "theirs.md", BOTH)
    after = hand_over(opened, told.inspection, tmp_path / "next.md", BOTH)
    assert given.version == 0 and after.version == before.version + 1
    assert "not for the force" in (tmp_path / "ours.md").read_text("utf-8")


def test_nothing_is_written_over_and_nothing_recorded_then(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    path = tmp_path / "page.md"
    path.write_text("theirs", "utf-8")
    with pytest.raises(NotMadeError, match="never written over"):
        hand_over(vault, inspection, path, "chief constable")
    assert path.read_text("utf-8") == "theirs"
    dangling = tmp_path / "link.md"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(NotMadeError, match="never written over"):
        hand_over(vault, inspection, dangling, "chief constable")
    with pytest.raises(NotMadeError, match="no folder"):
        hand_over(vault, inspection, tmp_path / "none" / "page.md", "chief constable")
    with pytest.raises(RefusedError, match="by role"):
        hand_over(vault, inspection, tmp_path / "new.md", "  ")
    with pytest.raises(RefusedError, match="ends otherwise"):
        hand_over(vault, inspection, tmp_path / "new.pdf", "chief constable")
    assert vault.read_now(disclosures) == []
    assert {one.name for one in tmp_path.glob("*.*")} == {"page.md", "link.md"}


def test_a_name_taken_at_the_last_moment_withdraws_the_disclosure(
    vault: Vault, inspection: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage import files

    path = tmp_path / "page.md"
    publish = files.NewFile.publish

    def late(self: files.NewFile) -> None:
        path.write_text("theirs", "utf-8")
        publish(self)

    monkeypatch.setattr(files.NewFile, "publish", late)
    with pytest.raises(NotMadeError):
        hand_over(vault, inspection, path, "chief constable")
    assert path.read_text("utf-8") == "theirs"
    assert vault.read_now(disclosures) == [] and list(tmp_path.glob(".page*")) == []


def test_the_sheet_of_a_debrief_is_a_document_as_it_stood_that_day(
    opened: Vault, told: ToldInspection
) -> None:
    day = debrief_id(told.inspection, "daily", "2026-07-08")
    made = opened.read_now(debrief_sheet, day, BOTH)
    page = flat(to_markdown(made.document))
    for words in (
        "# Daily debrief, 8 July 2026",
        f"Present: {PRESENT}",
        "1. Concern, Assessment and help. Agreed on Wednesday.",
        "The force's response: An early answer.",
        "At once: Review them tonight (superintendent, due 10 July 2026)",
    ):
        assert words in page.replace("tonight. (", "tonight ("), words
    assert "Agreed last." not in page and not OURS.search(page)
    assert {"Agreed on Wednesday.", "An early answer.", PRESENT} <= {one.text for one in made.texts}
    hot = opened.read_now(debrief_sheet, debrief_id(told.inspection, "hot", "2026-07-17"), "chief")
    page = flat(to_markdown(hot.document))
    assert page.index("1. Strength") < page.index("2. Concern") < page.index("Agreed last.")
    assert "| Review them tonight. | superintendent | 8 July 2026 | 10 July 2026 | done 9" in page
    assert hot.what == "sheet of a debrief"


def test_a_debrief_with_nothing_agreed_has_no_sheet(vault: Vault, inspection: str) -> None:
    held = vault.write_now(open_debrief, inspection, "daily", "2026-07-08")
    with pytest.raises(RefusedError, match="agree the wording"):
        vault.read_now(debrief_sheet, held.id, "chief constable")
