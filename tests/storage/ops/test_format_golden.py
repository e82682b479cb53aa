"""docs/format.md says what the code does, byte for byte."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.bundle import manifest
from storage.bundle.limits import padded_size
from storage.bundle.manifest import Item, Manifest, Segment, audience_id, signed_head
from storage.bundle.stream import END, Line, Walk
from storage.bundle.validate import check_redaction
from storage.crypto.fingerprint import fingerprint, keys_fingerprint
from storage.crypto.signing import MANIFEST, SEGMENT, Signed, sign, signature_line
from storage.ops import canonical_json
from storage.ops.fold import WRITES, fold
from storage.ops.op import VERBS, FeedId, Op, OpId, decode, digest, first_head, next_head
from storage.ops.redactions import REDACT, REDACTED_TEXT, entry_of
from storage.records import Record
from storage.records.case import case_id, case_key_id
from storage.records.judgment import judgment_id
from storage.records.model.base import NAMESPACE
from storage.records.point import support_id
from storage.records.registry import KINDS, fields_with
from storage.records.self_assessment import force_row_id
from storage.trust.identity import device_id, public_bytes
from storage.trust.receipt import Receipt, read_receipt
from storage.trust.receipt import document_digest as document_digest
from storage.trust.roster import Central, PlannedInspection, Roster
from storage.trust.roster_document import read_roster

PAGE = Path(__file__).parents[3] / "docs" / "format.md"

DEVICE, CENTRAL, ROOT = (
    Ed25519PrivateKey.from_private_bytes(letter * 32) for letter in (b"d", b"c", b"r")
)
LAPTOP = device_id(public_bytes(DEVICE))
FEED = FeedId(LAPTOP, 1, "main")
AT = "2026-07-06T09:30:00.000Z"
INSPECTION = "11111111-2222-4333-8444-555555555555"
CASE = case_id(INSPECTION, "WST-014")
TO = "age1gpy4qtde9j3rgtpljtdvt4k70jzakh04gpa9kjvkecul9mahaqnspp4r62"


def test_fields_that_are_decided_together_are_those_of_the_page() -> None:
    table = PAGE.read_text("utf-8").split("| kind | one answer |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    assert {
        kind: [tuple(re.findall(r"\w+", answer)) for answer in names.split(";")]
        for kind, names in rows
    } == {kind.KIND: list(kind.TOGETHER.values()) for kind in KINDS.values() if kind.TOGETHER}
    following = {name for kind in KINDS.values() for name in fields_with(kind, "following")}
    assert all(f"`{name}`" in PAGE.read_text("utf-8") for name in following)


def ops() -> list[Op]:
    first = Op(
        id=OpId(LAPTOP, 1, "main", 1),
        hlc="019f36c359c0-0000",
        wall=AT,
        who="0a1b2c3d4e5f",
        op="create",
        record=("judgment", judgment_id(CASE, "overall")),
        fields={
            "case_id": CASE,
            "criterion": "overall",
            "grade": "good",
            "inspection_id": INSPECTION,
            "state": "graded",
        },
        salt="00112233445566778899aabbccddeeff",
    )
    second = Op(
        id=OpId(LAPTOP, 1, "main", 2),
        hlc="019f36c359c0-0001",
        wall=AT,
        who="0a1b2c3d4e5f",
        op="set",
        record=first.record,
        fields={"grade": "requires improvement", "rationale": "Naïve “plan”\nno review"},
        base=(first.id,),
        reason="read again",
        salt="ffeeddccbbaa99887766554433221100",
    )
    return [first, second]


def a_redaction() -> Op:
    """The redaction of what the second op wrote, and of what stood there before."""
    second = ops()[1]
    left = entry_of(second, {"rationale": REDACTED_TEXT}, reason_gone=False)
    return Op(
        id=OpId(LAPTOP, 1, "main", 3),
        hlc="019f36c359c0-0002",
        wall=AT,
        who="0a1b2c3d4e5f",
        op=REDACT,
        record=second.record,
        fields={"field": "rationale", "entries": [left]},
        reason="a child was named",
        salt="0f0e0d0c0b0a09080706050403020100",
    )


def an_erasure() -> Op:
    """What an erasure writes."""
    return Op(
        id=OpId(LAPTOP, 1, "main", 4),
        hlc="019f36c359c0-0003",
        wall=AT,
        who="0a1b2c3d4e5f",
        op="erase",
        record=("erasure", "77777777-8888-4999-8aaa-bbbbbbbbbbbb"),
        fields={
            "inspection_id": INSPECTION,
            "at": AT,
            "covers": {str(FEED): 3},
            "counts": {"judgment": 1},
            "ops": 2,
            "receipt": document_digest(a_receipt()),
        },
        salt="f0e0d0c0b0a090807060504030201000",
    )


def chain() -> list[bytes]:
    heads = [first_head(FEED)]
    for op in ops():
        heads.append(next_head(heads[-1], digest(op.encode())))
    return heads


def a_roster() -> Signed:
    return Roster(
        org="Inspectorate",
        team="westshire",
        version=1,
        issued=AT,
        expires="2027-07-06T09:30:00.000Z",
        central=Central(public_bytes(CENTRAL), (TO,), "x25519"),
        methodology="2018",
        inspections=(PlannedInspection(INSPECTION, "Westshire", "2026-07-06", "2026-07-17"),),
    ).sign(ROOT)


def a_receipt() -> Signed:
    return Receipt(
        team="westshire",
        device=LAPTOP,
        roster=1,
        covers={FEED: (2, chain()[2])},
        at=AT,
        held={},
    ).sign(CENTRAL)


def a_bundle() -> list[bytes]:
    heads = chain()
    segment = Segment(FEED, 1, 2, heads[0], heads[2])
    roster = a_roster()
    said = Manifest(
        team="westshire",
        sender=LAPTOP,
        created=AT,
        roster=1,
        audience=(audience_id(TO),),
        items=(Item(manifest.ROSTER, 2, document_digest(roster)), segment),
        have={FEED: (2, heads[2])},
        bundle="99999999-8888-4777-8666-555555555555",
    ).encode()
    public = public_bytes(DEVICE)
    return [
        said,
        signature_line(public, sign(DEVICE, MANIFEST, said)),
        *roster.encode().splitlines(),
        segment.line(),
        *(one.encode() for one in ops()),
        signature_line(public, sign(DEVICE, SEGMENT, signed_head(FEED, 2, heads[2]))),
        END,
    ]


def names() -> str:
    row = force_row_id("ab" * 32, "Cases", 9)
    found = {
        f"case {INSPECTION} WST-014": CASE,
        f"case_key {CASE}": case_key_id(CASE),
        f"judgment {CASE} overall": judgment_id(CASE, "overall"),
        f"support {CASE} {INSPECTION}": support_id(CASE, INSPECTION),
        f"force_row {'ab' * 32} Cases 9": row,
    }
    return "\n".join(f"{name}\n  -> {made}" for name, made in found.items())


def chain_text() -> str:
    heads = chain()
    lines = {"feed": str(FEED), "head(0)": heads[0].hex()}
    for number, op in enumerate(ops(), 1):
        lines[f"digest {number}"] = digest(op.encode()).hex()
        lines[f"head({number})"] = heads[number].hex()
    return "\n".join(f"{name + ':':9} {value}" for name, value in lines.items())


def padding() -> str:
    sizes = (1, 4096, 4097, 5000, 20_000, 100_001, 1_000_000, 50_000_000)
    return "\n".join(f"{size} -> {padded_size(size)}" for size in sizes)


GOLDEN: dict[str, Callable[[], str]] = {
    "canonical": lambda: canonical_json.text(
        {"b": [1, -2, True, None, 'ü “q” / é "x" \\ \t\n'], "a": {"Z": "", "a": {}}}
    ),
    "device": lambda: f"public key: {public_bytes(DEVICE).hex()}\ndevice id:  {LAPTOP}",
    "names": names,
    "op-1": lambda: ops()[0].encode().decode(),
    "op-2": lambda: ops()[1].encode().decode(),
    "redact": lambda: a_redaction().encode().decode(),
    "erase": lambda: an_erasure().encode().decode(),
    "chain": chain_text,
    "signed-receipt": lambda: a_receipt().encode().decode().rstrip("\n"),
    "keys-fingerprint": lambda: central_words(),
    "fingerprint": lambda: f"{public_bytes(ROOT).hex()}\n{fingerprint(public_bytes(ROOT))}",
    "roster": lambda: a_roster().encode().decode().rstrip("\n"),
    "padding": padding,
    "bundle": lambda: b"\n".join(a_bundle()).decode(),
}


def central_words() -> str:
    central = read_roster(a_roster()).central
    words = keys_fingerprint(central.sign_pk, central.recipients)
    return "\n".join([central.sign_pk.hex(), *central.recipients, words])


def page() -> str:
    return PAGE.read_text("utf-8")


def blocks() -> dict[str, str]:
    return dict(re.findall(r"^```golden (\S+)\n(.*?)\n```$", page(), re.MULTILINE | re.DOTALL))


def type_of(annotation: Any) -> str:
    plain = get_origin(annotation) or annotation
    if plain is list:
        return f"list of {type_of(get_args(annotation)[0])}"
    return {str: "text", int: "number", bool: "true/false", dict: "object"}[plain]


def kind_row(kind: type[Record]) -> str:
    """A row of the page's table of kinds."""
    form = kind.form_class().model_fields
    fields = []
    for name in kind.field_names():
        default = kind.default(name)
        said = f" {canonical_json.text(default)}" if default not in ("", False, 0, [], {}) else ""
        star = "\\*" if form[name].is_required() else ""
        fields.append(f"`{name}`{star} {type_of(form[name].annotation)}{said}")
    return f"| `{kind.KIND}` | {kind.FEED} | {kind.MADE}, {kind.UNMADE} | {'; '.join(fields)} |"


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_golden_bytes(name: str) -> None:
    assert blocks()[name] == GOLDEN[name]()


def test_every_block_is_checked() -> None:
    assert blocks().keys() == GOLDEN.keys()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.KIND))
def test_kinds_of_record(kind: type[Record]) -> None:
    assert kind_row(kind) in page().splitlines()


def words_of(kind: type[Record], name: str) -> tuple[str, ...]:
    """The words that a field's own check takes, where it takes only certain ones."""
    metadata = kind.form_class().model_fields[name].metadata
    closures = [getattr(one.func, "__closure__", None) for one in metadata if hasattr(one, "func")]
    found: tuple[str, ...] = next((one[0].cell_contents for one in closures if one), ())
    return found


def test_the_words_of_fields_that_take_only_certain_ones() -> None:
    rows = [
        f"| `{kind.KIND}.{name}` | {', '.join(one or '(empty)' for one in words)} |"
        for kind in KINDS.values()
        for name in kind.field_names()
        if (words := words_of(kind, name))
    ]
    listed = page().split("| field | words |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
    assert listed == rows


def test_no_kind_is_missing_or_left_over() -> None:
    named = re.findall(r"^\| `(\w+)` \| (?:main|key) \|", page(), re.MULTILINE)
    assert named == [one.KIND for one in KINDS.values()]


def test_verbs_and_namespace() -> None:
    assert str(NAMESPACE) in page()
    text = page().split("## 6 ")[1].split("\n1. ")[0]
    listed = re.findall(r"`(\w+)`", text)
    assert listed[: len(VERBS)] == sorted(VERBS)
    assert listed[len(VERBS) :] == sorted(WRITES)


def test_the_page_can_be_read_back_without_the_code_that_wrote_it() -> None:
    found = blocks()
    lines = found["bundle"].encode().split(b"\n")
    plain = b"\n".join(lines) + b"\n"
    plain += b"\n" * (padded_size(len(plain)) - len(plain))
    walk = Walk([plain[:777], plain[777:]])
    seen = [event for event in walk.events() if isinstance(event, Line)]
    assert [event.data for event in seen] == [found["op-1"].encode(), found["op-2"].encode()]
    heads = re.findall(r"head\(\d\): +([0-9a-f]{64})", found["chain"])
    assert [event.head.hex() for event in seen] == heads[1:]
    folded = fold(decode(event.data or b"") for event in seen)
    assert folded.values["grade"] == "requires improvement"
    assert folded.values["criterion"] == "overall"
    assert not folded.conflicts
    roster = read_roster(Signed.read(found["roster"].encode() + b"\n"))
    assert fingerprint(roster.root) == found["fingerprint"].split("\n")[1]
    signed = Signed.read(found["signed-receipt"].encode() + b"\n")
    receipt = read_receipt(signed, roster.central.sign_pk)
    assert receipt.covers == {FEED: (2, bytes.fromhex(heads[2]))}


def test_a_redaction_takes_the_place_of_what_it_names() -> None:
    """The page's redaction, added to the page's first op, where the second is a stub by now."""
    found = blocks()
    check_redaction(decode(found["redact"].encode()).fields)
    folded = fold(decode(found[name].encode()) for name in ("redact", "op-1"))
    assert folded.values["rationale"] == "[redacted]"
    assert folded.values["grade"] == "requires improvement"
    assert [str(one.id) for one in folded.leaves["grade"]] == [f"{FEED}/2"]
    whole = fold(decode(found[name].encode()) for name in ("redact", "op-2", "op-1"))
    assert whole.values == folded.values


def test_the_arithmetic_of_the_page_by_hand() -> None:
    """The page's own words, followed with nothing but a hash function."""
    found = blocks()
    feed = str(FEED).encode()
    head = hashlib.sha256(b"fieldkit/feed/v1\n" + feed).digest()
    for name in ("op-1", "op-2"):
        head = hashlib.sha256(head + hashlib.sha256(found[name].encode()).digest()).digest()
    assert f"head(2):  {head.hex()}" in found["chain"]
    key, said = found["fingerprint"].split("\n")
    assert _words(b"fieldkit/fingerprint/v1\n" + bytes.fromhex(key)) == said
    *keys, said = found["keys-fingerprint"].split("\n")
    assert _words("\n".join(["fieldkit/fingerprint/v2", *keys]).encode()) == said


def _words(hashed: bytes) -> str:
    number = int.from_bytes(hashlib.sha256(hashed).digest(), "big")
    folder = Path(__file__).parents[3] / "storage" / "crypto" / "passphrase"
    words = sorted((folder / "eff_large.txt").read_text().split())
    said = []
    for _ in range(7):
        number, place = divmod(number, 7776)
        said.append(words[place])
    return " ".join(said)
