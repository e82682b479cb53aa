"""The house as docs/house.md draws it: no circles, no crowded folder, no long file."""

from __future__ import annotations

import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import grimp
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("fieldkit", "screens", "storage")
MAX_LINES = 350
MAX_ENTRIES = 18

Arrows = Mapping[str, Iterable[str]]


@cache
def imports() -> dict[str, frozenset[str]]:
    """For each module the modules that it imports, also within functions and for types."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {
        name: frozenset(graph.find_modules_directly_imported_by(name)) for name in graph.modules
    }


def circle_in(arrows: Arrows) -> list[str]:
    """Return the members of one circle of imports, or nothing where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def between_folders(arrows: Arrows, package: str) -> dict[str, set[str]]:
    """Return which direct members of a package import which others, all within them counted."""
    members: dict[str, set[str]] = defaultdict(set)
    start = f"{package}."
    for importer, imported in arrows.items():
        if importer.startswith(start):
            member = importer.removeprefix(start).split(".")[0]
            others = (name.removeprefix(start) for name in imported if name.startswith(start))
            members[member] |= {name.split(".")[0] for name in others} - {member}
    return members


def sources() -> list[Path]:
    """Return the source files of the three packages."""
    return [path for name in PACKAGES for path in (REPOSITORY / name).rglob("*.py")]


def test_no_file_imports_one_that_imports_it() -> None:
    assert circle_in(imports()) == []


def test_no_folder_imports_one_that_imports_it() -> None:
    packages = [
        *PACKAGES,
        *(name for name in imports() if (REPOSITORY / name.replace(".", "/")).is_dir()),
    ]
    circles = {name: circle_in(between_folders(imports(), name)) for name in packages}
    assert {name: circle for name, circle in circles.items() if circle} == {}


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("storage.ops.fold", "storage.feed.replay"),
        ("fieldkit.wording.format", "fieldkit.history.audit"),
        ("screens.kit.page", "screens.inspections.home"),
    ],
)
def test_an_arrow_turned_round_is_found(importer: str, imported: str) -> None:
    turned = {**imports(), importer: imports()[importer] | {imported}}
    package = importer.split(".")[0]
    assert circle_in(turned) or circle_in(between_folders(turned, package))


def test_no_file_is_long_and_no_folder_is_crowded() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert {path.name: count for path, count in lines.items() if count > MAX_LINES} == {}
    files = Counter(path.parent for path in sources() if path.name != "__init__.py")
    folders = Counter(path.parent.parent for path in sources() if path.name == "__init__.py")
    entries = {folder: files[folder] + folders[folder] for folder in files.keys() | folders.keys()}
    assert {str(folder): count for folder, count in entries.items() if count > MAX_ENTRIES} == {}


def test_every_path_that_the_house_names_is_there() -> None:
    page = (REPOSITORY / "docs" / "house.md").read_text("utf-8")
    paths = re.findall(r"`((?:fieldkit|screens|storage|release|tests|docs)/[\w./]*)`", page)
    coming = {"fieldkit/followup/", "screens/followup/"}
    assert len(paths) > 60
    assert [path for path in paths if not (REPOSITORY / path).exists() and path not in coming] == []


def test_every_promise_names_the_test_that_holds_it() -> None:
    page = (REPOSITORY / "docs" / "threats.md").read_text("utf-8")
    paths = set(re.findall(r"`(tests/[\w./]*)`", page))
    assert sorted(path for path in paths if not (REPOSITORY / path).exists()) == []
    who, done = page.split("## What is not")[0].split("## What is done")
    promises = [*who.split("\n| ")[2:], *done.split("\n- ")[1:]]
    assert len(promises) > 25
    assert [one[:60] for one in promises if "`tests/" not in one] == []


def test_every_name_that_a_docstring_refers_to_is_there() -> None:
    pattern = re.compile(
        r":(?:func|mod|class|meth|data|attr):`((?:fieldkit|screens|storage)\.[\w.]+)`"
    )
    for path in sources():
        for name in pattern.findall(path.read_text("utf-8")):
            assert resolves(name), f"{path.name} refers to {name}"


def resolves(name: str) -> bool:
    """Say whether a dotted name is that of a module, or of something in one."""
    parts = name.split(".")
    length = next(n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in imports())
    found: Any = importlib.import_module(".".join(parts[:length]))
    for part in parts[length:]:
        if part in getattr(found, "__annotations__", {}):
            return True
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True
