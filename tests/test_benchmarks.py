"""The harness of the benchmarks runs; what it measures on a computer like this says nothing."""

from __future__ import annotations

import re

import pytest

from benchmarks.__main__ import ROWS, line, main
from benchmarks.row import Measured, Row


def test_two_cheap_rows_are_measured_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--only", "version", "--only", "matching"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"fieldkit --version +\d.* ms +\d.* ms +\d+\.\d\d× +4× +(yes|NO)", printed)
    assert re.search(r"matching 1,000 × 1,000 .* +1.5× +(yes|NO)", printed)
    assert "not measured" not in printed


def test_a_row_is_within_up_to_its_budget() -> None:
    def row(budget: float) -> Row:
        return Row("x", "x", "y", budget, lambda _: measured)

    measured = Measured([0.2, 0.4, 9.0], [0.1, 0.2, 0.3], note="more")
    assert measured.ratio == 2
    assert re.search(r"400 ms +200 ms +2.00× +2×  yes", line(row(2), measured))
    assert re.search(r"2.00× +1.9×  NO\n    against y; more", line(row(1.9), measured))


def test_each_name_is_one_row() -> None:
    assert len({one.name for one in ROWS}) == len(ROWS)
