"""Nothing that stands in a file goes unsaid: every filled row and cell has come to one thing.

The bounded form runs in the suite; ``FIELDKIT_TORTURE=1`` reads 5,000 mutated files and draws many
more layouts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import Reading
from tests.fieldkit.two_files import make_two_files
from tests.fieldkit.workbook.accounting import check_account, check_cells
from tests.fieldkit.workbook.layouts import TRUE_FIELDS, Layout, layouts, write_layout
from tests.fieldkit.workbook.mutation import mutated
from tests.fieldkit.workbook.nuisances import NUISANCES, SCALE, TYPES

DATA = Path(__file__).parent / "data"
TORTURE = os.environ.get("FIELDKIT_TORTURE") == "1"
MUTATED = 5_000 if TORTURE else 80
LAYOUTS = 2_000 if TORTURE else 20
Read = Callable[..., Reading]


@pytest.mark.parametrize("name", ["old.xls", "open.ods"])
def test_the_account_of_other_formats_adds_up(name: str) -> None:
    check_account(DATA / name, read_workbook(DATA / name, scale=SCALE, types=TYPES))


def test_the_account_of_the_practice_files_adds_up(tmp_path: Path) -> None:
    files = make_two_files(tmp_path)
    force = read_workbook(files.force, scale=SCALE, types=list(files.type_by_grade))
    ours = read_case_list(files.cases, scale=SCALE, types=list(files.type_by_grade))
    check_account(files.force, force)
    check_account(files.cases, ours)
    assert force.account.rows("named") == ours.account.rows("named") == 0
    assert force.account.words().startswith(f"{force.account.filled_rows} filled rows: 1 of head")


def test_the_account_of_mutated_files_adds_up(tmp_path: Path) -> None:
    sources = [one.build(tmp_path) for one in NUISANCES if not one.refused]
    plain = [path for path in sources if path.stat().st_size < 100_000]
    read = 0
    for seed in range(MUTATED):
        source = plain[seed % len(plain)]
        path = tmp_path / f"mutated{source.suffix}"
        path.write_bytes(mutated(source.read_bytes(), seed))
        reader: Read = read_workbook if seed % 4 else read_case_list
        try:
            reading = reader(path, scale=SCALE, types=TYPES)
        except WorkbookRefused:
            continue
        check_account(path, reading)
        read += 1
    assert read > MUTATED // 4


@settings(max_examples=LAYOUTS)
@given(layout=layouts())
def test_every_case_of_a_layout_is_read_right_or_named(
    layout: Layout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("layout") / "book.xlsx"
    places = write_layout(path, layout)
    reading = read_workbook(path, scale=SCALE, types=TYPES)
    check_account(path, reading)
    check_cells(path, reading)
    read = {row.ref: row for row in reading.rows}
    named = {row for share in reading.account.shares if share.fate == "named" for row in share.rows}
    beside = " ".join(one.reason for one in reading.problems if "second table" in one.reason)
    for case, (row, column) in places.items():
        if case in read:
            truth = layout.cases[case]
            assert {name: getattr(read[case], name) for name in TRUE_FIELDS} == truth
        else:
            assert row in named or (beside and column > 5), (case, row)
    assert set(read) <= set(places), "no note or total is read as a case"
