"""The table of renames: read strictly, empty today, and applied to every op that is read."""

from __future__ import annotations

import pytest

from storage.database.tables import SCHEMA
from storage.ops import op as ops
from storage.ops import upcast
from storage.ops.op import MAIN, Op, OpId, decode
from storage.ops.upcast import Renames, UpcastError, load
from storage.records.registry import KINDS

KNOWN = {name: kind.field_names() for name, kind in KINDS.items()}

GOOD = """
[[kind]]
from = "jotting"
to = "note"
since = 2
[[field]]
kind = "note"
from = "body"
to = "text"
since = 2
"""


def test_the_table_that_ships_fits_this_version() -> None:
    shipped = load(upcast.shipped(), SCHEMA, KNOWN)
    assert shipped == ops.RENAMES
    assert SCHEMA == 1 and not shipped, "version 1 renamed nothing"


def test_a_good_table() -> None:
    found = load(GOOD, 2, KNOWN)
    assert found.kind("jotting") == "note" and found.kind("note") == "note"
    assert found.values("note", {"body": "x", "at": ""}) == {"text": "x", "at": ""}
    assert found.values("case", {"body": "x"}) == {"body": "x"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[kind]", "cannot be used"),
        ("[[verb]]\nfrom='a'\nto='b'\nsince=2", "neither"),
        ("[[kind]]\nfrom='a'\nto='note'", "other members"),
        ("[[kind]]\nfrom='a'\nto='note'\nsince=2\nwhy='x'", "other members"),
        ("kind = [1]", "other members"),
        ("[[kind]]\nfrom='A b'\nto='note'\nsince=2", "not a name"),
        ("[[kind]]\nfrom='a'\nto='note'\nsince=3", "none of the versions"),
        ("[[kind]]\nfrom='a'\nto='note'\nsince=1", "none of the versions"),
        ("[[kind]]\nfrom='a'\nto='note'\nsince=true", "none of the versions"),
        ("[[kind]]\nfrom='a'\nto='note'\nsince=2\n" * 2, "renamed twice"),
        (
            "[[kind]]\nfrom='a'\nto='b'\nsince=2\n[[kind]]\nfrom='b'\nto='note'\nsince=2",
            "called so",
        ),
        ("[[kind]]\nfrom='a'\nto='nothing'\nsince=2", "does not lead"),
        ("[[kind]]\nfrom='case'\nto='note'\nsince=2", "does not lead"),
        ("[[field]]\nkind='note'\nfrom='a'\nto='b'\nsince=2", "does not lead"),
        ("[[field]]\nkind='note'\nfrom='at'\nto='text'\nsince=2", "does not lead"),
        (
            "[[kind]]\nfrom='a'\nto='note'\nsince=2\n"
            "[[field]]\nkind='a'\nfrom='x'\nto='text'\nsince=2",
            "renamed itself",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UpcastError, match=reason):
        load(text, 2, KNOWN)


def test_ops_are_read_under_the_present_names(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Op(
        id=OpId("0" * 16, 1, MAIN, 1),
        hlc="000000000001-0000",
        wall="2026-07-06T09:30:00.000Z",
        who="x",
        op="create",
        record=("jotting", "r"),
        fields={"body": "words", "at": ""},
    )
    data = made.encode()
    assert decode(data).record == ("jotting", "r")
    monkeypatch.setattr(ops, "RENAMES", Renames({"jotting": "note"}, {"note": {"body": "text"}}))
    for trusted in (True, False):
        found = decode(data, trusted=trusted)
        assert found.record == ("note", "r")
        assert found.fields == {"text": "words", "at": ""}
