"""The bytes of an op are for ever; what is not exactly an op is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.ops.op import FeedId, Op, OpId, decode, digest, first_head, next_head, op_id

DEVICE = "0123456789abcdef"
FIRST = Op(
    id=OpId(DEVICE, 1, "main", 1),
    hlc="019fa8221ff0-0000",
    wall="2026-07-28T09:13:20.000Z",
    who="3f2a9c417b60",
    op="create",
    record=("case", "7d0b8f0e-3f3e-5c51-9a15-1f5e3d1f6a11"),
    fields={"reference": "WST-014", "types": ["domestic-abuse"], "withdrawn": False},
    salt="00112233445566778899aabbccddeeff",
)
SECOND = Op(
    id=OpId(DEVICE, 1, "main", 2),
    hlc="019fa8221ff0-0001",
    wall="2026-07-28T09:13:20.001Z",
    who="3f2a9c417b60",
    op="set",
    record=FIRST.record,
    fields={"child_label": "plentyn 1 – „Siân“"},
    base=(FIRST.id,),
    reason="as the file says",
    salt="ffeeddccbbaa99887766554433221100",
)
FIRST_BYTES = (
    b'{"base":[],"fields":{"reference":"WST-014","types":["domestic-abuse"],"withdrawn":false},'
    b'"hlc":"019fa8221ff0-0000","id":["0123456789abcdef",1,"main",1],"op":"create",'
    b'"record":["case","7d0b8f0e-3f3e-5c51-9a15-1f5e3d1f6a11"],'
    b'"salt":"00112233445566778899aabbccddeeff","v":1,"wall":"2026-07-28T09:13:20.000Z",'
    b'"who":"3f2a9c417b60"}'
)
SECOND_BYTES = (
    '{"base":["0123456789abcdef/1/main/1"],"fields":{"child_label":"plentyn 1 – „Siân“"},'
    '"hlc":"019fa8221ff0-0001","id":["0123456789abcdef",1,"main",2],"op":"set",'
    '"reason":"as the file says","record":["case","7d0b8f0e-3f3e-5c51-9a15-1f5e3d1f6a11"],'
    '"salt":"ffeeddccbbaa99887766554433221100","v":1,"wall":"2026-07-28T09:13:20.001Z",'
    '"who":"3f2a9c417b60"}'
).encode()
BOTH = [(FIRST, FIRST_BYTES), (SECOND, SECOND_BYTES)]


@pytest.mark.parametrize(("made", "data"), BOTH)
def test_golden_bytes(made: Op, data: bytes) -> None:
    assert made.encode() == data
    assert decode(data) == made
    assert decode(data, trusted=True) == made


def test_golden_chain() -> None:
    """By hashlib alone, so that another language can follow it from the format's description."""
    head = hashlib.sha256(b"fieldkit/feed/v1\n0123456789abcdef/1/main").digest()
    assert first_head(FIRST.id.feed) == head
    chained = head
    assert head.hex() == "72aefd98c2b0414c9700bdcb89d11dfdd687e354323d457925a311e7fe2e0e28"
    for made, data in BOTH:
        inner = hashlib.sha256(data).digest()
        assert digest(made.encode()) == inner
        head = hashlib.sha256(head + inner).digest()
        chained = next_head(chained, inner)
        assert chained == head
    assert head.hex() == "65a0be06bc1ddf6737e5d9d8337f541a155d7adefbfc98e3a3dd602cc626d9d1"


def test_every_op_has_salt_of_its_own() -> None:
    values = {name: getattr(FIRST, name) for name in ("id", "hlc", "wall", "who", "op", "record")}
    salts = {Op(**values, fields={}).salt for _ in range(50)}
    assert len(salts) == 50
    assert all(len(bytes.fromhex(one)) == 16 for one in salts)


def changed(**values: Any) -> bytes:
    """The first op's bytes with members changed; ``None`` takes one away."""
    made = canonical_json.loads(FIRST_BYTES) | values
    return canonical_json.dumps({name: value for name, value in made.items() if value is not None})


@pytest.mark.parametrize(
    "values",
    [
        {"v": 2},
        {"v": None},
        {"v": "1"},
        {"salt": None},
        {"salt": "00"},
        {"salt": "00112233445566778899AABBCCDDEEFF"},
        {"who": None},
        {"who": 7},
        {"extra": 1},
        {"reason": 1},
        {"record": ["case"]},
        {"record": ["case", 1]},
        {"record": "case"},
        {"fields": []},
        {"base": ["nonsense"]},
        {"base": [[DEVICE, 1, "main", 1]]},
        {"base": {}},
        {"hlc": "yesterday"},
        {"hlc": "019FA8221FF0-0000"},
        {"wall": 3},
        {"id": [DEVICE, 1, "main"]},
        {"id": [DEVICE, 1, "main", 0]},
        {"id": [DEVICE, 0, "main", 1]},
        {"id": [DEVICE, "01", "main", 1]},
        {"id": [DEVICE, -1, "main", 1]},
        {"id": [DEVICE, True, "main", 1]},
        {"id": [DEVICE, 1, "side", 1]},
        {"id": ["0123456789ABCDEF", 1, "main", 1]},
        {"id": f"{DEVICE}/1/main/1"},
    ],
)
def test_what_is_not_exactly_an_op_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        decode(changed(**values))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"1",
        FIRST_BYTES + b"\n",
        b" " + FIRST_BYTES,
        FIRST_BYTES.replace(b'"v":1', b'"v":1,"v":1'),
        FIRST_BYTES.replace(b'"v":1', b'"v":1.0'),
        FIRST_BYTES.replace(b"WST-014", b"WST\\u002d014"),
    ],
)
def test_bytes_in_any_other_form_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        decode(data)


def test_an_unknown_verb_is_read_for_a_later_fieldkit() -> None:
    assert decode(changed(op="transmogrify")).op == "transmogrify"


@pytest.mark.parametrize(
    "text",
    ["", "a/1/main/1", f"{DEVICE}/1/main", f"{DEVICE}/1/main/1/2", f"{DEVICE}/1/main/x",
     f"{DEVICE}/01/main/1", f"{DEVICE}/1/main/٣", f"{DEVICE}/1/other/1", f"{DEVICE}/1/main/0"],
)  # fmt: skip
def test_an_id_has_one_form(text: str) -> None:
    with pytest.raises(MalformedError):
        op_id(text)


def test_an_id_is_read_as_it_is_written() -> None:
    made = OpId(DEVICE, 3, "key", 12)
    assert op_id(str(made)) == made
    assert made.feed == FeedId(DEVICE, 3, "key")
    assert str(made.feed) == f"{DEVICE}/3/key"
    assert FeedId.parse(str(made.feed)) == made.feed and made.feed.at(12) == made


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 17, str(2**53), "0", "01", "\u0661", "-1"])
def test_numbers_of_an_op_are_bounded(number: str) -> None:
    largest = f"aaaa000000000000/{2**53 - 1}/main/{2**53 - 1}"
    assert str(op_id(largest)) == largest
    for text in (f"aaaa000000000000/{number}/main/1", f"aaaa000000000000/1/main/{number}"):
        with pytest.raises(MalformedError):
            op_id(text)
