from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from storage.feed.journal import because
from storage.history.history import concurrent_writes, history, merged_writes, revision, touched
from storage.ops.fold import WRITES, fold
from storage.ops.op import DELETED, MAIN, Op, OpId
from storage.records import Note
from storage.vault.vault import Vault
from tests.effort import effort
from tests.storage.colleague import Colleague


def note(vault: Vault) -> str:
    made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="a word")
    record = made.id
    vault.write_now(lambda s: s.add(made))
    return record


def change(vault: Vault, record: str, text: str, reason: str | None = None) -> None:
    def job(s: Session) -> None:
        found = s.get(Note, record)
        assert found is not None
        with because(s, reason):
            found.change(text=text)

    vault.write_now(job)


def test_it_tells_what_each_step_replaced_and_why(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, "second", "the first was wrong")
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    made, changed, gone = vault.read_now(history, "note", record)
    assert made.fields["text"] == ("", "a word")
    assert made.fields["inspection_id"] == ("", "i")
    assert (changed.fields, changed.reason) == (
        {"text": ("a word", "second")},
        "the first was wrong",
    )
    assert (gone.verb, gone.fields) == ("delete", {DELETED: (None, True)})
    assert {one.who for one in (made, changed, gone)} == {vault.person.id}
    assert not any(one.parallel for one in (made, changed, gone))


def test_a_write_without_sight_of_another_is_parallel(vault: Vault) -> None:
    record = note(vault)
    first = vault.read_now(history, "note", record)[0].op
    change(vault, record, "ours")
    colleague = Colleague("aaaa000000000000")
    blind = colleague.write(("note", record), {"text": "theirs"}, base=[first], ms=2**42)
    apart = colleague.write(("note", record), {"polarity": "concern"}, ms=2**42 + 1)
    vault.write_now(colleague.hand_over, [blind, apart])
    steps = vault.read_now(history, "note", record)
    assert [one.parallel for one in steps] == [False, False, True, False]
    assert steps[2].fields == {"text": ("a word", "theirs")}


def test_a_revision_names_the_last_op(vault: Vault) -> None:
    record = note(vault)
    first = vault.read_now(revision, "note", record)
    assert first == str(vault.read_now(history, "note", record)[-1].op)
    change(vault, record, "second")
    assert vault.read_now(revision, "note", record) != first
    assert vault.read_now(revision, "note", "nowhere") == ""


def test_a_record_of_a_later_fieldkit_has_a_history(vault: Vault) -> None:
    colleague = Colleague("aaaa000000000000")
    made = colleague.write(("later_kind", "x"), {"colour": "red"}, verb="create")
    vault.write_now(colleague.hand_over, [made])
    (step,) = vault.read_now(history, "later_kind", "x")
    assert step.fields == {"colour": (None, "red")}


def test_an_unknown_field_of_a_known_kind_has_a_history(vault: Vault) -> None:
    record = note(vault)
    colleague = Colleague("aaaa000000000000")
    later = colleague.write(("note", record), {"colour": "red"}, ms=2**42)
    vault.write_now(colleague.hand_over, [later])
    assert vault.read_now(history, "note", record)[-1].fields == {"colour": (None, "red")}


NAMES = st.sampled_from(["text", "polarity", "colour"])
STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sets(st.integers(0, 8)),
        st.sets(NAMES, min_size=1),
        st.sampled_from(["create", "set", "delete", "annotate"]),
    ),
    max_size=9,
)


def test_before_is_what_the_writer_had_seen_whatever_the_clock_says(vault: Vault) -> None:
    record = ("note", "n")
    ada, ben = Colleague("aaaa000000000000"), Colleague("bbbb000000000000")
    place = {"inspection_id": "i", "parent_kind": "case", "parent_id": "c"}
    first = place | {"text": "first", "polarity": "concern"}
    made = ada.write(record, first, verb="create", ms=9000)
    second = ben.write(record, {"text": "second"}, base=[made.id], ms=8000)
    third = ben.write(record, {"text": "third"}, base=[second.id], ms=7000)
    both = {"text": "last", "polarity": "strength"}
    last = ada.write(record, both, base=[made.id, third.id], ms=6000)
    vault.write_now(ada.hand_over, [made, last])
    vault.write_now(ben.hand_over, [second, third])
    (step,) = [one for one in vault.read_now(history, *record) if one.op == last.id]
    assert step.fields == {"text": ("third", "last"), "polarity": ("concern", "strength")}


def test_bases_that_go_round_in_a_circle_have_a_before(vault: Vault) -> None:
    record = ("note", "n")
    ada = Colleague("aaaa000000000000")
    later = OpId(ada.device, 1, MAIN, 2)
    first = ada.write(record, {"text": "first"}, base=[later])
    second = ada.write(record, {"text": "second"}, base=[first.id])
    last = ada.write(record, {"text": "last"}, base=[first.id, second.id])
    vault.write_now(ada.hand_over, [first, second, last])
    assert vault.read_now(history, *record)[-1].fields == {"text": ("second", "last")}


@given(STEPS)
def test_what_is_parallel_is_so_by_the_leaves_of_the_ops_before(
    steps: list[tuple[int, set[int], set[str], str]],
) -> None:
    """The definition, folded anew for each op, whatever a clock or a base says.

    Only a forger's bases go round in a circle (tests/storage/hostile/test_belonging.py).
    """
    colleague = Colleague("aaaa000000000000")
    places = [OpId(colleague.device, 1, MAIN, seq + 1) for seq in range(len(steps))]
    made = [
        colleague.write(
            ("note", "n"),
            dict.fromkeys(names, "w"),
            base=[places[one] for one in base if one < number],
            verb=verb,
            ms=ms,
        )
        for number, (ms, base, names, verb) in enumerate(steps)
    ]
    known = sorted(made, key=lambda one: one.order)
    assert [bool(unseen) for unseen in concurrent_writes(known)] == [
        any(
            leaf.id not in one.base and name in one.fields
            for name, leaves in fold(known[:number]).leaves.items()
            for leaf in leaves
        )
        for number, one in enumerate(known)
    ]


@given(STEPS, st.lists(st.booleans(), min_size=9, max_size=9))
def test_what_is_merged_was_not_seen_by_any_step(
    steps: list[tuple[int, set[int], set[str], str]], whose: list[bool]
) -> None:
    """The definition: ancestors one by one, and the feed's earlier ops of each of them."""
    two = Colleague("aaaa000000000000"), Colleague("bbbb000000000000")
    made: list[Op] = []
    for (ms, base, names, verb), first in zip(steps, whose, strict=False):
        named = sorted(made[one].id for one in base if one < len(made))
        fields = dict.fromkeys(names, "w")
        made.append(two[first].write(("note", "n"), fields, base=named, verb=verb, ms=ms))
    known = sorted(made, key=lambda one: one.order)
    by_id = {one.id: one for one in known}

    def seen(one: Op) -> set[OpId]:
        found: set[OpId] = set()
        waiting = {one.id}
        while waiting:
            each = waiting.pop()
            found.add(each)
            earlier = {other for other in by_id if other[:3] == each[:3] and other.seq < each.seq}
            waiting |= ({*by_id[each].base} & by_id.keys() | earlier) - found
        return found

    assert merged_writes(known) == [
        {
            leaf.id
            for name, leaves in fold(known[:number]).leaves.items()
            for leaf in leaves
            if name not in one.fields and leaf.id.device != one.id.device
        }
        - seen(one)
        if one.op in WRITES
        else set()
        for number, one in enumerate(known)
    ]


@pytest.mark.parametrize("way", [concurrent_writes, merged_writes])
def test_the_work_of_a_history_is_in_step_with_its_ops(
    way: Callable[[list[Op]], list[object]],
) -> None:
    """Four times the ops are four times the work; were each folded anew, sixteen times."""
    colleague = Colleague("aaaa000000000000")
    known: list[Op] = []
    for ms in range(2_000):
        base = [known[-1].id] if known else []
        known.append(colleague.write(("note", "n"), {"text": "w"}, base=base, ms=ms))
    assert not any(way(known))
    assert effort(lambda: way(known)) < 5 * effort(lambda: way(known[:500]))


@pytest.mark.parametrize(
    "since", ["9999-12-31T23:59:59-23:59", "0001-01-01", "9999-12-31", "none", ""]
)
def test_a_moment_no_clock_can_tell_is_asked_about_without_harm(vault: Vault, since: str) -> None:
    note(vault)
    vault.read_now(touched, since, frozenset({"note"}))
