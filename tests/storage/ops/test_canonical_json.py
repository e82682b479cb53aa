"""One byte form for every value; whatever else says the same is refused."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ops import canonical_json
from storage.ops.canonical_json import MAX_DEPTH, MAX_WHOLE_NUMBER, MalformedError

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
KEYS = st.text(st.characters(max_codepoint=127), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_WHOLE_NUMBER, MAX_WHOLE_NUMBER) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


@given(VALUES)
def test_what_is_written_is_read_back_and_written_the_same(value: Any) -> None:
    if depth(value) - 1 > MAX_DEPTH:
        with pytest.raises(MalformedError):
            canonical_json.dumps(value)
        return
    data = canonical_json.dumps(value)
    assert canonical_json.loads(data) == value
    assert canonical_json.dumps(canonical_json.loads(data)) == data


@given(st.dictionaries(KEYS, TEXTS, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, str], random: Any) -> None:
    items = list(value.items())
    random.shuffle(items)
    assert canonical_json.dumps(dict(items)) == canonical_json.dumps(value)


@given(VALUES, st.sampled_from([2, "\t"]))
def test_any_other_spelling_of_the_same_is_refused(value: Any, indent: Any) -> None:
    other = json.dumps(value, indent=indent, ensure_ascii=True).encode()
    try:
        same = other == canonical_json.dumps(value)
    except MalformedError:
        return
    if not same:
        with pytest.raises(MalformedError):
            canonical_json.loads(other)


LITERALS = st.sampled_from(
    [
        *"0 -0 01 1.5 1e3 NaN -Infinity 9007199254740991 9007199254740992".split(),
        *'"a" "\\u00e9" "\\/" "é" "e\u0301" true null [] {}'.split(),
    ]
)
JSON_TEXTS = st.recursive(
    LITERALS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda several: f"[{','.join(several)}]")
        | st.lists(st.tuples(st.sampled_from(["a", "b", "é"]), inner), max_size=3).map(
            lambda pairs: "{" + ",".join(f'"{key}":{value}' for key, value in pairs) + "}"
        )
    ),
    max_leaves=8,
)


@given(JSON_TEXTS, st.integers(0, 9), st.sampled_from(["", " ", "x"]))
def test_bytes_are_read_where_writing_them_again_gives_the_same(
    text: str, nested: int, after: str
) -> None:
    data = f"{'[' * nested}{text}{']' * nested}{after}".encode()
    try:
        value, _ = json.JSONDecoder().raw_decode(data.decode())
        same = canonical_json.dumps(value) == data
    except (ValueError, MalformedError):
        same = False
    if same:
        assert canonical_json.loads(data) == value
    else:
        with pytest.raises(MalformedError):
            canonical_json.loads(data)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"A": 1, "a": 2, "1": 3}, b'{"1":3,"A":1,"a":2}'),
        ("\u00e9\u20ac\U0001f600", b'"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"'),
        ('\x08\t\n\x0c\r"\\/\x01\x7f', b'"\\b\\t\\n\\f\\r\\"\\\\/\\u0001\x7f"'),
        (-0, b"0"),
        (MAX_WHOLE_NUMBER, b"9007199254740991"),
    ],
)
def test_golden_bytes(value: Any, data: bytes) -> None:
    assert canonical_json.dumps(value) == data


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        MAX_WHOLE_NUMBER + 1,
        -MAX_WHOLE_NUMBER - 1,
        "e\u0301",
        "\ud800",
        {"\u00e9": 1},
        {1: 2},
        b"bytes",
        {"a": {"set"}},
    ],
)
def test_what_has_no_one_form_is_not_written(value: Any) -> None:
    with pytest.raises(MalformedError):
        canonical_json.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b" 1",
        b"1\n",
        b"-0",
        b"01",
        b'"\\u00e9"',
        b'"e\xcc\x81"',
        b'"\\/"',
        b'"\\ud800"',
        b"9007199254740992",
        b"[" * 100_000,
        b"[" * 9 + b"]" * 9 + b"x",
    ],
)
def test_bytes_in_another_form_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        canonical_json.loads(data)


def test_nesting_has_a_limit() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert canonical_json.loads(canonical_json.dumps(value)) == value
    with pytest.raises(MalformedError, match="deeply"):
        canonical_json.dumps([value])
