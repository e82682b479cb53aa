"""What an op of another laptop may hold, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.bundle.errors import BundleError, ForgedError, MalformedBundleError
from storage.bundle.validate import check, is_plain
from storage.central.belonging import inspection_of
from storage.ops.canonical_json import MalformedError
from storage.ops.op import DELETED, MAX_BASES, MAX_FIELDS, MAX_ID_CHARS, Op, OpId
from storage.ops.text import MAX_TEXT_BYTES
from storage.records.model.base import Record
from storage.records.registry import KINDS

LAPTOP = "aaaa000000000000"
PLACE = OpId(LAPTOP, 1, "main", 9)


def op(kind: str, fields: dict[str, Any], **over: Any) -> Op:
    values: dict[str, Any] = {
        "id": PLACE,
        "hlc": "019f36c359c0-0000",
        "wall": "2026-07-06T09:30:00.000Z",
        "who": "ada",
        "op": "set",
        "record": (kind, "11111111-2222-4333-8444-555555555555"),
        "fields": fields,
    }
    return Op(**(values | over))


def refused(kind: str, fields: dict[str, Any], **over: Any) -> str:
    with pytest.raises(BundleError) as caught:
        check(op(kind, fields, **over), PLACE, "ada", frozenset({"ben"}))
    return str(caught.value)


PROBLEM = {"sheet": "S", "cell": "A1", "value": "", "reason": "r"}


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("inspection", "starts", "not a date"),
        ("inspection", "starts", "20260706"),
        ("inspection", "state", "closed"),
        ("case", "origin", "weird"),
        ("case", "types", ["a", "b\x1b"]),
        ("case_audit", "reported_at", "garbage"),
        ("judgment", "state", ""),
        ("debrief", "held_on", "not a day"),
        ("referral", "raised_at", "garbage"),
        ("referral", "state", "bogus"),
        ("recommendation", "number", 0),
        ("reveal", "judgment_op", "garbage"),
        ("self_assessment", "problems", [1]),
        ("self_assessment", "problems", [{}]),
        ("self_assessment", "problems", [PROBLEM | {"reason": 5}]),
        ("self_assessment", "problems", [PROBLEM | {"value": "\x1b[31m"}]),
        ("self_assessment", "columns", {"A": {"heading": "\x1b]0;x\x07"}}),
        ("self_assessment", "grades", {"words\x9b": 1}),
        ("disclosure", "counts", {"note\x1b": 1}),
        ("note", "a_later_field", ["\x07"]),
        ("note", "name\x1b", 1),
        ("later_kind", "x", {"y": ["\x1b"]}),
    ],
)
def test_values_that_no_fieldkit_writes(kind: str, name: str, value: object) -> None:
    said = refused(kind, {name: value})
    assert "Nothing was used" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("inspection", "starts", ""),
        ("referral", "state", "not satisfied"),
        ("referral", "raised_at", "2026-07-06T09:30:00.000Z"),
        ("self_assessment", "problems", [PROBLEM, PROBLEM | {"severity": "note", "later": [1]}]),
        ("case", "types", ["„Siân“\n\tÜ"]),
        ("note", "a_later_field", {"x": [1, None, True]}),
        ("later_kind", "x", ["anything"]),
    ],
)
def test_values_that_pass(kind: str, name: str, value: object) -> None:
    check(op(kind, {name: value}), PLACE, "ada")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.KIND))
def test_every_default_passes(kind: type[Record]) -> None:
    fields = {name: kind.default(name) for name in kind.field_names()} | {".deleted": False}
    fields |= {name: 1 for name in ("number", "header_row", "row") if name in fields}
    place = PLACE._replace(kind=KINDS[kind.KIND].FEED)
    check(op(kind.KIND, fields, id=place), place, "ada")


def test_limits_of_fields_and_bases() -> None:
    check(op("later", {f"f{n}": 0 for n in range(MAX_FIELDS)}), PLACE, "ada")
    assert "fields" in refused("later", {f"f{n}": 0 for n in range(MAX_FIELDS + 1)})
    base = tuple(OpId(LAPTOP, 1, "main", n) for n in range(1, MAX_BASES + 2))
    check(op("note", {"text": "t"}, base=base[:-1]), PLACE, "ada")
    assert "base" in refused("note", {}, base=base)
    # By number and not as text: 9 comes before 10.
    check(op("note", {}, base=(base[8], base[9])), PLACE, "ada")
    assert "base" in refused("note", {}, base=(base[9], base[8]))
    assert "base" in refused("note", {}, base=(base[1], base[1]))


@pytest.mark.parametrize(
    "wall",
    [
        "",
        "garbage",
        "\x1b",
        "2026-07-06\x0009:30:00",
        "2026-07-06 09:30:00.000Z",
        "2026-07-06T09:30:00.000+00:00",
        "2026-07-06T09:30:00.000Z\n",
        "2026-07-06T09:30:00Z",
        "2026-07-06T09:30:00.000000Z",
        "2026-13-06T09:30:00.000Z",
        "20260706T093000.000Z",
        "٢٠٢٦-07-06T09:30:00.000Z",
    ],
)
def test_a_wall_that_is_no_time(wall: str) -> None:
    assert "wall" in refused("later", {}, wall=wall)


def test_an_id_is_no_text_of_any_length() -> None:
    for name in ("inspection_id", "parent_id"):
        check(op("note", {name: "x" * MAX_ID_CHARS}), PLACE, "ada")
        assert name in refused("note", {name: "x" * (MAX_ID_CHARS + 1)})
    assert "id" in refused("note", {}, record=("note", "x" * (MAX_ID_CHARS + 1)))
    # What a later fieldkit means by a name is not known; central reads no inspection out of it.
    later = op("later", {"inspection_id": "x" * (MAX_ID_CHARS + 1)})
    check(later, PLACE, "ada")
    assert inspection_of(later) == ""
    assert inspection_of(op("later", {"inspection_id": "i"})) == "i"


@pytest.mark.parametrize(
    ("kind", "name"), [("note", "by"), ("judgment", "by"), ("force_row", "decided_by")]
)
def test_nobody_writes_in_a_colleagues_name(kind: str, name: str) -> None:
    for verb in ("create", "set"):
        with pytest.raises(ForgedError, match="in the name of"):
            check(op(kind, {name: "ben"}, op=verb), PLACE, "ada", frozenset({"ben"}))
    # Undo and the settling of conflicts bring back what a colleague wrote, and name it; a name
    # typed by hand is nobody's id.
    check(op(kind, {name: "ben"}, base=(PLACE._replace(seq=1),)), PLACE, "ada", frozenset({"ben"}))
    over = (PLACE._replace(seq=1),)
    back = {name: "ben", DELETED: False}
    check(op(kind, back, op="create", base=over), PLACE, "ada", frozenset({"ben"}))
    for fields, base in (({name: "ben"}, over), (back, ())):
        with pytest.raises(ForgedError, match="in the name of"):
            check(op(kind, fields, op="create", base=base), PLACE, "ada", frozenset({"ben"}))
    for said in ("ada", "", "Sgt. Miller"):
        check(op(kind, {name: said}), PLACE, "ada", frozenset({"ben"}))


def test_another_feed_and_another_place() -> None:
    assert "wrong feed" in refused("case_key", {"child": "x"})
    with pytest.raises(ForgedError):
        check(op("note", {}), PLACE._replace(seq=8), "ada")
    with pytest.raises(MalformedBundleError):
        check(op("note", {"text": 5}), PLACE, "ada")


@given(st.text(st.characters(codec="utf-8"), max_size=6), st.sampled_from(("text", "by", "\x7f")))
def test_what_is_plain_by_its_bytes_is_so_text_by_text(text: str, name: str) -> None:
    try:
        data = op("note", {name: [text], "text": text}).encode()
    except MalformedError:
        return
    letters = f"{text}{name}"
    ascii_only = letters.isascii() and letters.isprintable()
    assert is_plain(data) == (ascii_only and not set(text) & set('"\\'))


def test_a_text_that_is_too_long_is_looked_at_by_itself() -> None:
    assert is_plain(op("note", {"text": "a"}).encode())
    assert not is_plain(op("note", {"text": "a" * MAX_TEXT_BYTES}).encode())
