"""Every change of a record is an op in the same transaction, and nothing else changes one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlmodel import Session, col

from storage.conflicts.find import conflicted_fields
from storage.conflicts.resolve import NoConflictError, conflicted_record
from storage.errors import FieldkitError
from storage.feed.journal import BulkWriteError, because
from storage.feed.projection import project_many
from storage.feed.read import leaves_of, ops_of
from storage.feed.replay import differences, replay
from storage.feed.writer import Author
from storage.history.history import history
from storage.history.undo import undo
from storage.ops.op import DELETED, KEY, MAIN, FeedId, Op, decode, digest, first_head, next_head
from storage.records import Case, CaseKey, Consultation, DebriefPoint, Judgment, Note, Support
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague


def note(vault: Vault, **values: Any) -> str:
    said = {"inspection_id": "i", "parent_kind": "case", "parent_id": "c", "text": "a word"}
    made = Note.make(**(said | values))
    vault.write_now(lambda s: s.add(made))
    return made.id


def change(vault: Vault, record: str, **values: Any) -> None:
    def job(s: Session) -> None:
        found = s.get(Note, record)
        assert found is not None
        found.change(**values)

    vault.write_now(job)


def remove(vault: Vault, record: str) -> None:
    vault.write_now(lambda s: s.delete(s.get(Note, record)))


def ops(vault: Vault, record: str, kind: str = "note") -> list[Op]:
    return sorted(
        vault.read_now(lambda s: ops_of(s.connection(), kind, record)), key=lambda one: one.order
    )


def count(vault: Vault) -> int:
    query = "SELECT COUNT(*) FROM op"
    return vault.read_now(lambda s: int(s.connection().exec_driver_sql(query).scalar_one()))


@pytest.fixture(autouse=True)
def tables_are_what_the_ops_say(vault: Vault) -> Any:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_a_new_record_writes_what_is_not_default(vault: Vault) -> None:
    (made,) = ops(vault, note(vault, polarity="concern"))
    assert made.op == "create"
    assert made.fields == {
        "inspection_id": "i",
        "parent_kind": "case",
        "parent_id": "c",
        "text": "a word",
        "polarity": "concern",
    }
    assert (made.base, made.reason, made.who) == ((), None, vault.person.id)
    assert made.id.feed == FeedId(vault.author.device, 1, MAIN)


def test_a_change_writes_only_what_changed_on_what_it_replaces(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="another", polarity="")
    change(vault, record, text="a third", criteria=["investigation"])
    first, second, third = ops(vault, record)
    assert (second.op, second.fields, second.base) == ("set", {"text": "another"}, (first.id,))
    assert third.fields == {"text": "a third", "criteria": ["investigation"]}
    assert third.base == (second.id,)


def test_what_changes_nothing_makes_no_op(vault: Vault) -> None:
    record = note(vault)
    before = count(vault)
    change(vault, record, text="a word")
    change(vault, record, text=" ".join(["a", "word"]))
    assert count(vault) == before


def test_deleting_writes_a_tombstone_on_every_leaf(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="another")
    remove(vault, record)
    *before, last = ops(vault, record)
    assert (last.op, last.fields) == ("delete", {DELETED: True})
    assert set(last.base) == {one.id for one in before}


def test_making_it_again_restores_it(vault: Vault) -> None:
    record = note(vault, polarity="concern")
    remove(vault, record)
    again = Note.make(id=record, inspection_id="i", parent_kind="case", parent_id="c", text="new")
    vault.write_now(lambda s: s.add(again))
    last = ops(vault, record)[-1]
    assert last.fields[DELETED] is False
    assert last.fields["polarity"] == ""
    found = vault.read_now(lambda s: s.get(Note, record))
    assert found is not None
    assert (found.text, found.polarity) == ("new", "")


@pytest.mark.parametrize(
    "made",
    [
        Support.make(inspection_id="i", point_id="p", evidence_kind="note", evidence_id="n"),
        DebriefPoint.make(inspection_id="i", debrief_id="d", point_id="p"),
    ],
)
def test_links_have_verbs_of_their_own(vault: Vault, made: Support | DebriefPoint) -> None:
    kind, record = type(made), made.id
    vault.write_now(lambda s: s.add(kind.make(id=record, **values(made))))
    vault.write_now(lambda s: s.delete(s.get(kind, record)))
    assert [one.op for one in ops(vault, record, kind.KIND)] == ["link", "unlink"]


def values(made: Support | DebriefPoint) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.field_names()}


def test_keys_go_into_a_feed_of_their_own(vault: Vault) -> None:
    key = CaseKey.make(inspection_id="i", case_id="c", force_ref="42/1/26")
    case = Case.make(inspection_id="i", reference="A-1")
    vault.write_now(lambda s: s.add_all([key, case]))
    assert ops(vault, key.id, "case_key")[0].id.kind == KEY
    assert ops(vault, case.id, "case")[0].id == (vault.author.device, 1, MAIN, 1)


def test_a_feed_is_a_chain_without_a_gap(vault: Vault) -> None:
    for number in range(5):
        note(vault, text=f"note {number}")

    def check(s: Session) -> None:
        connection = s.connection()
        rows = connection.execute(text("SELECT seq, bytes, digest, head FROM op ORDER BY seq"))
        head = first_head(FeedId(vault.author.device, 1, MAIN))
        seen = []
        for row in rows:
            seen.append(row.seq)
            assert row.digest == digest(row.bytes)
            assert decode(row.bytes).id.seq == row.seq
            head = next_head(head, row.digest)
            assert row.head == head
        assert seen == [1, 2, 3, 4, 5]
        feed = connection.execute(text("SELECT seq, head FROM feed")).one()
        assert tuple(feed) == (5, head)

    vault.read_now(check)


def test_a_reason_goes_with_what_is_changed_within(vault: Vault) -> None:
    record = note(vault)

    def job(s: Session) -> None:
        found = s.get(Note, record)
        assert found is not None
        found.change(text="before")
        with because(s, "the e\u0301tat \x1b[31mwas wrong "):
            found.change(text="within")
        found.change(text="after")

    vault.write_now(job)
    assert [(one.fields["text"], one.reason) for one in ops(vault, record)[1:]] == [
        ("before", None),
        ("within", "the \u00e9tat [31mwas wrong"),
        ("after", None),
    ]


def test_a_reason_does_not_outlive_an_error(vault: Vault) -> None:
    record = note(vault)

    def job(s: Session) -> None:
        with pytest.raises(InvalidError), because(s, "why"):
            s.get(Note, record).change(polarity="sideways")  # type: ignore[union-attr]  # it is there
        s.get(Note, record).change(text="after")  # type: ignore[union-attr]  # it is there

    vault.write_now(job)
    assert ops(vault, record)[-1].reason is None


def test_a_write_replaces_the_shown_leaf_and_keeps_the_other(vault: Vault) -> None:
    record = note(vault)
    first = ops(vault, record)[0].id
    colleague = Colleague("aaaa000000000000")
    theirs = colleague.write(("note", record), {"text": "theirs"}, base=[first], ms=2**43)
    change(vault, record, text="ours")
    vault.write_now(colleague.hand_over, [theirs])
    assert vault.read_now(lambda s: s.get(Note, record)).text == "theirs"  # type: ignore[union-attr]  # it is there
    change(vault, record, text="on theirs")
    last = ops(vault, record)
    assert next(one for one in last if one.fields["text"] == "on theirs").base == (theirs.id,)
    left = vault.read_now(lambda s: leaves_of(s.connection(), "note", record))["text"]
    assert {one.id.device for one in left} == {vault.author.device}
    assert len(left) == 2


def test_what_a_colleagues_clock_shows_first_stays_shown(vault: Vault) -> None:
    """A write of ours on our own leaf, while theirs of a clock far ahead still stands."""
    record = note(vault)
    colleague = Colleague("aaaa000000000000")
    far = colleague.write(("note", record), {"text": "far ahead"}, ms=2**43)
    mine = colleague.write(("note", record), {"text": "also theirs"}, ms=2**42)
    vault.write_now(colleague.hand_over, [far, mine])
    change(vault, record, text="ours")
    assert vault.read_now(lambda s: s.get(Note, record)).text == "also theirs"  # type: ignore[union-attr]  # it is there


def test_a_later_fieldkits_fields_have_no_leaves_and_are_seen_by_a_deletion(vault: Vault) -> None:
    record = note(vault)
    far, near = Colleague("aaaa000000000000"), Colleague("bbbb000000000000")
    fields = {f"later_{number}": number for number in range(3)}
    vault.write_now(far.hand_over, [far.write(("note", record), fields)])
    vault.write_now(near.hand_over, [near.write(("note", record), dict.fromkeys(fields, "x"))])
    vault.write_now(far.hand_over, [far.write(("later_kind", "x"), fields)])
    query = "SELECT DISTINCT field FROM leaf WHERE record_kind IN ('note', 'later_kind')"
    found = vault.read_now(lambda s: set(s.connection().exec_driver_sql(query).scalars()))
    assert found == {"inspection_id", "parent_kind", "parent_id", "text"}
    # Nobody is asked to decide between what this fieldkit cannot show.
    assert vault.read_now(lambda s: conflicted_fields(s.connection())) == {}
    with pytest.raises(NoConflictError):
        vault.read_now(conflicted_record, "note", record)
    assert vault.read_now(lambda s: differences(s.connection())) == []
    vault.write_now(lambda s: project_many(s.connection(), [("note", record)]))
    assert vault.read_now(lambda s: differences(s.connection())) == []
    vault.write_now(lambda s: replay(s.connection()))
    assert vault.read_now(lambda s: differences(s.connection())) == []
    remove(vault, record)
    assert vault.read_now(lambda s: s.get(Note, record)) is None
    assert vault.read_now(lambda s: conflicted_fields(s.connection())) == {}
    vault.write_now(undo)
    assert vault.read_now(lambda s: s.get(Note, record)) is not None
    assert vault.read_now(lambda s: differences(s.connection())) == []


LINE = {"inspection_id": "i", "case_id": "c", "criterion": "investigation"}
UNABLE = {"state": "unable to judge", "state_reason": "no log", "by": "ada"}


def line(vault: Vault, **values: str) -> str:
    made = Judgment.make(**(LINE | UNABLE | values))
    vault.write_now(lambda s: s.add(made))
    return made.id


def say(vault: Vault, record: str, *confirmed: str, **values: str) -> Op:
    def job(s: Session) -> None:
        found = s.get(Judgment, record)
        assert found is not None
        found.change(**values).confirm(*confirmed)

    vault.write_now(job)
    own = [op for op in ops(vault, record, "judgment") if op.id.device == vault.author.device]
    return max(own, key=lambda op: op.id.seq)


def test_fields_that_are_decided_together_are_written_together(vault: Vault) -> None:
    record = line(vault)
    (made,) = ops(vault, record, "judgment")
    assert made.fields == LINE | UNABLE | {"grade": ""}
    assert say(vault, record, state_reason="no file").fields == UNABLE | {
        "grade": "",
        "state_reason": "no file",
    }
    # Who wrote it only goes along, and other words are no part of it.
    assert say(vault, record, rationale="why", by="ben").fields == {"rationale": "why", "by": "ben"}
    # A text that did not change is not repeated: it may have been redacted elsewhere meanwhile.
    said = {"state": "unable to judge", "grade": "", "by": "ben"}
    assert say(vault, record, "state").fields == said


def test_what_is_made_without_an_answer_writes_none(vault: Vault) -> None:
    record = line(vault, state="not judged", state_reason="", rationale="words")
    (made,) = ops(vault, record, "judgment")
    assert made.fields == LINE | {"rationale": "words", "by": "ada"}


@pytest.mark.parametrize("ms", [1000, 2**43])
def test_another_answer_stays_in_conflict_whole(vault: Vault, ms: int) -> None:
    """As laptops wrote before, each only what it changed: one's grade beside the other's state."""
    record = line(vault)
    (made,) = ops(vault, record, "judgment")
    ben, cas = Colleague("aaaa000000000000"), Colleague("bbbb000000000000")
    graded = {"state": "graded", "grade": "good", "by": "ben"}
    theirs = ben.write(("judgment", record), graded, base=[made.id], ms=ms)
    state = {"state": "not applicable", "by": "cas"}
    shown = cas.write(("judgment", record), state, base=[made.id], ms=ms + 1)
    vault.write_now(ben.hand_over, [theirs])
    vault.write_now(cas.hand_over, [shown])
    ours = say(vault, record, state="unable to judge", grade="", state_reason="no file")
    assert shown.id in ours.base and theirs.id not in ours.base
    left = vault.read_now(lambda s: leaves_of(s.connection(), "judgment", record))
    assert {one.id for one in left["state"]} == {ours.id, theirs.id}
    assert {one.id for one in left["grade"]} == {ours.id, theirs.id}
    assert set(vault.read_now(lambda s: conflicted_fields(s.connection()))) == {
        ("judgment", record)
    }


def test_a_write_that_names_every_leaf_replaces_them(vault: Vault) -> None:
    record = note(vault)
    colleague = Colleague("aaaa000000000000")
    vault.write_now(
        colleague.hand_over, [colleague.write(("note", record), {"text": "theirs"}, ms=5)]
    )
    both = vault.read_now(lambda s: leaves_of(s.connection(), "note", record))["text"]

    def job(s: Session) -> None:
        base = {(record, "text"): [one.id for one in both]}
        with because(s, "we talked", base=base):
            s.get(Note, record).change(text="settled")  # type: ignore[union-attr]  # it is there

    vault.write_now(job)
    last = ops(vault, record)[-1]
    assert (last.reason, set(last.base)) == ("we talked", {one.id for one in both})
    left = vault.read_now(lambda s: leaves_of(s.connection(), "note", record))["text"]
    assert [one.id for one in left] == [last.id]


@pytest.mark.parametrize(
    "statement",
    [
        update(Note).values(text="x"),
        delete(Note),
        insert(Note).values(id="x", inspection_id="i", parent_kind="k", parent_id="p", text="t"),
        update(Note).where(col(Note.id) == "x").values(text="y"),
    ],
)
def test_bulk_writes_are_refused(vault: Vault, statement: Any) -> None:
    record = note(vault)
    before = count(vault)
    with pytest.raises(BulkWriteError, match="Nothing was changed"):
        vault.write_now(lambda s: s.execute(statement))
    assert count(vault) == before
    assert vault.read_now(lambda s: s.get(Note, record)) is not None


def test_a_failed_transaction_leaves_no_op_and_no_row(vault: Vault) -> None:
    kept = note(vault)
    before = count(vault)
    lost = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="lost")

    def job(s: Session) -> None:
        s.add(lost)
        s.get(Note, kept).change(text="lost too")  # type: ignore[union-attr]  # it is there
        s.flush()
        raise FieldkitError("half way")

    with pytest.raises(FieldkitError, match="half way"):
        vault.write_now(job)
    assert count(vault) == before
    found = vault.read_now(lambda s: s.get(Note, kept))
    assert found is not None
    assert found.text == "a word"
    after = note(vault)
    assert ops(vault, after)[0].id.seq == before + 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("polarity", "sideways"),
        ("at", "noon"),
        ("text", "x" * (256 * 1024 + 1)),
        ("text", None),
        ("criteria", "investigation"),
        ("finalised", "maybe"),
    ],
)
def test_values_are_checked_when_set_and_again_when_flushed(
    vault: Vault, field: str, value: Any
) -> None:
    record = note(vault)
    before = count(vault)
    with pytest.raises(InvalidError, match="Nothing was changed"):
        change(vault, record, **{field: value})

    def past_the_check(s: Session) -> None:
        setattr(s.get(Note, record), field, value)

    with pytest.raises(InvalidError, match="Nothing was changed"):
        vault.write_now(past_the_check)
    assert count(vault) == before


def test_text_is_kept_tidy_however_it_is_set(vault: Vault) -> None:
    record = note(vault, text="a\r\nb\x1b[2Jc\td e\u0301")
    found = vault.read_now(lambda s: s.get(Note, record))
    assert found is not None
    assert found.text == "a\nb[2Jc\td \u00e9"

    def direct(s: Session) -> None:
        s.get(Note, record).text = "e\u0301\x07"  # type: ignore[union-attr]  # it is there

    vault.write_now(direct)
    assert ops(vault, record)[-1].fields == {"text": "\u00e9"}


def test_an_unknown_field_is_refused(vault: Vault) -> None:
    with pytest.raises(InvalidError, match="colour"):
        Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="t", colour="red")


def test_opened_records_are_written_once_with_the_next_commit(vault: Vault) -> None:
    author: Author = vault.author
    for _ in range(2):
        vault.read_now(lambda s: author.consult("note", "n1"))
    assert count(vault) == 0
    reason = note(vault)

    def job(s: Session) -> None:
        author.consult("note", "n2")
        with because(s, "a reason that is not the consultation's"):
            s.get(Note, reason).change(text="x")  # type: ignore[union-attr]  # it is there
            s.flush()
            author.consult("note", "n3")
            s.get(Note, reason).change(text="y")  # type: ignore[union-attr]  # it is there

    vault.write_now(job)
    vault.read_now(lambda s: author.consult("note", "n1"))
    note(vault)
    rows = vault.read_now(
        lambda s: [
            (row[0], vault_reason(s, row[1]))
            for row in s.connection().exec_driver_sql("SELECT of_id, id FROM consultation")
        ]
    )
    assert sorted(rows) == [("n1", None), ("n2", None), ("n3", None)]
    assert author.pending == []


def vault_reason(s: Session, record: str) -> str | None:
    return history(s, Consultation.KIND, record)[0].reason


def test_a_consultation_outlives_a_failed_write(vault: Vault) -> None:
    vault.read_now(lambda s: vault.author.consult("note", "n1"))

    def fails(s: Session) -> None:
        s.add(Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="t"))
        s.flush()
        raise FieldkitError("no")

    with pytest.raises(FieldkitError):
        vault.write_now(fails)
    note(vault)
    query = "SELECT COUNT(*) FROM consultation"
    assert vault.read_now(lambda s: s.connection().exec_driver_sql(query).scalar_one()) == 1
