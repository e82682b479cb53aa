"""``fieldkit coverage``: the matrix, its gaps, and the evidence of a criterion."""

from __future__ import annotations

import shlex

from fieldkit.evidence.gaps.coverage import methods
from tests.fieldkit.cli.conftest import Runner
from tests.fieldkit.cli.parsers import commands


def test_the_matrix_names_gaps_and_what_fills_them(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001")
    fieldkit.done("judge", "WST-001", "investigation", "good", "--rationale", "Seen early.")
    met = fieldkit.done("fieldwork", "interview", "--role", "custody sergeant", "--json").data["id"]
    said = ("--criterion", "police_detention", "--polarity", "concern")
    fieldkit.done("note", "add", met[:8], "Nobody counts the children.", *said)
    found = fieldkit.done("coverage", "--json").data
    assert found["marking"] == "OFFICIAL-SENSITIVE"
    custody = found["criteria"][-1]
    counts = {one["method"]: one["count"] for one in custody["cells"] if one["applies"]}
    assert counts["interview"] == 1 and counts["case-audit"] == counts["document"] == 0
    assert custody["missing"] == [
        "case-audit",
        "focus-group",
        "observation",
        "document",
        "strength",
    ]
    assert found["gaps"] == sum(len(one["missing"]) for one in found["criteria"])
    text = fieldkit.done("coverage").out
    assert "8 Police detention: no case audit, focus group, observation or document" in text
    assert "--polarity strength --criterion police_detention" in text
    shown = fieldkit.done("coverage", "8").out
    assert "- Nobody counts the children. (custody sergeant" in shown
    assert "1 interview: custody sergeant" in shown
    assert "“What works well here?” was asked in 0 of 1." in shown
    audited = fieldkit.done("coverage", "investigation", "--method", "case-audit", "--json").data
    assert [(one["grade"], one["where"]) for one in audited["evidence"]] == [("good", "WST-001")]


def test_what_it_does_not_know_is_refused(fieldkit: Runner) -> None:
    fieldkit.begun()
    refused = fieldkit.refused("coverage", "overall")
    assert "“overall” is not a criterion of this inspection" in refused
    assert fieldkit("coverage", "--method", "document").code == 2
    assert fieldkit("coverage", "8", "--method", "hearsay").code == 2


def test_each_command_that_fills_a_gap_is_understood() -> None:
    (_, parser), *_ = commands()
    for method in methods().values():
        named = shlex.split(method.command.format(criterion="investigation"))
        assert named[0] == "fieldkit"
        assert callable(parser.parse_args(named[1:]).run)
