"""What pages keep of a reading and read anew only in part is what a fresh reading gives."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from fieldkit.casework import queries, referrals
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case
from fieldkit.comparison.assemble import material
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview, entry_lines
from fieldkit.evidence.gaps.coverage import coverage
from fieldkit.evidence.gaps.lints import lints
from fieldkit.evidence.origins import origins, resting
from fieldkit.feedback.debriefs.actions import actions
from fieldkit.feedback.today import today_on_site
from fieldkit.inspections import inspections
from fieldkit.inspections.finished import finished
from fieldkit.inspections.home import home
from fieldkit.service import author
from storage.database import remembered
from storage.database.errors import DiskError
from storage.errors import FieldkitError
from storage.history.delivery import unsent
from storage.history.history import first_written
from storage.ops.op import DELETED
from storage.records import Case, Interview, Note
from storage.records.case_file import records_of_cases
from storage.records.lookup import rows_in, rows_kept
from storage.trust.identity import own_device, own_recipients
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.fieldkit.test_services_property import EXAMPLES, PHASES, STEPS, Chooser
from tests.storage.colleague import Colleague

Reading = Callable[[Session, str], object]
READINGS: dict[str, Reading] = {
    "cases": case_lines,
    "home": home,
    "today": today_on_site,
    "finished": lambda s, i: finished(s, i, 1),
    "coverage": coverage,
    "look again": lints,
    "points": points.point_lines,
    "points, changes apart": lambda s, i: points.point_lines(s, i, changes=False),
    "rests on": lambda s, i: resting(s, i, changes=False),
    "fieldwork": entry_lines,
    "comparison": material,
    "referrals": lambda s, i: referrals.lines(s, i, "2026-07-06T12:00:00Z"),
    "queries": queries.counts,
    "promised": lambda s, i: actions(s, i, None),
    "unsent": lambda s, _: unsent(s.connection(), device=author(s).device),
    "whose": lambda s, _: (own_device(s.connection()), own_recipients(s.connection())),
    "rows": lambda s, i: [rows_kept(s, kind, i) for kind in (Case, Interview)],
}
KEPT = ("remembered", "worked out", "written_after")


class GivenUpError(Exception):
    """What is written is given up."""


def read(s: Session, inspection: str) -> dict[str, object]:
    return {name: reading(s, inspection) for name, reading in READINGS.items()}


def same_as_fresh(s: Session, inspection: str, after: object) -> None:
    """Compare what is kept with what is read where nothing is."""
    s.flush()
    found = read(s, inspection)
    info = s.connection().info
    aside = {name: info.pop(name) for name in KEPT if name in info}
    for name, reading in READINGS.items():
        info_now = {each: info.pop(each) for each in KEPT if each in info}
        assert found[name] == reading(s, inspection), (name, after)
        del info_now
    for name in KEPT:
        info.pop(name, None)
    info.update(aside)
    plain = [rows_in(s, kind, inspection) for kind in (Case, Interview)]
    assert found["rows"] == plain


def take(
    vault: Vault, ben: Colleague, inspection: str, number: int, figures: Sequence[int]
) -> None:
    """Take a step: as it is, seen from within and given up, or as a colleague's."""

    def step(s: Session) -> None:
        STEPS[number](s, Chooser(figures))
        same_as_fresh(s, inspection, number)

    def given_up(s: Session) -> None:
        step(s)
        raise GivenUpError

    def theirs(s: Session) -> None:
        known = [*rows_in(s, Case, inspection), *rows_in(s, Interview, inspection)]
        if not known:
            return
        row = known[number % len(known)]
        fields: dict[str, Any] = {"unit": "x"} if row.KIND == Case.KIND else {"role": f"r{number}"}
        fields = {DELETED: True} if figures[1] == 0 else fields
        ben.hand_over(s, [ben.write((row.KIND, row.id), fields, ms=1000 + number)])

    way = {0: given_up, 1: theirs}.get(figures[0], step)
    try:
        vault.write_now(way)
    except (FieldkitError, GivenUpError):
        pass
    vault.read_now(same_as_fresh, inspection, number)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(STEPS) - 1), st.lists(st.integers(0, 11), min_size=6, max_size=6)
        ),
        min_size=10,
        max_size=30,
    )
)
def test_what_is_kept_is_what_is_read(
    vault_made_once: Path, steps: list[tuple[int, list[int]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(vault_made_once, Path(folder) / "vault")
        with open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
            for reference in ("A-1", "A-2"):
                vault.write_now(add_case, made.id, reference, force_ref="42/10001/26")
            vault.write_now(add_row, made.id, 1)
            vault.write_now(add_interview, made.id, role="sergeant")
            vault.write_now(points.add_point, made.id, "Visits are late.", "concern")
            # Undo does not take the inspection itself away.
            vault.author.undoable.clear()
            ben = Colleague("b" * 16)
            for number, figures in steps:
                take(vault, ben, made.id, number, figures)


def test_a_row_is_read_again_only_where_it_was_written(vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
    one, other = (vault.write_now(add_case, made.id, name).id for name in ("A-1", "A-2"))
    before = {row.id: row for row in vault.read_now(rows_kept, Case, made.id)}
    vault.write_now(lambda s: s.get(Case, one).change(unit="North"))  # type: ignore[union-attr]
    after = {row.id: row for row in vault.read_now(rows_kept, Case, made.id)}
    assert after[other] is before[other]
    assert after[one].unit == "North"


def test_an_answer_is_kept_until_an_op_comes_or_something_else_is_asked(vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
    asked: list[str] = []

    def ask(what: str) -> int:
        def answer() -> int:
            asked.append(what)
            return len(asked)

        return vault.read_now(
            lambda s: remembered.unchanged(s.connection(), "an answer", what, answer)
        )

    assert [ask("a"), ask("a"), ask("b"), ask("b")] == [1, 1, 2, 2]
    vault.write_now(add_case, made.id, "A-1")
    assert ask("b") == 3


def test_an_answer_outlives_what_is_written_apart_from_it(vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
    case = vault.write_now(add_case, made.id, "A-1")
    asked: list[str] = []

    def ask(what: str) -> int:
        def answer() -> int:
            asked.append(what)
            return len(asked)

        on = remembered.none_of(Case.KIND)
        return vault.read_now(
            lambda s: remembered.unchanged(s.connection(), "an answer", what, answer, on)
        )

    assert [ask("a"), ask("a")] == [1, 1]
    vault.write_now(add_interview, made.id, role="sergeant")
    assert ask("a") == 1
    vault.write_now(lambda s: s.get(Case, case.id).change(unit="North"))  # type: ignore[union-attr]
    assert ask("a") == 2
    vault.write_now(add_interview, made.id, role="constable")
    assert ask("b") == 3


def test_answers_are_told_apart_by_what_they_were_worked_out_of(vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
    cases = [vault.write_now(add_case, made.id, name).id for name in ("A-1", "A-2", "A-3")]

    def known(s: Session, fresh: Sequence[str] = ()) -> set[str]:
        answers: dict[str, str] = remembered.recall(
            s.connection(), "answers", lambda case, _: (case,)
        )
        answers |= dict.fromkeys(fresh, "worked out")
        return set(answers)

    def change(case: str) -> None:
        vault.write_now(lambda s: s.get(Case, case).change(unit="North"))  # type: ignore[union-attr]

    vault.read_now(known, cases[:2])
    vault.write_now(add_interview, made.id, role="sergeant")
    assert vault.read_now(known, cases[2:]) == set(cases)
    change(cases[2])
    assert vault.read_now(known, cases[2:]) == set(cases)
    change(cases[0])
    assert vault.read_now(known) == set(cases[1:])
    change(cases[1])
    assert vault.read_now(known) == {cases[2]}


def test_what_follows_from_its_parts_is_made_again_only_of_others(vault: Vault) -> None:
    part, asked = ["a"], list[object]()

    def follow(*parts: object) -> object:
        def make() -> int:
            asked.append(parts)
            return len(asked)

        return vault.read_now(
            lambda s: remembered.following(s.connection(), "what follows", parts, make)
        )

    assert [follow(part), follow(part), follow(["a"]), follow(part)] == [1, 1, 2, 3]


def test_a_reading_that_fails_leaves_no_answer_behind(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails for a moment makes no evidence look deleted afterwards."""
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
    case = vault.write_now(add_case, made.id, "A-1").id
    note = Note.make(inspection_id=made.id, parent_kind="case", parent_id=case, text="Late.")
    vault.write_now(lambda s: s.add(note))
    meeting = vault.write_now(add_interview, made.id, role="sergeant").id
    readings: list[Callable[[Session], object]] = [
        lambda s: origins(s, [(Interview.KIND, meeting)]),
        lambda s: records_of_cases(s, made.id, [note.id]),
        lambda s: first_written(s, [meeting]),
    ]
    for module in ("fieldkit.evidence.origins._read", "storage.records.case_file._look"):
        monkeypatch.setattr(module, fail)
    monkeypatch.setattr("storage.history.history.batches", fail)
    for reading in readings:
        with pytest.raises(DiskError):
            vault.read_now(reading)
    monkeypatch.undo()
    again = [vault.read_now(reading) for reading in readings]
    vault.read_now(lambda s: remembered.forget(s.connection()))
    assert again == [vault.read_now(reading) for reading in readings]
    assert all(again)


def fail(*_: object) -> None:
    raise DiskError("the disk failed")
