"""Ops add up to the same record on every laptop, whatever the order they came in."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ops.clock import stamp
from storage.ops.fold import fold
from storage.ops.op import DELETED, Op, OpId

RECORD = ("note", "one")
DEVICES = ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc")


def op(
    device: int,
    seq: int,
    fields: dict[str, Any],
    base: Iterable[Op] = (),
    *,
    ms: int = 0,
    verb: str = "set",
) -> Op:
    return Op(
        id=OpId(DEVICES[device], 1, "main", seq),
        hlc=stamp(ms or seq, 0),
        wall="",
        who="p",
        op=verb,
        record=RECORD,
        fields=fields,
        base=tuple(one.id for one in base),
        salt="0" * 32,
    )


class Laptop:
    """Holds ops and writes as the journal does: on the leaf that is shown, or on all to delete."""

    def __init__(self, device: int) -> None:
        self.device = device
        self.known: dict[OpId, Op] = {}
        self.seq = 0

    def write(self, fields: dict[str, Any], ms: int, *, all_leaves: bool = False) -> Op:
        leaves = fold(self.known.values()).leaves
        if fields.get(DELETED):
            base = [one for several in leaves.values() for one in several]
        elif all_leaves:
            base = [one for name in fields for one in leaves.get(name, [])]
        else:
            base = [leaves[name][0] for name in fields if name in leaves]
        self.seq += 1
        made = op(self.device, self.seq, fields, base, ms=ms)
        self.known[made.id] = made
        return made

    def meet(self, other: Laptop) -> None:
        self.known |= other.known


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("write"),
            st.integers(0, 2),
            st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), min_size=1),
            st.booleans(),
        ),
        st.tuples(st.just("delete"), st.integers(0, 2), st.just({}), st.just(False)),
        st.tuples(st.just("meet"), st.integers(0, 2), st.just({}), st.booleans()),
    ),
    min_size=1,
    max_size=14,
)


def played(steps: list[tuple[str, int, dict[str, int], bool]]) -> list[Laptop]:
    """A team's day: writes, deletions and exchanges in some order, on clocks that disagree."""
    team = [Laptop(number) for number in range(3)]
    for number, (what, who, fields, flag) in enumerate(steps):
        laptop = team[who]
        ms = 1000 + number * (1, 500, 7)[who]
        if what == "write":
            laptop.write(dict(fields), ms, all_leaves=flag)
        elif what == "delete" and laptop.known:
            laptop.write({DELETED: True}, ms)
        elif what == "meet":
            laptop.meet(team[(who + (1 if flag else 2)) % 3])
    return team


def everything(team: list[Laptop]) -> list[Op]:
    known: dict[OpId, Op] = {}
    for laptop in team:
        known |= laptop.known
    return list(known.values())


@given(STEPS, st.randoms(), st.data())
def test_order_and_repetition_do_not_matter(steps: Any, random: Any, data: Any) -> None:
    known = everything(played(steps))
    again = data.draw(st.lists(st.sampled_from(known), max_size=5)) if known else []
    shuffled = known + again
    random.shuffle(shuffled)
    expected, found = fold(known), fold(shuffled)
    assert found.leaves == expected.leaves
    assert found.values == expected.values
    assert found.deleted == expected.deleted
    assert found.conflicts == expected.conflicts


@given(STEPS)
def test_a_write_is_a_leaf_until_one_that_names_it_writes_the_same_field(steps: Any) -> None:
    """The definition of the fold, written out slowly."""
    known = everything(played(steps))
    expected = {
        (name, one.id)
        for one in known
        for name in one.fields
        if not any(one.id in other.base and name in other.fields for other in known)
    }
    found = {(name, one.id) for name, several in fold(known).leaves.items() for one in several}
    assert found == expected


@given(STEPS)
def test_conflicts_are_exactly_unreplaced_writes_that_disagree(steps: Any) -> None:
    """Those of a record that is there: of one that is gone nobody has anything to decide."""
    known = everything(played(steps))
    folded = fold(known)
    if folded.deleted:
        assert not folded.conflicts
        return
    for name, several in folded.leaves.items():
        disagree = len({one.fields[name] for one in several}) > 1
        if name != DELETED:
            assert (name in folded.conflicts) == disagree
    for name, several in folded.conflicts.items():
        if name != DELETED:
            pairs = [(a, b) for a in several for b in several if a is not b]
            assert all(b.id not in a.base for a, b in pairs)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), min_size=1), max_size=9))
def test_one_laptop_alone_never_conflicts_and_shows_what_was_last_written(
    writes: list[dict[str, int]],
) -> None:
    laptop = Laptop(0)
    expected: dict[str, int] = {}
    for number, fields in enumerate(writes):
        laptop.write(dict(fields), 100 - number)
        expected |= fields
    folded = fold(laptop.known.values())
    assert folded.values == expected
    assert folded.conflicts == {}


FIRST = op(0, 1, {"a": 1, "b": 1}, verb="create")


def test_a_write_replaces_only_what_its_base_names() -> None:
    folded = fold([FIRST, op(1, 1, {"a": 2}, ms=9)])
    assert [one.fields["a"] for one in folded.leaves["a"]] == [2, 1]
    assert set(folded.conflicts) == {"a"}


def test_a_base_replaces_only_the_fields_both_touch() -> None:
    folded = fold([FIRST, op(0, 2, {"a": 2}, [FIRST])])
    assert folded.values == {"a": 2, "b": 1}
    assert folded.conflicts == {}


def test_a_base_wins_over_a_clock_that_says_otherwise() -> None:
    ahead = op(0, 1, {"a": 1}, ms=2**40)
    assert fold([ahead, op(1, 1, {"a": 2}, [ahead], ms=1)]).values == {"a": 2}


def test_parallel_edits_of_different_fields_merge() -> None:
    folded = fold([FIRST, op(0, 2, {"a": 2}, [FIRST]), op(1, 1, {"b": 3}, [FIRST])])
    assert folded.values == {"a": 2, "b": 3}
    assert folded.conflicts == {}


def test_parallel_edits_of_one_field_are_both_kept_and_the_clock_shows_one() -> None:
    early = op(0, 2, {"a": 2}, [FIRST], ms=5)
    late = op(1, 1, {"a": 3}, [FIRST], ms=6)
    folded = fold([FIRST, early, late])
    assert folded.values["a"] == 3
    assert folded.conflicts == {"a": [late, early]}


def test_parallel_writes_that_agree_are_no_conflict() -> None:
    folded = fold([FIRST, op(0, 2, {"a": 2}, [FIRST]), op(1, 1, {"a": 2}, [FIRST])])
    assert folded.conflicts == {}


def test_a_resolution_ends_a_conflict() -> None:
    two = [op(0, 2, {"a": 2}, [FIRST]), op(1, 1, {"a": 3}, [FIRST])]
    settled = op(2, 1, {"a": 4}, two, verb="resolve")
    folded = fold([FIRST, *two, settled])
    assert folded.values["a"] == 4
    assert folded.conflicts == {}


def test_a_delete_stands_over_what_it_saw() -> None:
    gone = op(0, 2, {DELETED: True}, [FIRST], verb="delete")
    assert fold([FIRST, gone]).deleted
    assert DELETED not in fold([FIRST, gone]).values


def test_a_parallel_edit_beats_a_delete_and_shows() -> None:
    gone = op(0, 2, {DELETED: True}, [FIRST], verb="delete", ms=2**40)
    edit = op(1, 1, {"a": 9}, [FIRST], ms=1)
    folded = fold([FIRST, gone, edit])
    assert not folded.deleted
    assert folded.values["a"] == 9
    assert folded.conflicts == {DELETED: [gone]}


def test_a_delete_that_saw_the_edit_stands() -> None:
    edit = op(1, 1, {"a": 9}, [FIRST])
    gone = op(0, 2, {DELETED: True}, [FIRST, edit], verb="delete")
    assert fold([FIRST, edit, gone]).deleted


def test_two_parallel_deletes_stand() -> None:
    gone = [op(n, 2, {DELETED: True}, [FIRST], verb="delete") for n in (0, 1)]
    assert fold([FIRST, *gone]).deleted


def test_a_restoration_beats_the_delete_it_names() -> None:
    gone = op(0, 2, {DELETED: True}, [FIRST], verb="delete")
    back = op(0, 3, {"a": 1, DELETED: False}, [FIRST, gone], verb="create")
    folded = fold([FIRST, gone, back])
    assert not folded.deleted
    assert folded.conflicts == {}


@pytest.mark.parametrize("verb", ["redact", "transmogrify"])
def test_other_verbs_write_nothing(verb: str) -> None:
    assert fold([FIRST, op(0, 2, {"a": 5}, [FIRST], verb=verb)]).values["a"] == 1


def test_an_op_that_names_one_not_here_is_folded_all_the_same() -> None:
    """Its base may come later: a held segment, or a stub."""
    late = op(1, 5, {"a": 7}, [op(2, 1, {"a": 6})], ms=99)
    assert fold([FIRST, late]).values["a"] == 7


def test_bases_that_are_not_there_cost_nothing() -> None:
    """Five million pairs of a base and a field, were each one looked at."""
    device = "aaaa000000000000"
    fields = {f"f{n}": n for n in range(250)}
    known = Op(
        id=OpId(device, 1, "main", 1),
        hlc="000000000001-0000",
        wall="",
        who="ada",
        op="create",
        record=("note", "n"),
        fields={"f1": "before", "other": 1},
    )
    absent = tuple(OpId(device, 1, "main", seq) for seq in range(100, 20_100))
    after = replace(
        known, id=known.id._replace(seq=2), op="set", fields=fields, base=(known.id, *absent)
    )
    tracemalloc.start()
    folded = fold([known, after])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert folded.values == {**fields, "other": 1}
    assert not folded.conflicts
    assert peak < 10 * 2**20


@given(
    st.dictionaries(st.sampled_from(["text", "grade", DELETED]), st.booleans(), max_size=3),
    st.sampled_from(["create", "set", "delete", "redact", "unheard"]),
    st.booleans(),
)
def test_one_op_adds_up_to_what_it_does_when_it_is_there_twice(
    fields: dict[str, Any], verb: str, names_itself: bool
) -> None:
    """One op alone takes a shorter way; twice the same is one, by the way of several."""
    one = op(0, 1, fields, verb=verb)
    if names_itself:
        one = replace(one, base=(one.id,))
    alone, twice = fold([one]), fold([one, one])
    assert (alone.leaves, alone.deleted) == (twice.leaves, twice.deleted)
    assert (alone.values, alone.conflicts) == (twice.values, twice.conflicts)
    assert list(alone.writes) == list(twice.writes)
