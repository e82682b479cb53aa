"""A file given to a command that takes another kind is called what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldkit.exchange.file_kinds import refuse_other
from fieldkit.service import RefusedError
from fieldkit.wording.labels import kinds, of_kind
from storage.bundle.errors import NotWrittenError
from storage.crypto.signing import ENROL, RECEIPT, ROSTER, Signed
from storage.exchange.export import refuse_missing

SAID = {
    "roster": "a roster, not",
    "receipt": "a receipt of central's, not",
    "request": "a laptop's request to be enrolled, not",
    "bundle": "a bundle, not",
}
TAKEN = {
    "roster": "“fieldkit enrol FILE”",
    "receipt": "“fieldkit receipt FILE”",
    "request": "central's administrator",
    "bundle": "“fieldkit merge FILE”",
}


def write(folder: Path, kind: str) -> Path:
    path = folder / f"{kind}.file"
    if kind == "bundle":
        path.write_bytes(b"age-encryption.org/v1\n-> X25519 ...")
        return path
    purpose = {"roster": ROSTER, "receipt": RECEIPT, "request": ENROL}[kind]
    path.write_bytes(Signed.make(Ed25519PrivateKey.generate(), purpose, {"t": kind}).encode())
    return path


@pytest.mark.parametrize("wanted", ["bundle", "roster", "receipt"])
@pytest.mark.parametrize("kind", ["bundle", "roster", "receipt", "request"])
def test_it_says_what_it_is_and_what_takes_it(tmp_path: Path, kind: str, wanted: str) -> None:
    path = write(tmp_path, kind)
    if kind == wanted:
        refuse_other(path, wanted)
        return
    with pytest.raises(RefusedError) as refused:
        refuse_other(path, wanted)
    said = str(refused.value)
    assert SAID[kind] in said and TAKEN[kind] in said and "Nothing was changed." in said


@pytest.mark.parametrize("wanted", ["bundle", "roster", "receipt"])
@pytest.mark.parametrize("data", [b"", b"junk", b"{}\n{}\n", b"\xff" * 100, b"[1]\n"])
def test_junk_is_said_to_be_none(tmp_path: Path, data: bytes, wanted: str) -> None:
    path = tmp_path / "junk"
    path.write_bytes(data)
    with pytest.raises(RefusedError, match=r"junk is not a.*Nothing was changed\. (Look|Ask)"):
        refuse_other(path, wanted)


def test_a_folder_is_one_and_a_missing_file_is_left_to_its_reader(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is a folder"):
        refuse_other(tmp_path, "bundle")
    refuse_other(tmp_path / "none", "bundle")


def test_a_file_where_a_folder_is_wanted_is_called_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ada.req"
    path.write_bytes(b"")
    with pytest.raises(NotWrittenError, match=r"ada\.req is a file, not a folder"):
        refuse_missing(path)
    with pytest.raises(NotWrittenError, match="There is no folder"):
        refuse_missing(tmp_path / "none")


def test_kinds_are_counted_in_english() -> None:
    assert of_kind(1, "case") == "1 case"
    assert of_kind(4000, "case_key") == "4,000 case keys"
    assert kinds({"query": 2, "case": 34, "note": 0, "inspection": 5}) == (
        "2 queries, 34 cases, 5 inspections"
    )
