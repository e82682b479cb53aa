"""The page, the data and the lines: what `compare` prints."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from fieldkit.comparison.compare import Comparison, compare
from fieldkit.comparison.inputs import (
    ComparedCase,
    CriterionJudged,
    ForceRowView,
    PreviousInspection,
    ProblemView,
)
from fieldkit.comparison.output.csv_output import to_csv
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text

SCALE = ("good", "requires improvement", "inadequate")
FIVE = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
Maker = Callable[..., ComparedCase]


@pytest.fixture
def comparison(make: Maker) -> Comparison:
    letters = ["gg"] * 8 + ["rg"] * 5 + ["rr"] * 8 + ["ii"] * 7 + ["ig", "gr", "ri", "g-", "i-"]
    letters += ["g"] * 6 + ["r"] * 22 + ["i"] * 36 + ["-"]
    return compare(
        [make(two, our_rationale="Seen and spoken to.") for two in letters],
        SCALE,
        unmatched_rows=[
            ForceRowView(37, "Cases", "42/41039/26", "inadequate"),
            ForceRowView(16, "Cases", "42/41068/26", None, hidden=True),
        ],
        problems=[ProblemView("Cases", "E12", "TBC", "not a grade of the scale")],
        previous=PreviousInspection("2018 inspection", SCALE, {"good": 20, "inadequate": 9}, 29),
    )


def test_json_has_the_keys_that_scripts_rely_on(comparison: Comparison) -> None:
    data = json.loads(json.dumps(to_json(comparison), allow_nan=False))
    assert data["grades"] == list(SCALE)
    table = data["tables"]["self_assessed"]
    assert table["crosstab"]["requires improvement"] == {
        "good": 5, "requires improvement": 8, "inadequate": 1,
    }  # fmt: skip
    assert list(table["crosstab"]) == list(SCALE)
    assert table["force"] == {"good": 14, "requires improvement": 9, "inadequate": 8}
    assert table["inspectors"] == {"good": 10, "requires improvement": 14, "inadequate": 9}
    assert table["not_judged"] == {"by_us": 0, "by_force": 2}
    assert data["tables"]["inspectors_only"] == {
        "good": 6, "requires improvement": 22, "inadequate": 36,
    }  # fmt: skip
    assert data["tables"]["type_by_grade"] == {
        "Domestic abuse": {"good": 16, "requires improvement": 36, "inadequate": 45}
    }
    assert data["not_judged"]["inspectors_only"] == 1
    first = data["disparities"][0]
    assert (first["ours"], first["force"], first["steps"]) == ("inadequate", "good", 2)
    agreement = data["agreement"]
    assert agreement["n"] == 31 and agreement["exact"] == pytest.approx(23 / 31)
    assert agreement["within_one"] == pytest.approx(30 / 31)
    assert agreement["kappa"] == pytest.approx(0.6155038760)
    assert agreement["kappa_linear"] == pytest.approx(0.6634499397)
    assert agreement["sign_p"] == pytest.approx(0.2890625)
    assert isinstance(agreement["note"], str)
    assert [row["row"] for row in data["unmatched"]["force_rows"]] == [16, 37]
    assert data["unmatched"]["our_cases"] == []
    assert data["problems"] == [
        {"sheet": "Cases", "cell": "E12", "value": "TBC", "reason": "not a grade of the scale"}
    ]
    assert data["checks"] == []


@pytest.mark.parametrize("width", [60, 72, 80, 120])
@pytest.mark.parametrize("scale", [SCALE, FIVE])
def test_the_page_keeps_within_its_width(make: Maker, width: int, scale: tuple[str, ...]) -> None:
    long = "Children detained in police custody after charge without other accommodation"
    cases = [make("gi", types=(long,), our_rationale="word " * 60) for _ in range(12)]
    cases += [make("rr", reference="W" * 100), make("i"), make("ig", auditor="x" * 40)]
    page = to_text(compare(cases, scale), width)
    assert max(map(len, page.splitlines())) <= width


def test_the_page_says_it_all_without_colour(comparison: Comparison) -> None:
    page = to_text(comparison)
    flat = " ".join(page.split())
    for words in (
        "1. Self-assessed cases: 33",
        "requires improvement 5 + 8 1 - 14",
        "inadequate 1 ++ 0 7 8",
        "Each side by itself, all that it graded: the force 31, we 33.",
        "31 graded by both, 2 by inspectors only: 33. The force's row has no grade: 2. Withdrawn",
        "WST-032: the force gives no grade.",
        "Sums agree with the cases.",
        "inspectors audited 97 child protection cases (16 cases were good, 36 required improvement"
        " and 45 were inadequate).",
        "4. Differences, worst first: 8",
        "Ours: Seen and spoken to.",
        "Force: no rationale",
        "higher than we did in 6 of 31 judgments and lower in 2 (exact sign test p = 0.289).",
        "Same grade: 23 of 31 (74 %).",
        "Kappa (linear weights): 0.66, 95 % interval",
        "not drawn at random",
        "Then and now: 2018 inspection",
        "Cases row 16: 42/41068/26, grade hidden",
        "Cases E12: “TBC”: not a grade of the scale",
        "force 14 ##############",
    ):
        assert words in flat, words
    assert "error" not in flat.replace("standard error", "")
    assert "\x1b" not in page and "nan" not in flat.casefold().split()
    page.encode("cp1252")  # what an older Windows terminal can print


def test_what_does_not_add_up_stands_by_its_table_and_at_the_end(make: Maker) -> None:
    previous = PreviousInspection("2014", SCALE, {"good": 34}, 33)
    page = to_text(compare([make("ga")], SCALE, previous=previous))
    assert page.count("34, but there are 33 cases: 1 too many.") == 2
    assert "To be put right: 2 sentences" in page
    assert "“adequate” is not on the scale" in page


def test_a_rationale_cannot_command_the_terminal(make: Maker) -> None:
    page = to_text(compare([make("ig", their_rationale="\x1b]0;x\x07\u202eevil")], SCALE))
    assert "\x1b" not in page and "\x07" not in page and "\u202e" not in page and "evil" in page


def test_csv_has_every_figure_on_a_line(comparison: Comparison) -> None:
    lines = list(csv.DictReader(io.StringIO(to_csv(comparison))))
    cross = [line for line in lines if line["table"].startswith("self-assessed: our grade")]
    assert sum(int(line["value"]) for line in cross if "total" not in line.values()) == 31
    figures = {(line["table"], line["row"], line["column"]): line["value"] for line in lines}
    assert figures["agreement", "all self-assessed", "pairs"] == "31"
    assert figures["inspectors only", "not judged", "cases"] == "1"
    assert figures["case type by grade", "Domestic abuse", "good"] == "16"
    assert figures["previous: 2018 inspection", "inadequate", "then"] == "9"
    assert all(None not in line for line in lines)


def test_csv_has_what_text_and_json_have(make: Maker) -> None:
    cases = [make("gg") for _ in range(20)] + [make("rg", reference="D"), make("ri"), make("ii")]
    cases += [make("gi", reference="C", initial="inadequate", why_changed="a second volume")]
    cases += [make("g-", reference="W", withdrawn=True)]
    made = compare(cases, SCALE)
    found = [tuple(one.values()) for one in csv.DictReader(io.StringIO(to_csv(made)))]
    changed = "changed after the force's grade was seen"
    for line in (
        ("difference", "D", "ours", "requires improvement", ""),
        ("difference", "D", "force", "good", ""),
        ("difference", "D", "grades the force is higher", "1", ""),
        (changed, "C", "inadequate", "good", "a second volume"),
        ("withdrawn", "W", "origin", "self-assessed", ""),
    ):
        assert line in found
    figures = {one[2]: one[3] for one in found if one[0] == "agreement"}
    told = to_json(made)["agreement"]
    assert figures["kappa, linear weights, standard error"] == str(made.agreement.kappa_linear.ase)
    for name, key in (
        ("kappa", "kappa"),
        ("kappa, linear weights, cases drawn again", "kappa_linear_bootstrap"),
    ):
        ends = [figures[f"{name}, 95 % interval, {end}"] for end in ("low", "high")]
        assert ends == [str(one) for one in told["intervals"][key]]


def test_nothing_is_announced_and_then_left_empty(make: Maker) -> None:
    problem = ProblemView("Cases", "E35", " ", "No grade is given.")
    judged = [CriterionJudged("none", "Investigation", None)]
    page = to_text(compare([make("ig")], SCALE, problems=[problem], criteria=judged))
    flat = " ".join(page.split())
    assert "Cases E35: No grade is given." in flat
    assert "our grade of a criterion lies below it in none. Withdrawn" in flat


def test_csv_of_differences_is_no_formula(make: Maker) -> None:
    case = make("ig", their_rationale="=cmd|' /C calc'!A0", our_rationale="two\nlines, “so”")
    lines = list(csv.DictReader(io.StringIO(to_csv(compare([case], SCALE)))))
    said = {line["column"]: line for line in lines if line["table"] == "difference"}
    assert said["force"]["note"].startswith("'=")
    assert said["ours"]["note"] == "two lines, “so”"
    assert said["grades the force is higher"]["value"] == "2"
