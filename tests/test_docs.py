"""The pages for people: links lead somewhere, commands are there, nothing is left over."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fieldkit.cli.reference.commands import Command, all_commands
from fieldkit.cli.reference.page import anchor

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MADE = {"cli.md", "json.md", "keys.md", "CHANGELOG.md"}
"""Made by the program, or about earlier versions: their commands are not looked at."""


def of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def anchors(path: Path) -> frozenset[str]:
    """The anchors of a page's headings; one that comes again gets a number."""
    seen: dict[str, int] = {}
    for heading in re.findall(
        r"^#{1,6} (.*)$", re.sub(r"```.*?```", "", text_of(path), flags=re.S), re.M
    ):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|`", r"\1", heading)
        name = anchor(plain)
        seen[name] = seen.get(name, -1) + 1
        if seen[name]:
            seen[f"{name}-{seen[name]}"] = 0
    return frozenset(seen)


def links(path: Path) -> Iterator[tuple[str, Path, str]]:
    """Each link of a page that leads to a file: as it is written, its file and its anchor."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        if "://" not in target:
            name, _, part = target.partition("#")
            yield target, (path.parent / name).resolve() if name else path, part


@pytest.mark.parametrize("page", PAGES, ids=of)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = [
        target
        for target, file, part in links(page)
        if not file.exists() or (part and file.suffix == ".md" and part not in anchors(file))
    ]
    assert lost == []


def test_every_page_is_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += [file for _, file, _ in links(page) if file.suffix == ".md"]
    linked = {file for _, file, _ in links(ROOT / "docs" / "README.md")}
    assert [of(page) for page in PAGES if page not in reached and page.name != "CHANGELOG.md"] == []
    in_docs = [page for page in PAGES if page.parent.name == "docs" and page.name != "README.md"]
    assert [of(page) for page in in_docs if page not in linked] == []


def test_every_picture_that_a_page_shows_is_there() -> None:
    shown = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"!\[[^]]*\]\(([^)\s]+)\)", text_of(page))
    ]
    assert shown and all((page.parent / target).exists() for page, target in shown)


def commands_in(text: str) -> Iterator[str]:
    """The commands that a page tells people to type: in code, after the program's name."""
    code = [*re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text), *re.findall(r"^ {4,}(.*)$", text, re.M)]
    for line in code:
        match = re.match(r"(?:\S*/)?fieldkit(?: +(?!=)(.*))?$", line.strip())
        if match and match[1]:
            yield match[1]


def known() -> dict[str, Command]:
    return {one.words: one for one in all_commands()}


def unknown_in(typed: str) -> str:
    """Say what of a command is not known: a word where a command has to stand, or an option."""
    try:
        words = shlex.split(
            typed.replace("…", "X").replace("“", '"').replace("”", '"'), comments=True
        )
    except ValueError:
        words = typed.split()
    commands, at, option = known(), "", None
    for word in words:
        here = commands[at]
        if option is not None:
            option = None
        elif re.match(r"--?\w[^ ]*$", word):
            name = word.partition("=")[0]
            options = {called: one for one in here.options for called in one.names}
            if name not in options and name not in ("--help", "-h"):
                return f"{typed}: {name}"
            if name in options and options[name].value and "=" not in word:
                option = name
        elif f"{at} {word}".strip() in commands and at != "help":
            at = f"{at} {word}".strip()
        elif here.below and not here.arguments and not re.match(r"[A-Z]", word):
            return f"{typed}: {word}"
    return ""


@pytest.mark.parametrize("page", [one for one in PAGES if one.name not in MADE], ids=of)
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    wrong = [unknown_in(typed) for typed in commands_in(text_of(page))]
    assert list(filter(None, wrong)) == []


def test_a_command_that_is_not_there_is_found() -> None:
    text = (
        "Type `fieldkit vault creat`, then:\n\n    fieldkit cases list --opne\n\nand `fieldkit`.\n"
    )
    assert [unknown_in(one) for one in commands_in(text)] == [
        "vault creat: creat",
        "cases list --opne: --opne",
    ]
    assert unknown_in("--vault x cases add WST-1 --type custody") == ""
    assert unknown_in("enrol roster.json --fingerprint “seven words …”") == ""


def test_every_make_target_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {
        word
        for page in PAGES
        for code in re.findall(r"`make ([a-z ]+)`", text_of(page))
        for word in code.split()
    }
    assert named and named - targets == set()


def test_no_page_names_a_machine() -> None:
    private = re.compile(r"/work/|/tmp/|/home/|/root/\.|\blocalhost:\d|index-url", re.I)
    assert [of(page) for page in PAGES if private.search(text_of(page))] == []
