"""The report: nine chapters in three parts, each sentence with its basis, none of our doubts."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from fieldkit.feedback.document.blocks import Bullets, Grid, Heading, Paragraph
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.followup.context import weigh
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.report.basis import printed, rests_on
from fieldkit.followup.report.chapters import chapters
from fieldkit.followup.report.gather import Report, prepare_report
from fieldkit.followup.report.update import made
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from fieldkit.service import RefusedError
from fieldkit.wording.sentences import sentences
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.feedback.tidy import machine_like
from tests.fieldkit.feedback.told import PRESENT, THEIRS, ToldInspection, tell
from tests.fieldkit.feedback.words import OURS, walk


@pytest.fixture(scope="module")
def opened(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder = tmp_path_factory.mktemp("reported") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        yield vault


@pytest.fixture(scope="module")
def told(opened: Vault) -> ToldInspection:
    told = tell(opened)

    def make(s: Any) -> None:
        one = recommend(
            s, told.inspection, "Look at the risk again at each handover.", [told.risk],
            deadline="immediately", owner="head of response",
        )  # fmt: skip
        weigh(s, one.id, "resources", "It needs nobody more.")
        recommend(s, told.inspection, "Count the children kept overnight.", [told.untold])

    opened.write_now(make)
    return told


@pytest.fixture(scope="module")
def report(opened: Vault, told: ToldInspection) -> Report:
    return opened.read_now(prepare_report, told.inspection)


def page_of(report: Report) -> str:
    text = to_markdown(report.handover.document)
    return " ".join(text.replace("\\", "").replace("*", "").split())


def said(report: Report) -> Iterator[str]:
    """Every sentence of the report's paragraphs and lists, as printed."""
    for block in report.handover.document.blocks:
        if isinstance(block, Paragraph):
            yield from sentences(block.text)
        elif isinstance(block, Bullets):
            yield from (one for text in block.texts for one in sentences(text))


def test_it_has_nine_chapters_in_three_parts_after_a_summary(report: Report) -> None:
    headings = [one for one in report.handover.document.blocks if isinstance(one, Heading)]
    parts = [one.text for one in headings if one.level == 1]
    numbered = [one.text for one in headings if re.match(r"\d\. ", one.text)]
    assert [one.split(":")[0] for one in parts] == [
        "Executive summary", "Part one", "Part two", "Part three", "Annex",
    ]  # fmt: skip
    assert [one[0] for one in numbered] == list("123456789")
    assert numbered[1] == "2. Westshire Constabulary and its circumstances"


def test_the_summary_leads_with_what_works(report: Report) -> None:
    page = page_of(report)
    order = ("Executive summary", "We found one strength", "Officers listen", "We also found two")
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_every_sentence_says_where_it_comes_from(report: Report) -> None:
    bare = [one for one in said(report) if not re.search(r"\[[^\]]+\][.!?:…]*$", one)]
    assert bare == []


def test_the_switch_takes_all_of_it_away_and_nothing_else(
    opened: Vault, told: ToldInspection, report: Report
) -> None:
    without = opened.read_now(prepare_report, told.inspection, with_basis=False)
    text = to_markdown(without.handover.document)
    assert "\\[" not in text.replace("\\[/\\]", "") and "Annex" not in text
    assert "\ue000" not in text + to_markdown(report.handover.document)
    shown = {one.key: one for one in report.sections}
    for section in without.sections:
        if section.key not in ("front", "annex"):
            assert [printed(one, shown=False) for one in shown[section.key].blocks] == [
                printed(one, shown=False) for one in section.blocks
            ]


def test_a_finding_stands_in_its_last_agreed_words_with_its_evidence(report: Report) -> None:
    page = page_of(report)
    assert re.search(r"Concern\. Agreed last \[finding 2: 2 case audits, 1 interview\]\.", page), (
        page
    )
    assert "each handover [recommendation 1; finding 2]." in page
    assert re.search(r"kept overnight \[recommendation 2; point \d\]\.", page)
    assert "Resources: It needs nobody more [recommendation 1: the force's context]." in page
    assert "The force has not agreed the wording of finding 3 [finding 3]." in page
    assert "| 2 | Review them tonight. | superintendent |" in page
    assert "to be acted on as follows: one immediately and one within six months [" in page


def test_nothing_leaves_that_the_force_was_not_told(report: Report) -> None:
    page = page_of(report)
    for words in ("first draft", "never told", "Wednesday", "An early answer", THEIRS, PRESENT,
                  "42/1000", "Northtown", "Ours alone"):  # fmt: skip
        assert words not in page, words
    assert list(OURS.finditer(page)) == []
    assert machine_like(report.handover.document) == []
    assert "In it: 1 recommendation that no told finding is behind." in report.handover.left_out
    assert any("not told in any debrief" in one for one in report.handover.left_out)


@pytest.mark.parametrize("methodology", ["2014", "2018", "2024"])
def test_an_empty_inspection_has_a_sentence_in_each_chapter(vault: Vault, methodology: str) -> None:
    made = vault.write_now(inspections.create, force="Eastshire", methodology=methodology)
    report = vault.read_now(prepare_report, made.id)
    for section in report.sections:
        assert any(isinstance(one, Paragraph | Bullets) for one in section.blocks), section
    page = page_of(report)
    assert "We make no recommendation" in page
    keys = [one.key for one in load(methodology).areas]
    contents = chapters()
    placed = [key for one in contents.chapters for key in contents.criteria_of(one, keys)]
    assert sorted(placed) == sorted(keys)


def test_word_has_the_same_words_as_markdown(report: Report) -> None:
    word = Document(io.BytesIO(made(report, ".docx").data))
    texts = walk(word)
    for block in report.handover.document.blocks:
        if isinstance(block, Heading | Paragraph):
            lead = getattr(block, "lead", "")
            assert " ".join(f"{lead} {block.text}".split()) in texts
        elif isinstance(block, Grid):
            assert all(cell in texts for row in block.rows for cell in row if cell)
    header = "".join(one.text for one in word.sections[0].header.paragraphs)
    assert header == "OFFICIAL-SENSITIVE"


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("We saw it.", "We saw it [b]."),
        ("Was it so? It was!", "Was it so [b]? It was [b]!"),
        ("He said “no.”", "He said “no.” [b]"),
        (
            "It waits (e.g. at 5 p.m. on Monday). Then it goes",
            "It waits (e.g. at 5 p.m. on Monday) [b]. Then it goes [b].",
        ),
        ("These:", "These [b]:"),
        ("", ""),
        ("A \ue000sign\ue001 of a person.", "A sign of a person [b]."),
    ],
)
def test_each_sentence_gets_its_basis_before_its_end(text: str, basis: str) -> None:
    block = Paragraph(rests_on(text, "b"))
    assert printed(block, shown=True) == Paragraph(basis)
    assert printed(block, shown=False) == Paragraph(basis.replace(" [b]", ""))


def test_another_organisation_has_its_own_chapters(
    opened: Vault, told: ToldInspection, tmp_path: Path
) -> None:
    path = tmp_path / "chapters.toml"
    path.write_text(
        '[summary]\ntitle = "In short"\n[[parts]]\ntitle = "All"\n'
        '[[parts.chapters]]\nkey = "recommendations"\ntitle = "What {force} should do"\n'
        '[[parts.chapters]]\nkey = "leadership"\ncriteria = ["*"]\n',
        "utf-8",
    )
    report = opened.read_now(prepare_report, told.inspection, chapters_file=path)
    assert [one.title for one in report.sections][1:4] == [
        "In short",
        "1. What Westshire Constabulary should do",
        "2. Leadership, partners and the force as a whole",
    ]
    assert "Agreed last" in page_of(report), "what no chapter names stands where * is"
    assert any("leaves out: 1. Why and how" in one for one in report.handover.left_out)


@pytest.mark.parametrize(
    "text",
    [
        "no toml",
        "",
        "parts = 3",
        '[[parts]]\ntitle = "A"',
        '[[parts]]\ntitle = "A"\nchapters = []',
        '[[parts]]\ntitle = "A"\n[[parts.chapters]]\nkey = "other"',
        '[[parts]]\ntitle = "A"\n[[parts.chapters]]\nkey = "cases"\ntitle = 3',
        '[[parts]]\ntitle = "A"' + '\n[[parts.chapters]]\nkey = "cases"' * 2,
        '[summary]\n[[parts]]\ntitle = "A"\n[[parts.chapters]]\nkey = "cases"',
    ],
)
def test_a_file_of_chapters_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "chapters.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RefusedError, match=r"Nothing was written"):
        chapters(path)
