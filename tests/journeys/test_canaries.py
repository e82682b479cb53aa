"""Whatever is typed or imported is readable in no byte outside an unlocked vault."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import edit_case, set_audit
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.service import RefusedError
from storage.records.registry import KINDS
from storage.vault.vault import Vault
from tests.journeys.canaries import canary, files_in, forms, hunt, hunt_in
from tests.journeys.canary_names import (
    CLOSED,
    CLOSED_EVERYWHERE,
    DATED_REFERENCE,
    FORCE_ONLY,
    NOT_TAKEN,
    REASONS,
    SAME_IN_BOTH,
    SHORT_REFERENCE,
    is_open,
    key_words,
)
from tests.journeys.evening import Evening, lived, words

DATES = (DATED_REFERENCE.isoformat(" "), DATED_REFERENCE.isoformat())


PUT_ASIDE = ("draft", "discarded text")
"""The canary of a text that was put aside, which an export drops."""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """The day lived, exported twice, taken in by central and confirmed."""
    around = tmp_path_factory.mktemp("canaries")
    folder = around / "everything"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TMPDIR", "HOME", "FIELDKIT_HOME"):
            (folder / name).mkdir(parents=True)
            patch.setenv(name, str(folder / name))
        patch.setattr(tempfile, "tempdir", None)
        patch.chdir(folder / "HOME")
        yield lived(folder, around)


# --- every field of every record has a canary


def test_every_field_that_takes_text_is_given_a_canary(evening: Evening) -> None:
    missing = [
        f"{kind.KIND}.{name}"
        for kind in KINDS.values()
        for name in kind.field_names()
        if takes_text(kind.KIND, name)
        and is_open(kind.KIND, name)
        and canary(*SAME_IN_BOTH.get((kind.KIND, name), (kind.KIND, name)))
        not in evening.ops.get((kind.KIND, name), "")
    ]
    assert missing == [], "give these fields a canary in canary_day.py, or say why not"


def test_every_reason_stands_in_an_op(evening: Evening) -> None:
    assert [one for one in REASONS if canary("reason", one) not in evening.ops["reason",]] == []


def test_the_closed_fields_are_still_there() -> None:
    """A field that is gone, or that its form closes by itself, is no longer listed."""
    stale = {
        f"{kind}.{name}"
        for kind, names in CLOSED.items()
        for name in names
        if name not in KINDS[kind].field_names() or not takes_text(kind, name)
    }
    every = {name for kind in KINDS.values() for name in kind.field_names()}
    assert stale | (CLOSED_EVERYWHERE - every) == set()


def takes_text(kind: str, name: str) -> bool:
    """Whether the form of a record takes any word in a field."""
    form = KINDS[kind].form_class()
    word = canary(kind, name)
    shapes: tuple[Any, ...] = (word, [word], {"x": word}, [{"x": word}])
    for value in shapes:
        try:
            form.__pydantic_validator__.validate_assignment(form.model_construct(), name, value)
        except ValidationError:
            continue
        return True
    return False


WORD = canary("refused")
CHECKED: tuple[tuple[str, Callable[[Session, str, str], object]], ...] = (
    ("audit", lambda s, _, case: set_audit(s, case, voice_seen=WORD)),
    ("type", lambda s, _, case: edit_case(s, case, types=[WORD])),
    ("grade", lambda s, _, case: judging.grade(s, case, "investigation", WORD)),
    ("criterion", lambda s, _, case: judging.grade(s, case, WORD, "good")),
    ("force grade", lambda s, whole, _: judging.assess(s, whole, "leadership", WORD)),
    ("mode", lambda s, whole, _: add_interview(s, whole, role="r", mode=WORD)),
    ("group", lambda s, whole, _: add_interview(s, whole, role="r", source_group=WORD)),
    ("criteria", lambda s, _, case: add_note(s, "case", case, "t", criteria=[WORD])),
    ("point", lambda s, whole, _: points.add_point(s, whole, "w", "concern", WORD)),
)


@pytest.mark.parametrize(("what", "step"), CHECKED, ids=[one[0] for one in CHECKED])
def test_words_of_the_methodology_take_no_free_text(
    what: str,
    step: Callable[[Session, str, str], object],
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
) -> None:
    with pytest.raises(RefusedError):
        vault.write_now(step, inspection, cases["WST-001"])


# --- the hunt itself


def test_the_hunt_finds_every_form(evening: Evening, tmp_path: Path) -> None:
    """What the vault holds, written down readable in each way, is found in a file of a folder."""
    named = words(evening.typed - {PUT_ASIDE})
    text = evening.laptop.decode("utf-8", "replace")
    ways = {
        "UTF-8": text.encode(),
        "UTF-16LE": text.encode("utf-16-le"),
        "UTF-16BE": text.encode("utf-16-be"),
        "JSON": json.dumps(text).encode(),
    } | {f"base64 {offset}": base64.b64encode(b"x" * offset + text.encode()) for offset in range(3)}
    for way, data in ways.items():
        assert hunt(data, named.values()).keys() == set(named.values()), way
    planted = tmp_path / "deep" / "below.bin"
    planted.parent.mkdir()
    planted.write_bytes(b"\x00\xff" * 9999 + canary("draft", "text").encode("utf-16-be"))
    (tmp_path / canary("draft", "label")).touch()
    assert len(hunt_in([tmp_path], named)) == 2


def test_canaries_are_of_both_kinds(evening: Evening) -> None:
    ascii_only = sum(canary(*one).isascii() for one in evening.typed)
    assert 20 < ascii_only < len(evening.typed) - 20
    assert len({canary(*one) for one in evening.typed}) == len(evening.typed)
    assert all(len(forms(canary(*one))) >= 10 for one in evening.typed)


# --- nothing is readable outside


def test_each_canary_is_in_the_unlocked_vault(evening: Evening) -> None:
    named = words(evening.typed - {PUT_ASIDE})
    assert set(hunt(evening.laptop, named.values())) == set(named.values())
    assert not hunt(evening.laptop, [canary(*PUT_ASIDE)]), "the export drops what was put aside"
    aside = [canary("not taken", one) for one in NOT_TAKEN]
    assert not hunt(evening.laptop, aside), "what is not read was kept"


def test_no_canary_is_readable_while_the_vaults_are_open(evening: Evening) -> None:
    assert evening.wal > 0, "there was no write-ahead log to look through"
    assert evening.while_open == []


def test_no_canary_is_readable_after_the_lock(evening: Evening) -> None:
    folders = {one.name for one in evening.folder.iterdir()}
    assert {"vault", "central", "root", "request", "roster", "receipt", "TMPDIR"} <= folders
    names = {str(one.relative_to(evening.folder)) for one in files_in(evening.folder)}
    assert {"vault/vault.db", "vault/vault.keys", "vault/vault.keys.bak"} <= names
    assert any(one.startswith("central/quarantine/") for one in names)
    named = words(evening.typed) | words({("not taken", one) for one in NOT_TAKEN})
    assert hunt_in([evening.folder], named) == []


def test_no_secret_is_readable_anywhere(evening: Evening) -> None:
    assert len(evening.codes) == 10
    told = []
    for path in files_in(evening.folder):
        data = path.read_bytes()
        for name, secret in evening.codes.items():
            ways = (secret, secret.hex().encode(), secret.hex().upper().encode())
            if any(one in data for one in (*ways, base64.b64encode(secret).rstrip(b"="))):
                told.append(f"{name} in {path}")
    assert told == []
    for name in ("passphrase", "next passphrase", "recovery code 0", "vault key"):
        assert evening.codes[name] not in evening.laptop, f"the {name} is in the vault itself"


def test_nothing_is_left_in_the_temporary_folders_and_home(evening: Evening) -> None:
    for name in ("TMPDIR", "HOME", "FIELDKIT_HOME"):
        assert list((evening.folder / name).rglob("*")) == []


# --- what leaves for central


def test_central_gets_no_key_that_was_not_asked_for(evening: Evening) -> None:
    keys = key_words()
    assert len(keys) > len(FORCE_ONLY) + 4
    for data in (evening.bundles[0], evening.without):
        found = hunt(data, keys.values())
        assert [name for name, word in keys.items() if word in found] == []
        assert not any(one.encode() in data for one in DATES)
    assert set(hunt(evening.bundles[1], keys.values())) == set(keys.values())
    assert set(hunt(evening.with_key, keys.values())) == set(keys.values())
    assert DATES[0].encode() in evening.bundles[1]
    assert "“…” has no digit" in evening.ops["self_assessment", "problems"]
    assert str(SHORT_REFERENCE) in evening.ops["force_row_key", "reference"]
    assert str(SHORT_REFERENCE) not in evening.ops["self_assessment", "problems"]


def test_central_gets_everything_else_and_no_draft(evening: Evening) -> None:
    keys = set(key_words().values()) | {canary("list", "force_ref")}
    drafted = {canary(*one) for one in evening.typed if one[0] == "draft"}
    rest = {canary(*one) for one in evening.typed} - keys - drafted
    assert canary("self_assessment", "sheet") in rest
    for data in (evening.bundles[0], evening.without):
        assert set(hunt(data, rest)) == rest
    for data in (*evening.bundles, evening.with_key):
        assert not hunt(data, drafted)
