"""Every way in which words leave in clear is listed, and each is guarded."""

from __future__ import annotations

import ast
import tomllib
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.fieldkit.cli.conftest import Runner

ROOT = Path(__file__).parents[3]
DOORS = tomllib.loads(files("fieldkit.feedback.guard").joinpath("doors.toml").read_text("utf-8"))
STOPPED = "Somebody could be identified from"


def functions() -> dict[str, set[str]]:
    """The names that each function of pages, commands and documents calls or hands on."""
    found: dict[str, set[str]] = {}
    for folder in ("fieldkit/cli", "fieldkit/feedback", "fieldkit/followup", "screens"):
        for path in (ROOT / folder).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            tree = ast.parse(path.read_text("utf-8"))
            classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
            bodies = {"": tree.body, **{f"{one.name}.": one.body for one in classes}}
            for name, body in bodies.items():
                for node in body:
                    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                        found[f"{module}.{name}{node.name}"] = names
    return found


def test_every_door_is_listed_and_looks_through_what_leaves() -> None:
    known = functions()
    for door in DOORS["door"]:
        assert door["writer"] in known, door
        if door["guard"]:
            assert door["guard"] in known[door["writer"]], door
        else:
            assert door["why"]
    writes = {
        name
        for name, called in known.items()
        if called & {"write_copy", "to_csv"}
        or (called & {"to_markdown"} and name.startswith(("fieldkit.cli", "screens")))
    }
    assert writes - {one["writer"] for one in DOORS["door"]} == set()


@pytest.fixture
def told(fieldkit: Runner) -> Runner:
    """An inspection in which somebody can be known by what was typed, wherever it is printed."""
    fieldkit.begun()
    fieldkit.done("names", "add", "Jane Prosser = child 1")
    fieldkit.done(
        "cases",
        "add",
        "WST-001",
        "--unit",
        "DC Beynon's desk",
        "--type",
        "missing",
        "--origin",
        "self-assessed",
    )
    fieldkit.done("judge", "WST-001", "overall", "good", "--allow-open")
    fieldkit.force_book("WST-001,Missing,,inadequate,Theirs.")
    fieldkit.done("reveal", "WST-001")
    fieldkit.done(
        "judge", "WST-001", "overall", "good", "--allow-open", "--rationale", "Janes mother rang.",
        "--reason", "PC 1234 Hughes was right.",
    )  # fmt: skip
    fieldkit.done(
        "refer", "WST-001", "--reason", "Jane is at risk.", "--asked-for", "Ring 07700 900123."
    )
    fieldkit.done("point", "add", "Logs are checked.", "--sort", "strength")
    day = ("debrief", "--date", "6/7/2026")
    fieldkit.done(*day, "include", "1")
    fieldkit.done(*day, "freeze", "1")
    fieldkit.done("point", "add", "They ring back.", "--sort", "notable practice")
    fieldkit.done(*day, "include", "2")
    fieldkit.done(*day, "freeze", "2")
    fieldkit.done("practice", "consent", "They ring", "name shown", "--by", "chief")
    fieldkit.done("practice", "write", "They ring", "--ask-whom", "DC Beynon")
    fieldkit.done("recommendations", "add", "Do better.", "--owner", "DC Beynon", "--point", "1")
    fieldkit.done("calendar", "add", "Visit to Jane", "--starts", "2026-07-06")
    fieldkit.done(*day, "respond", "1", "--action", "Train", "--action-owner", "DC Beynon")
    return fieldkit


def test_no_command_lets_out_what_somebody_could_be_known_by(told: Runner, tmp_path: Path) -> None:
    for door in DOORS["door"]:
        for number, command in enumerate(door["commands"]):
            path = tmp_path / f"given{number}.docx"
            words = {"FILE": str(path), "CC": "chief constable"}
            argv = [words.get(word, word) for word in command.split()]
            ran = told(*argv)
            assert STOPPED in ran.err + ran.out, (command, ran)
            assert not path.exists(), command


def test_a_name_leaves_in_no_name_of_a_file_nor_as_sender_nor_in_a_template(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.begun()
    fieldkit.done("names", "add", "Jane Prosser = child 1")
    template, made = tmp_path / "looks.docx", tmp_path / "made.docx"
    word = Document()
    about = word.core_properties
    for name in ("author", "comments", "keywords", "subject", "category", "content_status",
                 "identifier", "version", "last_modified_by", "title"):  # fmt: skip
        setattr(about, name, "Jane Prosser")
    word.add_paragraph("Jane Prosser")
    word.sections[0].header.paragraphs[0].text = "Jane Prosser"
    word.save(str(template))
    given = ("handover", "--recipient", "chief constable", "--to")
    for leaks in (
        (str(tmp_path / "jane_prosser-2.docx"),),
        (str(tmp_path / "Prosser family.md"),),
        (str(made), "--sender", "DC 1234 Hughes"),
        (str(made), "--recipient", "Jane Prosser"),
        (str(made), "--recipient", "jane.doe@example.org"),
    ):
        assert STOPPED in fieldkit.refused(*given, *leaks), leaks
    assert fieldkit.done("copies", "--all").out.strip() in ("", "No copy")
    looks = ("--template", str(template))
    assert STOPPED in fieldkit.refused(*given, str(made), *looks) and not made.exists()
    word.settings.element.append(
        parse_xml(f'<w:docVars {nsdecls("w")}><w:docVar w:name="of" w:val="Jane"/></w:docVars>')
    )
    data = Part(PackURI("/customXml/item9.xml"), "application/xml", b"<a>Jane</a>", None)
    word.part.relate_to(data, RELATIONSHIP_TYPE.CUSTOM_XML)
    word.sections[0].header.paragraphs[0].text = "Inspectorate, SW1A 1AA, 020 7946 0123"
    word.save(str(template))
    style = word.styles.add_style("Jane Prosser", WD_STYLE_TYPE.PARAGRAPH)
    word.save(str(template))
    assert STOPPED in fieldkit.refused(*given, str(made), *looks), "a style can tell too"
    style.delete()
    word.save(str(template))
    fieldkit.done(*given, str(made), *looks)
    with zipfile.ZipFile(made) as parts:
        assert [name for name in parts.namelist() if b"Jane" in parts.read(name)] == []
