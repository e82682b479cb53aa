"""Workbooks with one nuisance each import right or are refused with the right sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.read_workbook import read_workbook
from tests.fieldkit.workbook.accounting import check_account, check_cells
from tests.fieldkit.workbook.nuisances import NUISANCES, SCALE, TYPES, Nuisance


def test_there_are_at_least_forty() -> None:
    names = [nuisance.name for nuisance in NUISANCES]
    assert len(names) == len(set(names)) >= 40


@pytest.mark.parametrize("nuisance", NUISANCES, ids=lambda n: str(n.name))
def test_nuisance(nuisance: Nuisance, tmp_path: Path) -> None:
    path = nuisance.build(tmp_path)
    before = sorted(tmp_path.iterdir()), path.read_bytes()
    if nuisance.refused:
        with pytest.raises(WorkbookRefused) as refusal:
            read_workbook(path, scale=SCALE, types=TYPES, **nuisance.arguments)
        sentence = str(refusal.value)
        assert nuisance.refused in sentence
        assert sentence.endswith(".") and sentence[0].isalnum() | (sentence[0] in "“")
    else:
        reading = read_workbook(path, scale=SCALE, types=TYPES, **nuisance.arguments)
        read = [(row.ref, row.type, row.date, row.grade) for row in reading.rows]
        assert read == nuisance.rows
        problems = [(problem.cell, problem.reason) for problem in reading.problems]
        for cell, part in nuisance.said:
            assert any(at == cell and part in reason for at, reason in problems), problems
        if nuisance.header_row is not None:
            assert reading.header_row == nuisance.header_row
        if nuisance.sheet is not None:
            assert reading.sheet == nuisance.sheet
        check_account(path, reading)
        check_cells(path, reading)
        assert reading.account.rows("named") == 0, reading.account.lines()
        json.dumps(reading.to_json())
    assert (sorted(tmp_path.iterdir()), path.read_bytes()) == before, "reading wrote something"
