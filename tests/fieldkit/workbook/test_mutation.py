"""Mutated files are read or refused in a sentence: no crash, no hang, nothing written.

A few hundred in the suite; ``FIELDKIT_TORTURE=1`` runs 100,000.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.read_workbook import read_workbook
from tests.fieldkit.workbook.mutation import mutated
from tests.fieldkit.workbook.nuisances import NUISANCES, SCALE, TYPES

DATA = Path(__file__).parent / "data"
TORTURE = os.environ.get("FIELDKIT_TORTURE") == "1"
MADE = ("guidance_first", "summary_by_type", "dates_as_serial_numbers", "macros", "csv_utf16")
# Files of .xls and .ods are read in a process of their own, so they take longer each.
SHARES = {".xlsx": 60_000, ".csv": 30_000, ".xls": 5_000, ".ods": 5_000}
# A second a megabyte, and a second for the smallest; of processor time, for slow machines.
SECONDS_A_MEGABYTE = 1.0


def _sources(folder: Path) -> list[tuple[str, bytes]]:
    made = [n.build(folder) for n in NUISANCES if n.name in MADE]
    paths = [*made, DATA / "old.xls", DATA / "open.ods"]
    return [(p.suffix.replace("xlsm", "xlsx"), p.read_bytes()) for p in paths]


@pytest.mark.parametrize("suffix", sorted(SHARES))
def test_mutated_files(suffix: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sources = [data for kind, data in _sources(tmp_path) if kind == suffix]
    count = SHARES[suffix] if TORTURE else SHARES[suffix] // (200 if suffix != ".ods" else 100)
    folder = tmp_path / "one"
    folder.mkdir()
    path = folder / f"mutated{suffix}"
    read = 0
    for seed in range(count):
        data = mutated(sources[seed % len(sources)], seed)
        path.write_bytes(data)
        began = time.process_time()
        try:
            if seed % 10:
                read_workbook(path, scale=SCALE, types=TYPES).to_json()
            else:
                read_case_list(path, scale=SCALE, types=TYPES).to_json()
            read += 1
        except WorkbookRefused as refusal:
            assert str(refusal).endswith("."), seed
        spent = time.process_time() - began
        assert spent <= SECONDS_A_MEGABYTE * max(1.0, len(data) / 1_000_000), seed
        assert [p.name for p in folder.iterdir()] == [path.name], seed
        assert path.read_bytes() == data, seed
    assert capfd.readouterr() == ("", ""), "a library wrote over the screen"
    assert 0 < read < count, "the mutations should leave some files readable, and spoil some"
