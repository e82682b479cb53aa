"""Bundles that open and are yet wrong inside, each refused with its own reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.bundle.errors import (
    BundleError,
    ForgedError,
    MalformedBundleError,
    NewerBundleError,
    OtherTeamError,
    PassedOnError,
    TooLargeError,
    UnknownDeviceError,
)
from storage.bundle.manifest import Item
from storage.bundle.verify import Checked, verify
from storage.crypto.signing import SEGMENT, sign, signature_line
from storage.exchange.export import export
from storage.ops import canonical_json
from storage.ops.op import OpId
from storage.trust.identity import Identity
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft, lines_of, remanifest, reseal

Lines = list[bytes]


def exported(desk: Desk) -> tuple[Path, Lines]:
    path = export(desk.ada, desk.stick).path
    return path, lines_of(path, desk.central.identity)


def put_back(desk: Desk, path: Path, lines: Lines, *, pad: bool = True) -> Checked:
    reseal(path, lines, desk.roster.central.recipients[0], pad=pad)
    return verify(path, desk.central.trust())


def test_untouched_lines_sealed_again_are_accepted(shared: Desk) -> None:
    path, lines = exported(shared)
    assert put_back(shared, path, lines).manifest.ops == 4


MANIFESTS: list[tuple[str, Callable[[dict[str, Any]], Any], type[BundleError]]] = [
    ("fmt", lambda m: m.update(fmt="fieldkit/2"), NewerBundleError),
    ("reader", lambda m: m.update(min_reader=2), NewerBundleError),
    ("critical", lambda m: m.update(critical=["compression"]), NewerBundleError),
    ("team", lambda m: m.update(team="another"), OtherTeamError),
    ("audience", lambda m: m.update(audience=["0" * 32]), PassedOnError),
    ("sender", lambda m: m.update({"from": "0123456789abcdef"}), UnknownDeviceError),
    ("not text", lambda m: m.update(team=5), MalformedBundleError),
    ("no items", lambda m: m.pop("items"), MalformedBundleError),
    ("fewer", lambda m: m["items"].pop(), MalformedBundleError),
    ("extent", lambda m: m["items"][-1].update(to=3), MalformedBundleError),
    ("many", lambda m: m["items"][-1].update(to=10**9, lines=10**9 + 2), TooLargeError),
    ("feed", lambda m: m["items"][-1].update(feed="x/1/main"), MalformedBundleError),
    ("head", lambda m: m["items"][-1].update(head="0" * 64), MalformedBundleError),
    ("escape", lambda m: m.update(created="\x1b[2J"), MalformedBundleError),
]


@pytest.mark.parametrize(("change", "expected"), [one[1:] for one in MANIFESTS])
def test_manifests_that_are_refused(
    shared: Desk, change: Callable[[dict[str, Any]], Any], expected: type[BundleError]
) -> None:
    path, lines = exported(shared)
    with pytest.raises(expected):
        put_back(shared, path, remanifest(lines, shared.ada, change))


def test_a_manifest_that_another_key_signed(shared: Desk) -> None:
    path, lines = exported(shared)
    with shared.team.laptop("ben") as ben:
        signed_by_ben = remanifest(lines, ben, lambda m: None)
    with pytest.raises(ForgedError, match="another key signed it"):
        put_back(shared, path, signed_by_ben)
    with pytest.raises(ForgedError, match="does not fit"):
        put_back(shared, path, [lines[0].replace(b'"roster":2', b'"roster":3'), *lines[1:]])


def test_an_unknown_kind_of_item_is_passed_over(shared: Desk) -> None:
    path, lines = exported(shared)
    more = [*lines[:-1], b'{"t":"attachment"}', b"anything", lines[-1]]
    item = {"kind": "attachment", "lines": 2, "sha256": ""}
    checked = put_back(
        shared, path, remanifest(more, shared.ada, lambda m: m["items"].append(item))
    )
    assert checked.manifest.items[-1] == Item("attachment", 2)


def test_ops_swapped_dropped_or_changed(shared: Desk) -> None:
    path, lines = exported(shared)
    first = next(n for n, line in enumerate(lines) if line.startswith(b'{"base"'))
    swapped = [*lines]
    swapped[first], swapped[first + 1] = lines[first + 1], lines[first]
    with pytest.raises(ForgedError, match="says that it is"):
        put_back(shared, path, swapped)
    changed = [*lines]
    changed[first] = lines[first].replace(b"2018", b"2024")
    with pytest.raises(ForgedError, match="do not chain"):
        put_back(shared, path, changed)
    with pytest.raises(BundleError):
        put_back(shared, path, lines[:first] + lines[first + 1 :])


def test_a_segment_that_another_laptop_signed(shared: Desk) -> None:
    path, lines = exported(shared)
    said = canonical_json.loads(lines[-2])
    assert said["t"] == "sig"
    with shared.team.laptop("ben") as ben:
        segment = canonical_json.loads(next(one for one in lines if one.startswith(b'{"feed"')))
        body = canonical_json.dumps(
            {"feed": segment["feed"], "head": segment["head"], "seq": segment["to"]}
        )
        forged = signature_line(ben.identity.public, sign(ben.identity.signing, SEGMENT, body))
    with pytest.raises(ForgedError, match="signed by another key"):
        put_back(shared, path, [*lines[:-2], forged, lines[-1]])
    wrong = signature_line(shared.ada.identity.public, bytes.fromhex(said["sig"])[::-1])
    with pytest.raises(ForgedError, match="does not fit"):
        put_back(shared, path, [*lines[:-2], wrong, lines[-1]])


def test_padding_is_exactly_what_it_must_be(shared: Desk) -> None:
    path, lines = exported(shared)
    with pytest.raises(MalformedBundleError, match="not padded"):
        put_back(shared, path, lines, pad=False)
    with pytest.raises(MalformedBundleError, match="follows its end"):
        put_back(shared, path, [*lines, b"smuggled"])
    with pytest.raises(MalformedBundleError, match="more follows"):
        put_back(shared, path, lines[:-1])


def test_the_content_of_a_smaller_limit(shared: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lines = exported(shared)
    monkeypatch.setattr("storage.bundle.stream.MAX_CONTROL_BYTES", 200)
    with pytest.raises(TooLargeError, match="longer than"):
        put_back(shared, path, lines)


def test_a_laptop_nobody_enrolled(shared: Desk) -> None:
    from storage.trust.identity import new_facts

    stranger = Identity(new_facts("x", "Mallory"))
    own, shared.ada.identity = shared.ada.identity, stranger
    try:
        path = craft(shared.ada, shared.roster, shared.stick, [an_op(shared.ada, 1)])
    finally:
        shared.ada.identity = own
    with pytest.raises(ForgedError, match="another key signed it"):
        verify(path, shared.central.trust())


OPS: list[tuple[str, dict[str, Any], type[BundleError]]] = [
    ("another's name", {"who": "someone"}, ForgedError),
    ("another place", {"id": OpId("0123456789abcdef", 1, "main", 1)}, ForgedError),
    ("number for text", {"fields": {"text": 5}}, MalformedBundleError),
    ("text for a list", {"fields": {"criteria": "x"}}, MalformedBundleError),
    ("numbers in a list", {"fields": {"criteria": [1]}}, MalformedBundleError),
    ("number for a truth", {"fields": {"finalised": 1}}, MalformedBundleError),
    ("a list for a tombstone", {"fields": {".deleted": []}}, MalformedBundleError),
    ("an escape sequence", {"fields": {"text": "\x1b]0;x\x07"}}, MalformedBundleError),
    ("an escape in the reason", {"reason": "\x1b[1m"}, MalformedBundleError),
    ("a key in the main feed", {"record": ("case_key", "k")}, MalformedBundleError),
    ("a long id", {"record": ("note", "x" * 300)}, MalformedBundleError),
    ("a bad stamp", {"hlc": "yesterday"}, MalformedBundleError),
    ("a long text", {"fields": {"text": "x" * 300_000}}, MalformedBundleError),
]


@pytest.mark.parametrize(("over", "expected"), [one[1:] for one in OPS])
def test_ops_that_are_refused(
    shared: Desk, over: dict[str, Any], expected: type[BundleError]
) -> None:
    path = craft(shared.ada, shared.roster, shared.stick, [an_op(shared.ada, 1, **over)])
    with pytest.raises(expected):
        verify(path, shared.central.trust())
    (one,) = shared.central.ingest([path]).files
    assert one.outcome == "refused"
    assert one.sender == shared.ada.author.device
    assert shared.ops() == 0


def test_bytes_that_are_no_op(shared: Desk) -> None:
    for data in (b"{}", b"[]", b"hello", b'{"v":1, "id":[]}', b"[" * 1000, b'{"v":NaN}'):
        path = craft(shared.ada, shared.roster, shared.stick, [data])
        with pytest.raises(MalformedBundleError):
            verify(path, shared.central.trust())


def test_a_roster_that_travels_along_came_whole(shared: Desk) -> None:
    """Also one that is not newer, of which nothing would be used."""
    path, lines = exported(shared)
    place = next(n for n, one in enumerate(lines) if b'"t":"roster"' in one) + 1
    said = canonical_json.loads(lines[place])
    spoiled = canonical_json.dumps(
        said | {"sig": said["sig"][:-1] + ("0" if said["sig"][-1] != "0" else "1")}
    )
    with pytest.raises(ForgedError, match="came with this bundle"):
        put_back(shared, path, [*lines[:place], spoiled, *lines[place + 1 :]])
