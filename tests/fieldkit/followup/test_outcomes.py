"""The programme's outcomes: marked, counted, then and now; the pulse by unit, few no share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework.cases import add_case, set_audit, withdraw_case
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.move_note import move_note
from fieldkit.evidence.notes import add_note, edit_note
from fieldkit.evidence.points import add_point, edit_point, point_lines, withdraw_point
from fieldkit.followup.outcomes.counted import Count, counts
from fieldkit.followup.outcomes.pulse import of_words, questions, take_pulse
from fieldkit.followup.outcomes.table import Bearing, bearings, outcome_table
from fieldkit.followup.recommendations import edit_recommendation, recommend
from fieldkit.followup.register import register
from fieldkit.followup.status import set_status
from fieldkit.inspections import inspections
from fieldkit.methodology import load, versions
from fieldkit.service import RefusedError
from storage.records import Note, Pulse
from storage.records.model.base import InvalidError
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE


def test_the_programme_has_nineteen_outcomes_each_on_its_pathway() -> None:
    for version in versions():
        outcomes = load(version).outcomes
        assert len(outcomes) == 19
        on = [one.pathways for one in outcomes]
        assert [on.count(one) for one in (("force",), ("team",), ("force", "team"))] == [12, 5, 2]


def test_every_indicator_belongs_to_an_outcome_and_counts_what_is_there() -> None:
    methodology = load("2018")
    named = [key for one in methodology.outcomes for key in one.indicators]
    assert set(named) == {one.key for one in methodology.indicators}
    asked = {one.key for one in (*methodology.voice, *methodology.supervision, *methodology.risk)}
    timed = {one.key for one in methodology.timeliness}
    for one in methodology.indicators:
        assert one.how in ("answer", "span", "named", "pulse")
        assert one.field in {"answer": asked, "span": timed}.get(one.how, {""})
        assert one.until in (timed if one.how == "span" else {""})
    assert len(questions(methodology)) == 5


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "0 of 0"),
        (7, 9, "7 of 9"),
        (9, 9, "9 of 9"),
        (7, 10, "7 of 10 (70 %)"),
        (31, 97, "31 of 97 (32 %)"),
        (299, 300, "299 of 300 (99 %)"),
    ],
)
def test_a_share_is_told_from_ten_on(part: int, whole: int, words: str) -> None:
    assert of_words(part, whole) == words


@dataclass
class Made:
    """A vault with two inspections of Westshire; the later one is where things are marked."""

    vault: Vault
    before: str
    later: str
    note: str
    point: str
    group: str
    recommended: str

    def bearing(self, key: str) -> Bearing:
        return self.vault.read_now(bearings, self.later)[key]

    def count(self, key: str) -> Count:
        return self.vault.read_now(counts, self.later)[key]


ANSWERS = (
    *[{"voice_seen_alone": "yes"}] * 3,
    *[{"voice_seen_alone": "no"}] * 6,
    *[{"voice_seen_alone": "not recorded"}] * 2,
    {"voice_seen_alone": "not applicable"},
    {"reported_at": "2026-07-01T10:00", "child_seen_at": "2026-07-01T11:00"},
    {"reported_at": "2026-07-01T10:00", "child_seen_at": "2026-07-01T14:00"},
    {"reported_at": "2026-07-01T10:00", "child_seen_at": "2026-07-02T10:00"},
    # The moments are the wrong way round, or a day only: neither tells a length of time.
    {"reported_at": "2026-07-01T10:00", "child_seen_at": "2026-07-01T09:00"},
    {"reported_at": "2026-07-01T10:00", "child_seen_at": "2026-07-03"},
)


def work(s: Session, before: str, later: str) -> dict[str, str]:
    """Write what bears on outcomes in both inspections."""
    for number, answers in enumerate(ANSWERS, 1):
        case = add_case(s, later, f"WST-{number:03}")
        set_audit(s, case.id, **answers)
    gone = add_case(s, later, "WST-099")
    set_audit(s, gone.id, voice_seen_alone="yes")
    add_note(s, "case", gone.id, "In a case that does not count.", outcomes=["listening"])
    withdraw_case(s, gone.id, "not a case of theirs")
    group = add_interview(s, later, role="custody officers", meeting="focus group")
    add_interview(s, later, role="response officers", meeting="focus group")
    met = add_interview(s, later, role="the lead")
    note = add_note(s, "interview", group.id, "They were trained in May.", polarity="strength",
                    outcomes=["Training", "training", ""])  # fmt: skip
    add_note(s, "interview", met.id, "He was trained, too.", outcomes=["training", "aims"])
    point = add_point(s, later, "Officers are trained.", "strength", outcomes=["training"])
    add_point(s, later, "A mentor in each unit.", "notable practice", outcomes=["training"])
    wrong = add_point(s, later, "A mistake.", "concern", outcomes=["training"])
    withdraw_point(s, wrong.id, "wrong")
    made = recommend(s, later, "Train the rest.", [point.id])
    old = recommend(s, before, "Train all.", outcomes=["training"])
    set_status(s, old.id, "complete", "")
    return {"note": note.id, "point": point.id, "group": group.id, "recommended": made.id}


@pytest.fixture(scope="module")
def made(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("outcomes") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:

        def begin(year: str) -> str:
            one = vault.write_now(
                inspections.create,
                force="Westshire",
                methodology="2018",
                starts=f"{year}-07-06",
                ends=f"{year}-07-10",
            )
            return str(one.id)

        before, later = begin("2024"), begin("2026")
        yield Made(vault, before, later, **vault.write_now(work, before, later))


def test_what_is_marked_is_counted_by_outcome(made: Made) -> None:
    training = made.bearing("training")
    assert (training.strengths, training.concerns, training.other) == (1, 0, 1)
    assert (training.points, training.practice) == (1, 1)
    assert (training.recommended, training.running) == (1, 1)
    assert training.words == (
        "2 notes (+1 −0); 1 point; 1 of notable practice; 1 recommendation, 1 open"
    )
    assert made.bearing("aims").notes == 1
    # A note in a withdrawn case bears on nothing.
    assert made.bearing("listening").notes == 0
    assert made.bearing("offenders").is_empty


def test_case_answers_are_counted(made: Made) -> None:
    assert made.count("seen alone").words == "3 of 11 cases (27 %), 2 not recorded"
    assert made.count("seen").words == ""
    seen = made.count("report to seen")
    assert (seen.part, seen.whole, seen.middle) == (3, 17, 4 * 3600)
    assert seen.words == "4 h in the middle, known of 3 of 17 cases"
    assert made.count("training named").words == "1 of 2 focus groups"


def test_then_and_now_stand_side_by_side(made: Made) -> None:
    table = made.vault.read_now(outcome_table, made.later)
    assert table.called_then == "inspection begun 6 July 2024"
    first = table.rows[0]
    assert (first.key, first.pathway) == ("training", "police force")
    assert first.then is not None
    assert (first.then.recommended, first.then.running) == (1, 0)
    assert len(table.bare) == 15
    alone = made.vault.read_now(outcome_table, made.before)
    assert alone.called_then == ""
    assert {one.then for one in alone.rows} == {None}


def test_the_pulse_is_counted_by_unit_and_few_are_no_share(made: Made) -> None:
    take = made.vault.write_now
    take(take_pulse, made.group, "custody", "confident", 4, 1, 2)
    take(take_pulse, made.group, "Neighbourhood", "I am confident when I decide what is best for a "
         "child.", 7, 3)  # fmt: skip
    assert made.count("confident").words == (
        "custody: 4 of 7 agree, 2 do not; neighbourhood policing: 7 of 10 (70 %) agree"
    )
    # The same again corrects it.
    again = take(take_pulse, made.group, "custody", "confident", 5, 1, 1)
    assert made.vault.read_now(lambda s: s.get_one(Pulse, again.id).agree) == 5
    assert "custody: 5 of 7 agree, 1 does not" in made.count("confident").words


@pytest.mark.parametrize(
    ("unit", "question", "agree", "said"),
    [
        ("kitchen", "confident", 1, "not a unit of the pulse"),
        ("custody", "hungry", 1, "not a question of the pulse"),
        ("custody", "confident", -1, "between 0 and 9999"),
        ("custody", "confident", 10_000, "between 0 and 9999"),
    ],
)
def test_a_pulse_that_is_none_is_refused(
    made: Made, unit: str, question: str, agree: int, said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        made.vault.write_now(take_pulse, made.group, unit, question, agree)
    with pytest.raises(InvalidError):
        Pulse.make(inspection_id="i", interview_id="i", unit="u", question="q", agree=-1)


def test_a_pulse_is_of_focus_groups_only(made: Made) -> None:
    met = made.vault.write_now(add_interview, made.before, role="the lead")
    with pytest.raises(RefusedError, match="focus groups"):
        made.vault.write_now(take_pulse, met.id, "custody", "confident", 1)


def test_marks_are_changed_inherited_and_kept_when_a_note_moves(made: Made) -> None:
    read, write = made.vault.read_now, made.vault.write_now
    (line,) = [one for one in read(register) if one.id == made.recommended]
    assert line.outcomes == ("training",)
    write(edit_recommendation, made.recommended, outcomes=["Training", "knowledge"])
    write(edit_point, made.point, outcomes=[""])
    (of_point,) = [one for one in read(point_lines, made.later) if one.id == made.point]
    assert of_point.outcomes == ()
    write(edit_recommendation, made.recommended, owner="the lead")
    (line,) = [one for one in read(register) if one.id == made.recommended]
    assert line.outcomes == ("training", "knowledge")
    moved = write(move_note, made.note, "inspection", made.later)
    assert moved.outcomes == ["training"]
    write(edit_note, moved.id, outcomes=["partnership"])
    assert read(lambda s: s.get_one(Note, moved.id).outcomes) == ["partnership"]
    with pytest.raises(RefusedError, match="not an outcome of the programme"):
        write(edit_note, moved.id, outcomes=["weather"])
